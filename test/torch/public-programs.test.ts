/**
 * PyTorch's own example programs, and a GPT, written in TypeScript line by line as in Python beside them: every loss is
 * the same to the last bit.
 */
import { inProject } from '../../src/files/paths';
import { askPython } from '../python';
import { main as actorCritic } from './public-programs/actor-critic';
import { main as dcgan } from './public-programs/dcgan';
import { main as gpt } from './public-programs/gpt';
import { main as mnist } from './public-programs/mnist';
import { main as reinforce } from './public-programs/reinforce';
import { main as siameseNetwork } from './public-programs/siamese-network';
import { main as superResolution } from './public-programs/super-resolution';
import { main as timeSequencePrediction } from './public-programs/time-sequence-prediction';
import { main as vae } from './public-programs/vae';
import { main as wordLanguageModel } from './public-programs/word-language-model';

const programs: Record<string, () => Iterable<number>> = {
  mnist,
  dcgan,
  vae,
  word_language_model: wordLanguageModel,
  time_sequence_prediction: timeSequencePrediction,
  super_resolution: superResolution,
  siamese_network: siameseNetwork,
  reinforce,
  actor_critic: actorCritic,
  gpt,
};

const python: Record<string, number[]> = JSON.parse(
  askPython([inProject('test/torch/public-programs/all.py'), ...Object.keys(programs)], {
    framework: 'torch',
  }),
);

test.each(Object.entries(programs))('%s gives Python’s numbers', (name, main) => {
  const ours = [...main()];
  expect(ours.length).toBeGreaterThan(3);
  expect(ours).toEqual(python[name]);
});

import { type ChoosingRecord, mistakeNames, type StackRecord } from '../../src/experiments';

/** A made-up stack: `pace` seconds a chunk of ten steps after a slow first one. */
function stackOf(pace: number, lines: number, told: boolean): StackRecord {
  const mistakes = Object.keys(mistakeNames).map((name) => [
    name,
    { error: told ? `TypeError: no ${name}` : null, loss: told ? null : 2.5, early: false },
  ]);
  const round = (accuracies: readonly number[]) => ({
    startUp: 10 * pace,
    startMemory: 100,
    peakMemory: 1000 * pace,
    others: pace / 10,
    chunks: accuracies.map((accuracy, i) => ({ seconds: i === 0 ? 3 * pace : pace, accuracy })),
  });
  return {
    code: { lines, concepts: ['Linear', 'relu'] },
    mistakes: Object.fromEntries(mistakes),
    rounds: [round([0.5, 0.98]), round([0.5, 0.9, 0.97])],
  };
}

/** A made-up record in which PyTorch from Python is fastest and TensorFlow from Python shortest. */
export const madeUpChoosing = (): ChoosingRecord => ({
  profile: 'full',
  command: 'npm run experiment -- choosing --profile full',
  machine: '2 cores, made up',
  versions: { torch: '0.0.0' },
  data: { name: 'MNIST', sha256: '' },
  recordedAt: '2026-01-31T14:05:00.000Z',
  design: {
    rounds: 2,
    chunkSteps: 10,
    chunks: 3,
    leastChunks: 2,
    validationImages: 100,
    goal: 0.97,
    batchSize: 32,
    learningRate: 0.1,
  },
  epochSteps: 1000,
  stacks: {
    'pytorch-typescript': stackOf(0.5, 50, true),
    'pytorch-python': stackOf(0.4, 40, true),
    'tensorflow-typescript': stackOf(0.8, 35, false),
    'tensorflow-python': stackOf(0.6, 30, true),
  },
});

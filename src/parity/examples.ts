import { examples } from '../examples';
import { runPython, torchPython } from './python';
import type { Suite } from './suite';

interface Twin {
  readonly losses: readonly number[];
  readonly result: string;
}

/** The examples of src/examples and their Python twins: every loss, and the result of the training. */
export const exampleTwins: Suite = async ({ seed, steps = 50, log, only = '' }) => {
  const results = [];
  for (const [example, train] of Object.entries(examples)) {
    if (!example.includes(only)) continue;
    log(`${example}, ${steps} steps: Python …`);
    const call = [`--steps=${steps}`, `--seed=${seed}`];
    const python = await runPython<Twin>(`examples/${example}.py`, call, {
      python: torchPython(),
    });
    log('TypeScript …');
    const training = train({ steps, seed });
    let identical = 0;
    let step = await training.next();
    for (let i = 0; !step.done; i++, step = await training.next()) {
      if (Object.is(step.value, python.losses[i])) identical++;
    }
    const sameResult = step.value === python.result;
    results.push({
      suite: 'examples',
      ok: identical === steps && python.losses.length === steps && sameResult,
      example,
      steps,
      identical,
      sameResult,
    });
  }
  return results;
};

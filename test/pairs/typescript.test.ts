import { join } from 'node:path';
import { expectedCauses } from './expected';
import { closeWarm, compareWarm, proven } from './warm';

/** The thirteen pairs with one side, or both, in TypeScript. */
const python = (pair: string, name: string) => join(__dirname, 'programs', pair, `${name}.py`);
const typescript = (pair: string, name: string) =>
  join(__dirname, 'typescript', pair, `${name}.ts`);

afterAll(closeWarm);

describe.each([...expectedCauses])('%s', (pair, causes) => {
  test.each([
    ['PyTorch in TypeScript', python(pair, 'keras_model'), typescript(pair, 'torch_model')],
    ['TensorFlow.js', typescript(pair, 'keras_model'), python(pair, 'torch_model')],
    ['both in TypeScript', typescript(pair, 'torch_model'), typescript(pair, 'keras_model')],
  ])('%s: the causes of the table, and what was rebuilt is the same', async (_, left, right) => {
    const found = await compareWarm(left, right, { steps: 3 });
    expect(proven(found)).toEqual([...causes].sort());
    expect(found.remaining).toEqual([]);
    expect(found.notes.filter((note) => note.includes('TypeScript'))).not.toEqual([]);
  });
});

test('places are lines of the TypeScript programs', async () => {
  const [keras, torch] = ['keras_model', 'torch_model'].map((name) =>
    typescript('batch-norm-defaults', name),
  );
  const [cause] = (await compareWarm(keras!, torch!, { steps: 1 })).causes;
  expect(cause!.places).toEqual([
    expect.stringMatching(/keras_model\.ts:6$/),
    expect.stringMatching(/torch_model\.ts:\d+$/),
  ]);
});

import { join } from 'node:path';
import { closeWarm, compareWarm, proven } from './warm';

afterAll(closeWarm);

/** Models of public papers and guides, each written in both frameworks as their own projects arrange it. */
test.each([
  ['resnet', ['batch-norm-momentum', 'batch-norm-running-variance']],
  ['bilstm', ['adam-epsilon']],
  ['transformer', ['adam-epsilon', 'dropout-missing', 'dropout-rate', 'layer-norm-epsilon']],
])('%s is matched whole, copied, and equal after the changes named', async (name, causes) => {
  const folder = join(__dirname, 'models', name);
  const found = await compareWarm(join(folder, 'keras_model.py'), join(folder, 'torch_model.py'), {
    steps: 3,
  });
  expect(proven(found)).toEqual(causes);
  expect(found.remaining).toEqual([]);
  // All that has weights has its counterpart.
  const weights = found.match.filter((row) => row.weights.length > 0);
  const matched = new Set(weights.flatMap(({ left }) => left));
  expect(found.start.every(({ layer }) => matched.has(layer))).toBe(true);
  expect(found.unmatched.left.filter((layer) => !/softmax|sigmoid/.test(layer))).toEqual([]);
});

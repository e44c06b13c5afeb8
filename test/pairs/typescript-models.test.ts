import { join } from 'node:path';
import { closeWarm, compareWarm, proven } from './warm';

afterAll(closeWarm);

/** Models of other kinds than the thirteen pairs: attention, tied weights, skips, recurrence, models inside models. */
test.each([
  ['attention.ts', 'attention.py', []],
  ['attention.py', 'attention.ts', []],
  ['tied.ts', 'tied.py', []],
  ['unet.js', 'unet.py', []],
  ['bilstm.ts', 'bilstm.py', []],
  ['nested.ts', 'nested.py', ['hard-sigmoid-slope']],
])('%s and %s', async (left, right, causes) => {
  const at = (name: string) => join(__dirname, 'typescript-models', name);
  const found = await compareWarm(at(left), at(right), { steps: 2 });
  expect(found.remaining).toEqual([]);
  expect(proven(found)).toEqual(causes);
  expect(found.losses?.left).toHaveLength(2);
});

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expectedCauses as expected } from './expected';
import { closeWarm, compareWarm, proven } from './warm';

const folder = join(__dirname, 'programs');
afterAll(closeWarm);

test('the table and the folders have the same pairs', () => {
  const folders = readdirSync(folder, { withFileTypes: true });
  expect(folders.filter((entry) => entry.isDirectory()).map(({ name }) => name)).toEqual(
    [...expected.keys()].sort(),
  );
});

describe.each([...expected])('%s', (name, causes) => {
  const keras = join(folder, name, 'keras_model.py');
  const torch = join(folder, name, 'torch_model.py');

  test.each([
    ['Keras first', keras, torch],
    ['PyTorch first', torch, keras],
  ])('%s: exactly the causes of the table, and nothing is left', async (_, left, right) => {
    const found = await compareWarm(left, right);
    expect(proven(found)).toEqual([...causes].sort());
    expect(found.causes.filter((cause) => !cause.proven)).toEqual([]);
    expect(found.remaining).toEqual([]);
    expect(found.verdict).toBe(causes.length > 0 ? 'equal after changes' : 'equal');
  });
});

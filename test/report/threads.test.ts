import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixture, outputFolder } from './fixture';
import { runReport, textsIn } from './run-report';

const folder = outputFolder();

test('results are the same to the last bit, however many notebooks run at once', async () => {
  const copies = ['one', 'two', 'three'].map((name) => {
    const path = join(folder(), `${name}.ipynb`);
    copyFileSync(fixture('threads'), path);
    return path;
  });
  const alone = join(folder(), 'alone');
  const together = join(folder(), 'together');
  expect((await runReport('--output', alone, '--jobs', '1', copies[0]!)).code).toBe(0);
  expect((await runReport('--output', together, '--jobs', '3', ...copies)).code).toBe(0);
  const expected = textsIn(alone, 'one');
  expect(expected[1]).toMatch(/^\d+ -?\d/);
  for (const name of ['one', 'two', 'three']) expect(textsIn(together, name)).toEqual(expected);
});

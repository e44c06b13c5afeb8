import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { workloadNames } from '../../src/bench/workloads';
import { examples } from '../../src/examples';
import { suites } from '../../src/parity/cli';
import { instructionSets } from '../../src/parity/instruction-sets';
import { profiles } from '../../src/training/profiles';
import { bareCheckout, Run } from './checkout';

const folder = bareCheckout([]);

const helps = new Map<string, Promise<string>>();
const helpOf = (name: string): Promise<string> => {
  if (!helps.has(name)) helps.set(name, ask(name));
  return helps.get(name)!;
};
const ask = async (name: string): Promise<string> => {
  const run = new Run(folder, [`scripts/${name}.js`, '--help']);
  expect({ code: await run.ended, stderr: run.stderr }).toEqual({ code: 0, stderr: '' });
  return run.stdout;
};

test.each([
  ...['report', 'lab', 'kernel', 'compare', 'experiment', 'example', 'parity', 'bench', 'doctor'],
  ...['test', 'pack', 'generate', 'record'],
])('%s --help answers before anything is set up', async (name) => {
  expect(await helpOf(name)).toMatch(new RegExp(`^npm run ${name}( -- \\S.*)?\n\n[A-Z]`));
  expect(existsSync(join(folder, 'node_modules'))).toBe(false);
});

const notebooks = ['same-recipe', 'what-made-the-difference', 'choosing'];

test.each([
  ['bench', [...workloadNames, 'memory', 'headless', 'kernel']],
  ['example', Object.keys(examples)],
  ['experiment', [...notebooks, ...profiles]],
  ['parity', [...Object.keys(suites), ...Object.keys(instructionSets)]],
])('%s --help names what there is', async (name, names) => {
  const words = new Set((await helpOf(name)).match(/[\w-]+/g));
  expect(names.filter((one) => !words.has(one))).toEqual([]);
});

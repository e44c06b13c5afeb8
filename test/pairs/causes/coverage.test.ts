import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { activationCases } from './activations';
import { inputCases } from './inputs';
import { layerCases } from './layers';
import { lossCases } from './loss';
import { optimizerCases } from './optimizer';
import { recurrentCases } from './recurrent';

const cases = [
  ...activationCases,
  ...inputCases,
  ...layerCases,
  ...lossCases,
  ...optimizerCases,
  ...recurrentCases,
];
const table = readFileSync(join(__dirname, '../../../docs/pairs.md'), 'utf8')
  .split('## The causes')[1]!
  .split('\n\n`initialisation`')[0]!;
const names = [...table.matchAll(/^\| (.*?) \|/gm)].flatMap(([, cell]) =>
  [...cell!.matchAll(/`([\w-]+)`/g)].map(([, name]) => name!),
);

/** What comes with these whatever else is alike: no setting removes it. */
const companions: Readonly<Record<string, string>> = {
  'batch-norm-momentum': 'batch-norm-running-variance',
  'rmsprop-decay': 'rmsprop-epsilon',
  'rmsprop-centered': 'rmsprop-epsilon',
  'rmsprop-momentum': 'rmsprop-epsilon',
};

test.each(names)('%s: a case in which it is alone, and one in which it is absent', (name) => {
  const only = [name, companions[name]].filter(Boolean).sort().join();
  expect(cases.filter(({ causes }) => [...causes].sort().join() === only)).not.toEqual([]);
  expect(cases.filter(({ absent }) => absent?.includes(name))).not.toEqual([]);
});

import { UserError } from '../../command/errors';
import type { Suite } from '../suite';
import { compareCases, nameOf } from './comparison';
import { cases } from './index';

/** Modules, losses, optimizers and schedulers in both languages, each of several settings. */
export const nnSuite: Suite = async ({ seed, only, device, log }) => {
  const texts = only?.split(',') ?? [''];
  const chosen = cases.filter((of) => texts.some((text) => nameOf(of).includes(text)));
  if (chosen.length === 0)
    throw new UserError(`No case of the suite nn has '${only}' in its name.`);
  log(`nn: ${chosen.length} cases in Python and in TypeScript …`);
  const comparisons = await compareCases(chosen, seed, device);
  return (['layer', 'loss', 'optimizer', 'scheduler'] as const).flatMap((kind) => {
    const found = comparisons.filter((comparison) => comparison.kind === kind);
    if (found.length === 0) return [];
    const different = found.filter(({ difference }) => difference !== null);
    for (const { name, difference } of different) log(`${name}: ${difference}`);
    return [
      {
        suite: 'nn',
        ok: different.length === 0,
        kind,
        cases: found.length,
        identical: found.length - different.length,
        different: different.map(({ name, difference }) => ({ name, difference })),
      },
    ];
  });
};

import { percent, scientific, table } from '../format';
import { agreementOf, firstStepTolerance } from './agreement';
import type { SameRecipeRecord } from './record';
import type { SameRecipe } from './same-recipe';
import type { Compared, Departure } from './trace';

/** Losses that differ less than this, relatively, lie on each other in any picture. */
export const sameLoss = 1e-4;

const owners: Readonly<Record<string, string>> = {
  'tensorflow-article': 'TensorFlow’s recipe',
  'pytorch-article': 'PyTorch’s recipe',
};

/** A recipe as the text calls it. */
export const recipeName = ({ recipe }: Pick<SameRecipe, 'recipe'>): string =>
  owners[recipe.name] ?? recipe.name;

const whats: Readonly<Record<Compared, string>> = {
  activation: 'activations',
  gradient: 'gradients',
  weightGradient: 'gradients of the weights',
  weights: 'updated weights',
};

const place = ({ layer, what, difference }: Departure): string =>
  `\`${layer}\` in its ${whats[what]}, by ${difference.toFixed(0)} roundings`;

/** Do the curves differ? The answer in Markdown. */
export function answerOfSameRecipe({ runs, data }: SameRecipeRecord): string {
  const found = runs.map((run) => ({ name: recipeName(run), ...agreementOf(run) }));
  const same = found.every(({ lossAt100, lossAtEnd }) => (lossAt100 ?? lossAtEnd) <= sameLoss);
  const parts = found.map(
    ({ name, steps, loss, lossAt100, lossAtEnd }) =>
      `in ${steps} steps of ${name} by at most ${scientific(loss)} of the loss` +
      `${lossAt100 === undefined ? `, and by ${scientific(lossAtEnd)} at the last` : `, and by ${scientific(lossAt100)} at step 100`}`,
  );
  const verdict = same
    ? '**No. With everything equal, both frameworks draw the same curve.**'
    : '**Yes: the curves leave each other.**';
  return (
    `${verdict} From the same weights and on the same batches of ${data.name} their losses differ ` +
    `${parts.join('; ')}. A float32 can hold a loss to ${scientific(2 ** -24)} of itself.`
  );
}

/** What the layers say: whether the first step is the same, and how far the last has come. */
export function layersText(run: SameRecipe): string {
  const { first, last, departure, growth, steps } = agreementOf(run);
  const name = recipeName(run);
  const begin = departure
    ? `**At the first step already** a layer leaves the tolerance of ${firstStepTolerance} roundings: ${place(departure)}. So much is no rounding: something is computed differently.`
    : `At the first step no layer of ${name} leaves the tolerance of ${firstStepTolerance} roundings: the largest difference of any activation, gradient or weight is ${first.toFixed(0)}.`;
  if (departure) return begin;
  return growth
    ? `${begin} Then it grows. The first to leave it, at step ${growth.step}, is ${place(growth)}; at step ${steps} the largest difference is ${scientific(last)} roundings, or ${percent(last * 2 ** -23, 2)} of the largest element.`
    : `${begin} Nor does one later: at step ${steps} the largest difference is ${last.toFixed(0)}.`;
}

/** Each layer at one of the compared steps, by default the first, in units of rounding. */
export function layerTable(run: SameRecipe, step = run.compared[0]!.step): string {
  const { layers } = run.compared.find((compared) => compared.step === step)!;
  const cell = (value: number | null) => (value === null ? '' : value.toFixed(1));
  return table(
    ['layer', ...Object.values(whats)],
    layers.map((row) => [
      row.layer,
      ...(Object.keys(whats) as Compared[]).map((what) => cell(row[what])),
    ]),
  );
}

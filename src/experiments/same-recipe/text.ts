import { percent, scientific, table } from '../format';
import { agreementOf, tippingOf } from './agreement';
import type { SameRecipeRecord } from './record';
import type { SameRecipe } from './same-recipe';
import { type Compared, type Departure, firstStepTolerance, rounding } from './trace';

/** Losses with a smaller relative difference than this look the same in any figure. */
export const sameLoss = 0.01;

const owners: Readonly<Record<string, string>> = {
  'tensorflow-article': 'TensorFlow’s recipe',
  'pytorch-article': 'PyTorch’s recipe',
};

/** A recipe's name in text. */
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
  const same = found.every(({ loss }) => loss <= sameLoss);
  const parts = found.map(({ name, steps, loss, lossAt100 }) => {
    const at100 = lossAt100 === undefined ? '' : ` (at step 100 by ${scientific(lossAt100)})`;
    return `over ${steps} steps of ${name} by at most ${scientific(loss)} of the loss${at100}`;
  });
  const verdict = same
    ? '**No. With everything equal, both frameworks draw the same curve.**'
    : `**Yes: they differ by more than ${percent(sameLoss, 0)} of the loss.**`;
  return (
    `${verdict} From the same weights and on the same batches of ${data.name} their losses differ ` +
    `${parts.join(', and ')}. One rounding of a float32 is ${scientific(rounding)}.`
  );
}

const tips = (layer: string): string =>
  layer.startsWith('maxPool')
    ? 'among pixels that were equal except for rounding, each framework chose a different one as the largest, and sent the gradient there'
    : 'a unit that was zero except for rounding let the gradient pass in one framework and not in the other';

/** The layers' differences: at the first step, and at the last. */
export function layersText(run: SameRecipe): string {
  const { first, last, departure, growth, steps } = agreementOf(run);
  const name = recipeName(run);
  if (departure) {
    return `**At the very first step** a layer exceeds the tolerance of ${firstStepTolerance} roundings: ${place(departure)}. That is more than rounding: something is computed differently.`;
  }
  const begin = `At the first step of ${name} no layer exceeds the tolerance of ${firstStepTolerance} roundings: the largest difference of any activation, gradient or weight is ${first.toFixed(0)}.`;
  if (!growth) {
    const largest = Math.max(...Object.values(last));
    return `${begin} Nor does any later: at step ${steps} the largest is ${largest.toFixed(0)}.`;
  }
  const tipping = tippingOf(run);
  const how = tipping
    ? `In step ${tipping.step} the difference jumps, in \`${tipping.layer}\`: all activations still agree to ${tipping.activation.toFixed(0)} roundings, but ${tips(tipping.layer)}. From there it grows.`
    : `Then it grows: the first found beyond it, at step ${growth.step}, is ${place(growth)}.`;
  const share = (what: Compared) => {
    const value = last[what] * rounding;
    return value < 1e-3 ? scientific(value) : percent(value);
  };
  return `${begin} ${how} At step ${steps} the activations of a layer differ by at most ${share('activation')} of its largest, the weights by ${share('weights')}, and single gradients, where a choice changed, by ${share('gradient')}.`;
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

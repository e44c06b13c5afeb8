import type { SameRecipe } from './same-recipe';
import {
  type Compared,
  type Departure,
  firstDeparture,
  firstStepTolerance,
  rounding,
} from './trace';

/** The relative difference of the losses at each step. */
export const relativeLoss = ({ loss }: SameRecipe): number[] =>
  loss.pytorch.map((value, i) => Math.abs(value - loss.tensorflow[i]!) / Math.abs(value));

/** The largest difference of one kind at each compared step, over all layers, in units of rounding. */
export const largestByStep = (
  { compared }: SameRecipe,
  what: Compared,
): { step: number; difference: number }[] =>
  compared.map(({ step, layers }) => ({
    step,
    difference: Math.max(...layers.map((layer) => layer[what] ?? 0)),
  }));

/** A run's figures that show whether both frameworks did the same. */
export interface Agreement {
  readonly steps: number;
  /** Largest relative difference of the losses. */
  readonly loss: number;
  /** At step 100; undefined in a shorter run. */
  readonly lossAt100: number | undefined;
  /** At the last step. */
  readonly lossAtEnd: number;
  /** Largest difference at the first step over all layers and kinds, in units of rounding. */
  readonly first: number;
  /** And at the last compared step, by kind. */
  readonly last: Readonly<Record<Compared, number>>;
  /** The first difference beyond {@link firstStepTolerance} in the first step, where none has grown yet. */
  readonly departure: Departure | undefined;
  /** The same over all compared steps: where the growth first exceeds the tolerance. */
  readonly growth: Departure | undefined;
}

const kinds: readonly Compared[] = ['activation', 'gradient', 'weightGradient', 'weights'];

/** Sums up a run; see {@link Agreement}. */
export function agreementOf(run: SameRecipe): Agreement {
  const losses = relativeLoss(run);
  const byStep = kinds.map((what) => largestByStep(run, what));
  const growth = run.compared
    .map((step) => firstDeparture(step, firstStepTolerance))
    .find((departure) => departure);
  return {
    steps: losses.length,
    loss: Math.max(...losses),
    lossAt100: losses[99],
    lossAtEnd: losses.at(-1)!,
    first: Math.max(...byStep.map(([step]) => step!.difference)),
    last: Object.fromEntries(
      kinds.map((what, i) => [what, byStep[i]!.at(-1)!.difference]),
    ) as Agreement['last'],
    departure: firstDeparture(run.compared[0]!, firstStepTolerance),
    growth,
  };
}

/** Where a rounding changed a choice: the layer in whose backward pass a gradient first changed. */
export interface Tipping {
  readonly step: number;
  /** `maxPool2d 5`: which pixel was the largest; `relu 8`: which units were on. */
  readonly layer: string;
  /** Largest difference of any activation at that step, in units of rounding. */
  readonly activation: number;
  /** And of the gradient that came out of the layer, backwards. */
  readonly gradient: number;
}

/**
 * The step from which the difference grows by more than rounding. Undefined if no difference exceeds
 * the tolerance, or the first step that did was not compared.
 */
export function tippingOf({ compared }: SameRecipe): Tipping | undefined {
  for (const { step, layers } of compared) {
    const departure = firstDeparture({ step, layers }, firstStepTolerance);
    if (!departure) continue;
    if (departure.what !== 'gradient') return undefined;
    const before = layers.findIndex(({ layer }) => layer === departure.layer);
    const through = layers[before + 1];
    return (
      through && {
        step,
        layer: through.layer,
        activation: Math.max(...layers.map(({ activation }) => activation)),
        gradient: departure.difference,
      }
    );
  }
  return undefined;
}

/** The largest of one kind over all compared steps and layers, relative to the largest element. */
export const largest = (run: SameRecipe, what: Compared): number =>
  Math.max(...largestByStep(run, what).map(({ difference }) => difference)) * rounding;

import type { SameRecipe } from './same-recipe';
import { type Compared, type Departure, firstDeparture, rounding } from './trace';

/**
 * The largest difference at the first step that rounding explains, in units of it: sums of thousands
 * of products, added up in another order.
 */
export const firstStepTolerance = 100;

/** How far the losses were apart at each step, as a share of PyTorch's. */
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

/** What of a run says whether both frameworks did the same. */
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
  /** And at the last compared step. */
  readonly last: number;
  /** The first that leaves {@link firstStepTolerance} in the first step, where no difference has grown. */
  readonly departure: Departure | undefined;
  /** The same over all compared steps: where the growth first leaves the tolerance. */
  readonly growth: Departure | undefined;
}

const kinds: readonly Compared[] = ['activation', 'gradient', 'weightGradient', 'weights'];

/** Sums up a run; see {@link Agreement}. */
export function agreementOf(run: SameRecipe): Agreement {
  const losses = relativeLoss(run);
  const byStep = kinds.map((what) => largestByStep(run, what));
  const at = (index: number) => Math.max(...byStep.map((steps) => steps.at(index)!.difference));
  const growth = run.compared
    .map((step) => firstDeparture(step, firstStepTolerance))
    .find((departure) => departure);
  return {
    steps: losses.length,
    loss: Math.max(...losses),
    lossAt100: losses[99],
    lossAtEnd: losses.at(-1)!,
    first: at(0),
    last: at(-1),
    departure: firstDeparture(run.compared[0]!, firstStepTolerance),
    growth,
  };
}

/** The largest of one kind over all compared steps and layers, relative to the largest element. */
export const largest = (run: SameRecipe, what: Compared): number =>
  Math.max(...largestByStep(run, what).map(({ difference }) => difference)) * rounding;

import type { Framework } from '../../training/recipe';
import { type Estimate, type Factor, meanWithInterval, pairedEffectSize } from '../runs';
import type { ChangesRecord, Run, WalkRecord } from './record';

/** The measure on the test images: the accuracy, or the mean cross-entropy. */
export type Measure = 'accuracy' | 'loss';

/** A difference over the seeds: its mean and interval, and Cohen's d. */
export interface Effect extends Estimate {
  readonly size: number;
}

/** The runs of a recipe in a framework by the seeds of a walk, in their order. */
export const runsOf = (
  { runs }: Pick<ChangesRecord, 'runs'>,
  framework: Framework,
  recipe: number,
  seeds?: readonly number[],
): Run[] =>
  runs
    .filter((run) => run.framework === framework && run.recipe === recipe)
    .filter(({ seed }) => !seeds || seeds.includes(seed))
    .sort((a, b) => a.seed - b.seed);

const values = (runs: readonly Run[], measure: Measure) => runs.map(({ test }) => test[measure]);

/** Differences of runs with the same seed. */
function effect(before: readonly number[], after: readonly number[]): Effect {
  const differences = after.map((value, i) => value - before[i]!);
  return { ...meanWithInterval(differences), size: pairedEffectSize(differences) };
}

/** One change of a walk. */
export interface Change {
  readonly factor: Factor;
  /** Means over the seeds. */
  readonly before: Estimate;
  readonly after: Estimate;
  readonly effect: Effect;
}

/** The effect of each change of a walk in one framework. */
export function changesOf(
  record: ChangesRecord,
  walk: WalkRecord,
  framework: Framework,
  measure: Measure,
): Change[] {
  const columns = walk.recipes.map((recipe) =>
    values(runsOf(record, framework, recipe, walk.seeds), measure),
  );
  return walk.order.map((factor, i) => ({
    factor,
    before: meanWithInterval(columns[i]!),
    after: meanWithInterval(columns[i + 1]!),
    effect: effect(columns[i]!, columns[i + 1]!),
  }));
}

/** How far PyTorch is from TensorFlow (PyTorch − TensorFlow) at each recipe of the first walk. */
export function frameworkEffects(record: ChangesRecord, measure: Measure): Effect[] {
  const [walk] = record.walks;
  return walk!.recipes.map((recipe) =>
    effect(
      values(runsOf(record, 'tensorflow', recipe, walk!.seeds), measure),
      values(runsOf(record, 'pytorch', recipe, walk!.seeds), measure),
    ),
  );
}

/** The parts of the gap between the article's two models; they add up to the whole. */
export interface Explanation {
  /** TensorFlow's recipe in TensorFlow. */
  readonly from: Estimate;
  /** PyTorch's recipe in PyTorch. */
  readonly to: Estimate;
  /** From the first to the second. */
  readonly gap: Effect;
  /** Mean of both frameworks, largest first. */
  readonly changes: readonly { readonly factor: Factor; readonly part: number }[];
  /** The effect of changing the framework, averaged over before and after the other changes. */
  readonly framework: number;
}

/** Splits the gap into the effects of the changes and of the framework. */
export function explain(record: ChangesRecord, measure: Measure): Explanation {
  const [walk] = record.walks;
  const [first, last] = [walk!.recipes[0]!, walk!.recipes.at(-1)!];
  const start = values(runsOf(record, 'tensorflow', first, walk!.seeds), measure);
  const end = values(runsOf(record, 'pytorch', last, walk!.seeds), measure);
  const frameworks = frameworkEffects(record, measure);
  const [inTensorFlow, inPyTorch] = (['tensorflow', 'pytorch'] as const).map((framework) =>
    changesOf(record, walk!, framework, measure),
  );
  const changes = walk!.order.map((factor, i) => ({
    factor,
    part: (inTensorFlow![i]!.effect.mean + inPyTorch![i]!.effect.mean) / 2,
  }));
  return {
    from: meanWithInterval(start),
    to: meanWithInterval(end),
    gap: effect(start, end),
    changes: changes.sort((a, b) => Math.abs(b.part) - Math.abs(a.part)),
    framework: (frameworks[0]!.mean + frameworks.at(-1)!.mean) / 2,
  };
}

/** The effect of one choice in each order of the changes. */
export interface OrderEffect {
  readonly factor: Factor;
  /** By walk: its place in the order, from 1, and its effect there. */
  readonly at: readonly { readonly place: number; readonly effect: Effect }[];
}

/** Each choice in all orders, in the framework that ran all of them, over their common seeds. */
export function orderEffects(record: ChangesRecord, measure: Measure): OrderEffect[] {
  const seeds = record.walks
    .map((walk) => walk.seeds)
    .reduce((common, own) => common.filter((seed) => own.includes(seed)));
  const framework = record.walks.at(-1)!.frameworks[0]!;
  const walks = record.walks.map((walk) =>
    changesOf(record, { ...walk, seeds }, framework, measure),
  );
  return record.walks[0]!.order.map((factor) => ({
    factor,
    at: walks.map((changes) => {
      const place = changes.findIndex((change) => change.factor === factor);
      return { place: place + 1, effect: changes[place]!.effect };
    }),
  }));
}

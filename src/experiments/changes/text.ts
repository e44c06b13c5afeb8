import type { Framework, Recipe } from '../../training/recipe';
import { factorNames } from '../factor-names';
import { counted, list, percent, points, signed, table, withInterval } from '../format';
import { describe } from '../recipes';
import type { Cell, Factor } from '../runs';
import {
  changesOf,
  type Effect,
  explain,
  frameworkEffects,
  type Measure,
  orderEffects,
} from './effects';
import type { ChangesRecord, WalkRecord } from './record';
import { risesOf } from './rising';

const frameworkNames: Readonly<Record<Framework, string>> = {
  tensorflow: 'TensorFlow',
  pytorch: 'PyTorch',
};

/** A run, described in a progress line. */
export const describeRun = ({ framework, recipe, seed }: Cell): string => {
  const { imageSize, batchSize, hiddenUnits, epochs } = recipe;
  const hidden = hiddenUnits ? `, hidden ${hiddenUnits}` : '';
  const size = `${imageSize}×${imageSize}, batch ${batchSize}${hidden}`;
  return `${frameworkNames[framework]}, seed ${seed}, ${size}, ${counted(epochs, 'epoch')}`;
};

const show: Readonly<Record<Measure, (value: number) => string>> = {
  accuracy: (value) => points(value),
  loss: (value) => signed(value),
};

/** Whether an interval excludes zero; never true for a single run. */
const isSure = ({ low, high, count }: Effect) => count > 1 && (low > 0 || high < 0);

/** Images, epochs and seeds of the walks, in words. */
export function sizeText({ recipes, walks }: ChangesRecord): string {
  const [walk] = walks;
  const { trainImages, testImages, epochs, imageSize, learningRate } = recipes[walk!.recipes[0]!]!;
  const images = (count: number | null, split: string) =>
    count === null ? `all ${split} images` : counted(count, `${split} image`);
  return (
    `${images(trainImages, 'training')} from ${imageSize} × ${imageSize} pixels, ` +
    `${images(testImages, 'test')}, ${counted(epochs, 'epoch')}, learning rate ${learningRate}, ` +
    counted(walk!.seeds.length, 'seed')
  );
}

/** What made the difference? The answer in Markdown. */
export function answerOfChanges(record: ChangesRecord): string {
  const { from, to, gap, changes, framework } = explain(record, 'accuracy');
  const loss = explain(record, 'loss');
  const small = record.profile === 'full' ? '' : `At the small size of profile ${record.profile}, `;
  const ends =
    `${small}TensorFlow's recipe in TensorFlow gets ${percent(from.mean)} of the test images right, ` +
    `PyTorch's in PyTorch ${percent(to.mean)}: ${withInterval(gap, points)} points ` +
    (gap.count > 1 ? `(mean of ${counted(gap.count, 'seed')}, 95 % interval).` : '(one seed).');
  if (!isSure(gap)) {
    return `**At this size the difference between the two recipes is not significant.** ${ends}`;
  }
  const recipe = gap.mean - framework;
  const verdict = Math.abs(recipe) > Math.abs(framework) ? '**The recipe.**' : '**The framework.**';
  const [first, second] = changes;
  const named = (change: { factor: Factor; part: number }) =>
    `the ${factorNames[change.factor]} (${points(change.part)})`;
  const lossRecipe = (loss.gap.mean - loss.framework) / loss.gap.mean;
  return (
    `${verdict} ${ends} The ${changes.length} changes of the recipe make ` +
    `**${percent(recipe / gap.mean)}** of this gap, the change of the framework ` +
    `**${percent(framework / gap.mean)}**. The largest are ${named(first!)} and ${named(second!)}. ` +
    `Of the gap in the test loss (${withInterval(loss.gap, show.loss)}) the recipe makes ${percent(lossRecipe)}.`
  );
}

const cell = (effect: Effect, measure: Measure): string => withInterval(effect, show[measure]);

const sizeOf = ({ size }: Effect): string => (Number.isFinite(size) ? signed(size, 1) : '–');

const levels = (recipes: readonly Recipe[], walk: WalkRecord, i: number): string => {
  const factor = walk.order[i]!;
  const [before, after] = [walk.recipes[i]!, walk.recipes[i + 1]!].map((at) => recipes[at]!);
  return `${describe(before![factor])} → ${describe(after![factor])}`;
};

/** Each change in both frameworks: its effect with the interval, Cohen's d, and its part of the gap. */
export function changesTable(record: ChangesRecord, measure: Measure): string {
  const [walk] = record.walks;
  const { gap, changes, framework } = explain(record, measure);
  const [inTensorFlow, inPyTorch] = (['tensorflow', 'pytorch'] as const).map((name) =>
    changesOf(record, walk!, name, measure),
  );
  // Parts of a gap that may not exist mean nothing.
  const share = (part: number) => (isSure(gap) ? percent(part / gap.mean) : '–');
  const rows = walk!.order.map((factor, i) => {
    const [left, right] = [inTensorFlow![i]!.effect, inPyTorch![i]!.effect];
    const part = changes.find((change) => change.factor === factor)!.part;
    return [
      factorNames[factor],
      levels(record.recipes, walk!, i),
      cell(left, measure),
      sizeOf(left),
      cell(right, measure),
      sizeOf(right),
      share(part),
    ];
  });
  const ends = frameworkEffects(record, measure);
  const rest = [
    '**framework**',
    'TensorFlow → PyTorch',
    `first recipe ${cell(ends[0]!, measure)}`,
    sizeOf(ends[0]!),
    `last recipe ${cell(ends.at(-1)!, measure)}`,
    sizeOf(ends.at(-1)!),
    share(framework),
  ];
  const unit = measure === 'accuracy' ? 'points' : 'nats';
  return table(
    ['change', 'from → to', `TensorFlow (${unit})`, 'd', `PyTorch (${unit})`, 'd', 'of the gap'],
    [...rows, rest],
    2,
  );
}

/** The framework's effect with the same recipe. */
export function frameworkText(record: ChangesRecord, measure: Measure = 'accuracy'): string {
  const effects = frameworkEffects(record, measure);
  const [walk] = record.walks;
  const largest = effects.reduce((a, b) => (Math.abs(b.mean) > Math.abs(a.mean) ? b : a));
  const at = effects.indexOf(largest);
  const where =
    at === 0
      ? 'TensorFlow’s recipe'
      : `the recipe after the change of ${factorNames[walk!.order[at - 1]!]}`;
  const sure = effects.filter(isSure).length;
  const unit = measure === 'accuracy' ? 'points' : 'nats of test loss';
  return (
    `Trained by the same recipe, the two frameworks are furthest apart at ${where}: ` +
    `${cell(largest, measure)} ${unit} (PyTorch − TensorFlow). In ${sure} of the ` +
    `${effects.length} recipes the interval excludes zero. That is weaker than it looks: the recipes ` +
    'share their seeds, so that the same random start affects all of them, and of so many 95 % intervals ' +
    'one in twenty excludes zero by chance. Each framework draws its own random numbers here; from the same start they agree, as the ' +
    'previous notebook shows.'
  );
}

/** Whether the order of the changes matters. */
export function orderText(record: ChangesRecord, measure: Measure = 'accuracy'): string {
  const found = orderEffects(record, measure).map(({ factor, at }) => {
    const means = at.map(({ effect }) => effect.mean);
    const [low, high] = [Math.min(...means), Math.max(...means)];
    return { factor, low, high, spread: high - low, turns: low < 0 && high > 0 };
  });
  const [most, next] = [...found].sort((a, b) => b.spread - a.spread);
  const range = ({ factor, low, high }: (typeof found)[number]) =>
    `the ${factorNames[factor]} (from ${show[measure](low)} to ${show[measure](high)})`;
  const turning = found.filter(({ turns }) => turns).map(({ factor }) => factorNames[factor]);
  const unit = measure === 'accuracy' ? 'points' : 'nats';
  const largest = record.walks.map((_, i) => {
    const effects = orderEffects(record, measure).map(({ factor, at }) => ({
      factor,
      part: Math.abs(at[i]!.effect.mean),
    }));
    return effects.reduce((a, b) => (b.part > a.part ? b : a)).factor;
  });
  const leader = new Set(largest).size === 1;
  return (
    `Over ${counted(record.walks.length, 'order')} the effects move most for ${range(most!)} and ` +
    `${range(next!)}, in ${unit}. ` +
    (leader
      ? `In every order the largest is the ${factorNames[largest[0]!]}. `
      : `Which is the largest depends on the order: ${list([...new Set(largest)].map((factor) => factorNames[factor]))}. `) +
    (turning.length > 0
      ? `The sign depends on the order for ${list(turning)}.`
      : 'No effect changes its sign.')
  );
}

/** Does the validation loss rise after the third epoch? */
export function risingText(record: ChangesRecord): string {
  const { article, long } = risesOf(record);
  const longRecipe = record.recipes[record.long]!;
  const lines: string[] = [];
  if (!article && !long) return 'No run of this size has a fourth epoch: the claim is not tested.';
  if (article) {
    lines.push(
      `In **${article.rising} of ${counted(article.runs, 'run')}** of TensorFlow's recipe (both frameworks) the validation loss is at any later epoch above the third's; the last is ${withInterval(article.last, (value) => signed(value, 4))} from it.`,
    );
  }
  if (long) {
    lines.push(
      `Trained on ${long.epochs} epochs of ${counted(longRecipe.trainImages ?? 0, 'image')} in TensorFlow, it rises above the third's in **${long.rising} of ${counted(long.runs, 'run')}**; it is lowest in epoch ${list(long.lowest.map(String))}, and ends at ${long.overLowest.toFixed(2)} times its lowest.`,
    );
  }
  return lines.join(' ');
}

/** The orders in which the choices were changed, as a list, and how often each was run. */
export function ordersText({ walks }: ChangesRecord): string {
  const lines = walks.map(({ order, frameworks, seeds }) => {
    const who = frameworks.map((framework) => frameworkNames[framework]).join(' and ');
    return `1. ${order.map((factor) => factorNames[factor]).join(', ')} (${who}, ${counted(seeds.length, 'seed')})`;
  });
  return `The orders:\n\n${lines.join('\n')}`;
}

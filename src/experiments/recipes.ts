import type { Recipe } from '../training/recipe';
import { counted } from './format';
import type { Factor } from './runs';

/** One choice in which two recipes differ. */
export interface Difference {
  readonly field: Factor;
  readonly left: string;
  readonly right: string;
}

/** A choice in words: `none`, `yes`, `mean 0.1307, std 0.3081`. */
export function describe(value: unknown): string {
  if (value === null) return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value !== 'object') return String(value);
  return Object.entries(value)
    .map(([name, part]) => `${name} ${part}`)
    .join(', ');
}

/** The fields whose values differ, in the recipe's order; the name and the amount of data don't count. */
export function recipeDifferences(left: Recipe, right: Recipe): Difference[] {
  const fields = Object.keys(left) as (keyof Recipe)[];
  return fields
    .filter((field): field is Factor => !['name', 'trainImages', 'testImages'].includes(field))
    .map((field) => ({ field, left: describe(left[field]), right: describe(right[field]) }))
    .filter((row) => row.left !== row.right);
}

/** How many weights and biases a recipe's model has. */
export function weightCount({ imageSize, pooling, hiddenUnits }: Recipe): number {
  const layer = (inputs: number, outputs: number) => (inputs + 1) * outputs;
  const features = 64 * Math.floor((imageSize - 4) / pooling) ** 2;
  const dense = hiddenUnits
    ? layer(features, hiddenUnits) + layer(hiddenUnits, 10)
    : layer(features, 10);
  return layer(9, 32) + layer(9 * 32, 64) + dense;
}

/** Batches in an epoch, by the number of images before the split. */
const stepsPerEpoch = ({ batchSize, validation }: Recipe, images: number): number =>
  Math.ceil((validation === 'test' ? images : images * (1 - validation.split)) / batchSize);

const rounded = (count: number): string =>
  count >= 1e6 ? `${(count / 1e6).toFixed(1)} million` : `${Math.round(count / 1000)} thousand`;

/** What a comparison of two recipes compares, in Markdown: weights, pixels, steps. */
export function whatIsCompared(left: Recipe, right: Recipe, images: number): string {
  const model = (recipe: Recipe) =>
    `${rounded(weightCount(recipe))} weights that sees ${recipe.imageSize ** 2} pixels and takes a ` +
    `step every ${counted(recipe.batchSize, 'picture')}`;
  const ratio = stepsPerEpoch(left, images) / stepsPerEpoch(right, images);
  return (
    'So the curves above do not compare TensorFlow with PyTorch. They compare a model of ' +
    `${model(left)} with one of ${model(right)}. In an epoch the second takes ` +
    `${ratio.toFixed(0)} times fewer steps. That alone explains why its curve falls more slowly.`
  );
}

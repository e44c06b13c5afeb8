import { UserError } from '../command/errors';
import type { ImageDataset } from '../data/image-set';
import type { Recipe } from './recipe';
import { splits } from './splits';

type Rule = [field: string, ok: boolean, value: unknown, bounds: string];

const isCount = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) > 0;

/**
 * Refuses a recipe that can't be trained, before any training: UserError in one line that names the
 * field, its value and its bounds.
 */
export function checkRecipe(recipe: Recipe, dataset: ImageDataset): void {
  const { imageSize, pooling, normalization, validation, hiddenUnits } = recipe;
  const images = (count: number | null, all: number) =>
    count === null || (isCount(count) && count <= all);
  const smallest = 4 + pooling;
  const rules: Rule[] = [
    ['pooling', isCount(pooling), pooling, 'a whole number from 1'],
    [
      'imageSize',
      isCount(imageSize) && imageSize >= smallest && imageSize <= 256,
      imageSize,
      `a whole number from ${smallest} (two 3×3 convolutions and ${pooling}×${pooling} pooling need it) to 256`,
    ],
    [
      'normalization',
      normalization === 'unit' || (Number.isFinite(normalization?.mean) && normalization.std > 0),
      JSON.stringify(normalization),
      "'unit' or a finite mean with a std above 0",
    ],
    [
      'hiddenUnits',
      hiddenUnits === null || isCount(hiddenUnits),
      hiddenUnits,
      'null or a whole number from 1',
    ],
    [
      'initialization',
      ['glorot', 'kaiming'].includes(recipe.initialization),
      recipe.initialization,
      "'glorot' or 'kaiming'",
    ],
    [
      'lossForm',
      ['softmax', 'log-softmax'].includes(recipe.lossForm),
      recipe.lossForm,
      "'softmax' or 'log-softmax'",
    ],
    ['batchSize', isCount(recipe.batchSize), recipe.batchSize, 'a whole number from 1'],
    ['epochs', isCount(recipe.epochs), recipe.epochs, 'a whole number from 1'],
    [
      'learningRate',
      Number.isFinite(recipe.learningRate) && recipe.learningRate > 0,
      recipe.learningRate,
      'a number above 0',
    ],
    [
      'validation',
      validation === 'test' || (validation?.split > 0 && validation.split < 1),
      JSON.stringify(validation),
      "'test' or a split between 0 and 1",
    ],
    [
      'trainImages',
      images(recipe.trainImages, dataset.train.count),
      recipe.trainImages,
      `null or a whole number from 1 to ${dataset.train.count}`,
    ],
    [
      'testImages',
      images(recipe.testImages, dataset.test.count),
      recipe.testImages,
      `null or a whole number from 1 to ${dataset.test.count}`,
    ],
  ];
  const broken = rules.find(([, ok]) => !ok) ?? emptySide(recipe, dataset);
  if (broken) {
    const [field, , value, bounds] = broken;
    throw new UserError(`Recipe '${recipe.name}': ${field} is ${value}, but must be ${bounds}.`);
  }
}

/** A split that leaves no image to train or to validate on. */
function emptySide(recipe: Recipe, dataset: ImageDataset): Rule | undefined {
  const { training, validation } = splits(recipe, dataset);
  if (training.count > 0 && validation.count > 0) return undefined;
  const all = training.count + validation.count;
  const bounds = `a split that leaves some of the ${all} images on either side`;
  return ['validation', false, JSON.stringify(recipe.validation), bounds];
}

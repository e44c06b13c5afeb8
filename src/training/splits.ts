import type { ImageDataset, ImageSet } from '../data/image-set';
import { slice } from '../data/image-set';
import type { Recipe } from './recipe';

export interface Splits {
  readonly training: ImageSet;
  /** The same object as `test` where the recipe validates on the test set. */
  readonly validation: ImageSet;
  readonly test: ImageSet;
}

/** The images that a recipe trains on, validates on and tests on; a split takes the last, as Keras does. */
export function splits(recipe: Recipe, dataset: ImageDataset): Splits {
  const { train, test } = dataset;
  const available = slice(train, 0, recipe.trainImages ?? train.count);
  const testing = slice(test, 0, recipe.testImages ?? test.count);
  if (recipe.validation === 'test') {
    return { training: available, validation: testing, test: testing };
  }
  const cut = Math.floor(available.count * (1 - recipe.validation.split));
  return {
    training: slice(available, 0, cut),
    validation: slice(available, cut, available.count),
    test: testing,
  };
}

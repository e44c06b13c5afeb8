import { pytorchRecipe, splits, tensorflowRecipe } from '../../src/training';
import { tiny } from './tiny';

const dataset = tiny(60);

test('a split holds back the last images, as Keras’ validation_split does', () => {
  const { training, validation, test: testing } = splits(tensorflowRecipe, dataset);
  expect([training.count, validation.count, testing.count]).toEqual([42, 18, 30]);
  expect([...training.labels, ...validation.labels]).toEqual([...dataset.train.labels]);
  expect(validation.images).toEqual(dataset.train.images.subarray(42 * 64));
});

test('counts cut before the split', () => {
  const recipe = { ...tensorflowRecipe, trainImages: 10, testImages: 4 };
  const { training, validation, test: testing } = splits(recipe, dataset);
  expect([training.count, validation.count, testing.count]).toEqual([7, 3, 4]);
  expect([...validation.labels]).toEqual([...dataset.train.labels.subarray(7, 10)]);
});

test('PyTorch’s recipe validates on the test images', () => {
  const { training, validation, test: testing } = splits(pytorchRecipe, dataset);
  expect(training.count).toBe(60);
  expect(validation).toBe(testing);
});

import { UserError } from '../../src/command/errors';
import {
  checkRecipe,
  fitPyTorch,
  fitTensorFlow,
  pytorchRecipe,
  type Recipe,
  tensorflowRecipe,
} from '../../src/training';
import { tiny } from './tiny';

const dataset = tiny();

test('the article’s recipes are fine', () => {
  expect(() => checkRecipe(tensorflowRecipe, dataset)).not.toThrow();
  expect(() => checkRecipe(pytorchRecipe, dataset)).not.toThrow();
});

const broken: [Partial<Record<keyof Recipe, unknown>>, string][] = [
  [{ batchSize: -32 }, 'batchSize is -32, but must be a whole number from 1'],
  [{ batchSize: 1.5 }, 'batchSize is 1.5, but must be a whole number from 1'],
  [{ batchSize: undefined }, 'batchSize is undefined, but must be a whole number from 1'],
  [{ epochs: 0 }, 'epochs is 0, but must be a whole number from 1'],
  [{ learningRate: Number.NaN }, 'learningRate is NaN, but must be a number above 0'],
  [{ learningRate: -0.1 }, 'learningRate is -0.1, but must be a number above 0'],
  [
    { imageSize: 5 },
    'imageSize is 5, but must be a whole number from 6 (two 3×3 convolutions and 2×2 pooling need it) to 256',
  ],
  [
    { imageSize: 6, pooling: 3 },
    'imageSize is 6, but must be a whole number from 7 (two 3×3 convolutions and 3×3 pooling need it) to 256',
  ],
  [{ pooling: 0 }, 'pooling is 0, but must be a whole number from 1'],
  [{ hiddenUnits: 0 }, 'hiddenUnits is 0, but must be null or a whole number from 1'],
  [{ initialization: 'zeros' }, "initialization is zeros, but must be 'glorot' or 'kaiming'"],
  [{ lossForm: 'mse' }, "lossForm is mse, but must be 'softmax' or 'log-softmax'"],
  [
    { normalization: { mean: 0, std: 0 } },
    `normalization is {"mean":0,"std":0}, but must be 'unit' or a finite mean with a std above 0`,
  ],
  [
    { normalization: undefined },
    "normalization is undefined, but must be 'unit' or a finite mean with a std above 0",
  ],
  [
    { validation: { split: 1 } },
    `validation is {"split":1}, but must be 'test' or a split between 0 and 1`,
  ],
  [
    { validation: undefined },
    "validation is undefined, but must be 'test' or a split between 0 and 1",
  ],
  [{ trainImages: 61 }, 'trainImages is 61, but must be null or a whole number from 1 to 60'],
  [{ testImages: 0 }, 'testImages is 0, but must be null or a whole number from 1 to 30'],
  // None is left to train on, and none to validate on, as 1 − 1e-17 is 1.
  ...[0.9, 1e-17].map((split): [object, string] => [
    { trainImages: 2, validation: { split } },
    `validation is {"split":${split}}, but must be a split that leaves some of the 2 images on either side`,
  ]),
];

test.each(broken)('%j is refused in one line', (change, message) => {
  const recipe = { ...tensorflowRecipe, ...change } as Recipe;
  const error = new UserError(`Recipe 'tensorflow-article': ${message}.`);
  expect(() => checkRecipe(recipe, dataset)).toThrow(error);
  expect(error.exitCode).toBe(2);
});

test('both fits refuse it before any training', async () => {
  const onProgress = jest.fn();
  const recipe = { ...tensorflowRecipe, batchSize: 0 };
  await expect(fitTensorFlow(recipe, dataset, { onProgress })).rejects.toThrow(UserError);
  await expect(fitPyTorch(recipe, dataset, { onProgress })).rejects.toThrow(UserError);
  expect(onProgress).not.toHaveBeenCalled();
});

import { buildModel } from '../../src/models';
import { logitsOf } from '../../src/models/tensorflow';
import { type Tensor, type Tensor2D, type Tensor4D, tf } from '../../src/tensorflow';
import { pytorchRecipe, tensorflowRecipe } from '../../src/training';

const largest = (x: Tensor) => x.abs().max().dataSync()[0]!;
const images = (count: number, size: number) =>
  tf.randomUniform([count, size, size, 1], 0, 1, 'float32', 1) as Tensor4D;

test('the article’s layers have Keras’ shapes and numbers of weights', () => {
  const model = buildModel(tensorflowRecipe);
  expect(model.layers.map((layer) => layer.outputShape)).toEqual([
    [null, 26, 26, 32],
    [null, 24, 24, 64],
    [null, 12, 12, 64],
    [null, 9216],
    [null, 1024],
    [null, 10],
  ]);
  expect(model.layers.map((layer) => layer.countParams())).toEqual([
    320, 18_496, 0, 0, 9_438_208, 10_250,
  ]);
});

test('PyTorch’s recipe makes PyTorch’s layers', () => {
  const model = buildModel(pytorchRecipe);
  expect(model.layers.map((layer) => layer.outputShape)).toEqual([
    [null, 6, 6, 32],
    [null, 4, 4, 64],
    [null, 4, 4, 64],
    [null, 1024],
    [null, 10],
  ]);
});

test('the same seed gives the same weights, another seed others, and no two layers share them', () => {
  const weights = (seed: number) => buildModel(pytorchRecipe, seed).getWeights();
  const [first, again, other] = [weights(3), weights(3), weights(4)];
  first.forEach((weight, i) => {
    expect(weight.dataSync()).toEqual(again[i]!.dataSync());
    expect(weight.dataSync()).not.toEqual(other[i]!.dataSync());
  });
  const starts = [...first, ...other].map((weight) => weight.dataSync()[0]! / largest(weight));
  expect(new Set(starts.map((start) => start.toFixed(4))).size).toBe(starts.length);
});

test.each([
  ['glorot', (fanIn: number, fanOut: number) => Math.sqrt(6 / (fanIn + fanOut)), 0],
  ['kaiming', (fanIn: number) => 1 / Math.sqrt(fanIn), 1],
] as const)('%s weights fill their range, and biases theirs', (initialization, bound, biased) => {
  const model = buildModel({ ...pytorchRecipe, initialization });
  const [, , kernel, bias, dense] = model.getWeights();
  const within = (weight: Tensor, limit: number) => {
    expect(largest(weight)).toBeLessThanOrEqual(limit * (1 + 1e-6));
    expect(largest(weight)).toBeGreaterThanOrEqual(limit * 0.9);
    expect(Math.abs(weight.mean().dataSync()[0]!)).toBeLessThanOrEqual(limit / 5);
  };
  within(kernel!, bound(9 * 32, 9 * 64));
  within(bias!, biased * bound(9 * 32, 0));
  within(dense!, bound(1024, 10));
});

test('logits are what the model’s softmax starts from', () => {
  const model = buildModel(tensorflowRecipe);
  const x = images(4, 28);
  const probabilities = model.predict(x) as Tensor2D;
  expect(largest(probabilities.sum(1).sub(1))).toBeLessThan(1e-6);
  expect(largest(tf.softmax(logitsOf(model)(x)).sub(probabilities))).toBeLessThan(1e-6);
});

test('behind log-softmax’s loss the model itself gives the logits', () => {
  const model = buildModel(pytorchRecipe);
  const x = images(4, 8);
  expect(largest(logitsOf(model)(x).sub(model.predict(x) as Tensor2D))).toBeLessThan(1e-6);
});

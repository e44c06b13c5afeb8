import type { LayersModel } from '@tensorflow/tfjs-node';
import * as torch from 'tandem-torch';
import { loadMnist, slice } from '../../src/data';
import {
  buildPair,
  compareSteps,
  copyToPyTorch,
  copyToTensorFlow,
  firstDeparture,
  type Layer,
  layersOf,
  sharedBatches,
} from '../../src/experiments/same-recipe';
import { CNNModel } from '../../src/models/pytorch';
import { buildModel } from '../../src/models/tensorflow';
import { type Tensor2D, tf } from '../../src/tensorflow';
import { pytorchRecipe, tensorflowRecipe } from '../../src/training/recipe';

const { nn } = torch;
const small = { ...tensorflowRecipe, imageSize: 12, hiddenUnits: 16 };
const side = small.imageSize;

const first = async (recipe: typeof small, steps: number, spoil: (model: LayersModel) => void) => {
  const mnist = await loadMnist();
  const dataset = { ...mnist, train: slice(mnist.train, 0, 200) };
  torch.manualSeed(1);
  const { imageSize } = recipe;
  const pair = buildPair(layersOf(recipe), [imageSize, imageSize, 1]);
  copyToTensorFlow(pair.pytorch, pair.tensorflow);
  spoil(pair.tensorflow);
  return [...compareSteps(pair, sharedBatches(recipe, dataset, 0, steps), recipe.learningRate)];
};

/** Changes a weight of a layer by a permutation of its dimensions, as a wrong conversion would. */
const permuteWeights = (index: number, order: number[]) => (model: LayersModel) => {
  const layer = model.layers[index]!;
  const [kernel, bias] = layer.getWeights();
  layer.setWeights([kernel!.transpose(order).reshape(kernel!.shape), bias!]);
};

test.each([
  ['TensorFlow’s', small],
  ['PyTorch’s', { ...pytorchRecipe, batchSize: 64 }],
])('from one start both frameworks stay within rounding: %s recipe', async (_, recipe) => {
  const steps = await first(recipe as typeof small, 5, () => {});
  expect(steps).toHaveLength(5);
  expect(firstDeparture(steps[0]!, 50)).toBeUndefined();
  for (const { loss } of steps) {
    expect(Math.abs(loss.pytorch - loss.tensorflow)).toBeLessThan(1e-5 * loss.pytorch);
  }
  // A comparison of something with itself would find nothing at all.
  const all = steps.flatMap(({ layers }) => layers.map(({ gradient }) => gradient));
  expect(Math.max(...all)).toBeGreaterThan(0);
});

test.each<[string, number, number[], string, string]>([
  ['a kernel with height and width exchanged', 0, [1, 0, 2, 3], 'conv2d 1', 'activation'],
  ['a kernel with its filters in another order', 2, [0, 1, 3, 2], 'conv2d 3', 'activation'],
  ['a dense kernel transposed', 8, [1, 0], 'dense 9', 'activation'],
])('%s is found, and its layer named', async (_, index, order, layer, what) => {
  const [step] = await first(small, 1, permuteWeights(index, order));
  expect(firstDeparture(step!, 1000)).toMatchObject({ step: 1, layer, what });
});

test('the order of flattened maps forgotten is found in the dense layer behind them', async () => {
  const forgotten = (model: LayersModel) => {
    const [kernel, bias] = model.layers[6]!.getWeights();
    const [h, w, c, out] = [4, 4, 64, 16];
    const channelsFirst = kernel!.reshape([h, w, c, out]).transpose([2, 0, 1, 3]);
    model.layers[6]!.setWeights([channelsFirst.reshape([h * w * c, out]), bias!]);
  };
  const [step] = await first(small, 1, forgotten);
  expect(firstDeparture(step!, 1000)).toMatchObject({ layer: 'dense 7', what: 'activation' });
});

test('the article’s own models take each other’s weights, there and back', () => {
  torch.manualSeed(3);
  const ours = new CNNModel(small);
  const theirs = buildModel(small, 3);
  copyToTensorFlow(ours, theirs);
  const images = torch.rand([4, 1, side, side]);
  const expected = torch.noGrad(() => ours.call(images)).toTypedArray() as Float32Array;
  const nhwc = tf.tensor4d(images.toTypedArray() as Float32Array, [4, side, side, 1]);
  const found = (theirs.predict(nhwc) as Tensor2D).dataSync();
  expect(Math.max(...found.map((value, i) => Math.abs(value - expected[i]!)))).toBeLessThan(1e-6);

  const copy = new CNNModel(small);
  copyToPyTorch(theirs, copy);
  for (const [name, value] of ours.stateDict()) {
    expect([name, copy.stateDict().get(name)!.equal(value)]).toEqual([name, true]);
  }
});

test('batch normalisation and transposed convolutions go across as well', () => {
  torch.manualSeed(0);
  const ours = new nn.Sequential(
    new nn.Conv2d(2, 3, 3),
    new nn.BatchNorm2d(3),
    new nn.ConvTranspose2d(3, 4, 2),
    new nn.Flatten(),
    new nn.Linear(4 * 7 * 5, 6),
  );
  for (let i = 0; i < 3; i++) ours.call(torch.randn([8, 2, 8, 6]));
  ours.eval();
  const theirs = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [8, 6, 2], filters: 3, kernelSize: 3 }),
      tf.layers.batchNormalization({ epsilon: 1e-5 }),
      tf.layers.conv2dTranspose({ filters: 4, kernelSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 6 }),
    ],
  });
  copyToTensorFlow(ours, theirs);
  const images = torch.randn([5, 2, 8, 6]);
  const expected = torch.noGrad(() => ours.call(images)).toTypedArray() as Float32Array;
  const nhwc = images.permute(0, 2, 3, 1).contiguous().toTypedArray() as Float32Array;
  const found = (theirs.predict(tf.tensor4d(nhwc, [5, 8, 6, 2])) as Tensor2D).dataSync();
  expect(Math.max(...found.map((value, i) => Math.abs(value - expected[i]!)))).toBeLessThan(1e-5);
});

test('models that do not match are refused, the layer named', () => {
  const layers: Layer[] = [{ type: 'flatten' }, { type: 'dense', units: 4 }];
  const pair = buildPair(layers, [5, 5, 1]);
  const conv = new nn.Sequential(new nn.Conv2d(1, 2, 3), new nn.Flatten(), new nn.Linear(18, 4));
  const wide = new nn.Sequential(new nn.Flatten(), new nn.Linear(25, 5));
  const deep = new nn.Sequential(new nn.Flatten(), new nn.Linear(25, 4), new nn.Linear(4, 4));
  expect(() => copyToTensorFlow(conv, pair.tensorflow)).toThrow(
    /\(Dense\) is paired with PyTorch's 0 \(Conv2d\)/,
  );
  expect(() => copyToTensorFlow(wide, pair.tensorflow)).toThrow(
    /weights of 1 are \[25,5\] in PyTorch.* and \[25,4\]/,
  );
  expect(() => copyToTensorFlow(deep, pair.tensorflow)).toThrow(/PyTorch's 2 has no counterpart/);
});

import { loadMnist, slice } from '../../src/data';
import {
  agreementOf,
  answerOfSameRecipe,
  layersText,
  layerTable,
  runSameRecipe,
  type SameRecipe,
  type SameRecipeRecord,
  stepsToCompare,
  tippingOf,
} from '../../src/experiments';
import { fitPyTorch, pytorchRecipe, tensorflowRecipe } from '../../src/training';

const small = { ...tensorflowRecipe, imageSize: 12, hiddenUnits: 16, trainImages: 400 };

test('steps are compared at 1, 2, 5, 10, … and at the last', () => {
  expect(stepsToCompare(60)).toEqual([1, 2, 5, 10, 20, 50, 60]);
  expect(stepsToCompare(200).at(-1)).toBe(200);
  expect(stepsToCompare(1)).toEqual([1]);
});

test('both frameworks follow each other from the recipe’s own start', async () => {
  const dataset = await loadMnist();
  const run = await runSameRecipe(small, dataset, { seed: 0, steps: 7 });
  expect(run.loss.pytorch).toHaveLength(7);
  expect(run.compared.map(({ step }) => step)).toEqual([1, 2, 5, 7]);
  const { departure, first, loss } = agreementOf(run);
  expect(departure).toBeUndefined();
  expect(first).toBeGreaterThan(0);
  expect(loss).toBeLessThan(1e-4);
  expect(layerTable(run).split('\n')).toHaveLength(2 + 9);
});

test('looking at the layers changes nothing of what is trained', async () => {
  const dataset = await loadMnist();
  const options = { seed: 0, steps: 4 };
  const sparse = await runSameRecipe(small, dataset, options);
  const dense = await runSameRecipe(small, dataset, { ...options, search: true });
  expect(dense.compared.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
  expect(dense.loss).toEqual(sparse.loss);
});

test('PyTorch’s half is what fitPyTorch trains', async () => {
  const mnist = await loadMnist();
  const dataset = { ...mnist, train: slice(mnist.train, 0, 1024) };
  const recipe = { ...pytorchRecipe, epochs: 2, testImages: 10 };
  const run = await runSameRecipe(recipe, dataset, { seed: 0, steps: 4 });
  const { history } = await fitPyTorch(recipe, dataset, { seed: 0 });
  run.loss.pytorch.forEach((loss, i) => void expect(loss).toBeCloseTo(history.batchLoss[i]!, 5));
});

test('a wrong recipe is refused before anything is built', async () => {
  const wrong = { ...small, batchSize: -1 };
  const dataset = await loadMnist();
  await expect(runSameRecipe(wrong, dataset, { seed: 0, steps: 1 })).rejects.toThrow(
    /batchSize is -1, but must be a whole number from 1/,
  );
});

const layer = (name: string, activation: number, gradient: number) => ({
  layer: name,
  activation,
  gradient,
  weightGradient: null,
  weights: null,
});

/** Three layers, in step 3 of which the pooling sends the gradient elsewhere. */
const made: SameRecipe = {
  recipe: tensorflowRecipe,
  seed: 0,
  loss: { pytorch: [2, 1.9, 1.8, 1.7], tensorflow: [2, 1.9, 1.8, 1.7001] },
  compared: [
    { step: 1, layers: [layer('conv2d 1', 2, 3), layer('maxPool2d 2', 2, 3)] },
    { step: 3, layers: [layer('conv2d 1', 4, 5000), layer('maxPool2d 2', 4, 3)] },
    { step: 4, layers: [layer('conv2d 1', 600, 9000), layer('maxPool2d 2', 700, 800)] },
  ],
};
const record: SameRecipeRecord = {
  profile: 'full',
  command: '',
  machine: '',
  versions: {},
  data: { name: 'MNIST', sha256: '' },
  recordedAt: '2026-01-31T14:05:00.000Z',
  runs: [made],
};

test('the layer in which a rounding tipped a choice is named', () => {
  expect(tippingOf(made)).toEqual({
    step: 3,
    layer: 'maxPool2d 2',
    activation: 4,
    gradient: 5000,
  });
  expect(layersText(made)).toContain('In step 3 the difference jumps, in `maxPool2d 2`');
  const late = { ...made, compared: [made.compared[0]!, made.compared[2]!] };
  expect(tippingOf(late)).toBeUndefined();
  expect(layersText(late)).toContain('at step 4, is `conv2d 1` in its activations');
});

test('the text follows the record', () => {
  expect(answerOfSameRecipe(record)).toContain('**No.');
  expect(answerOfSameRecipe(record)).toContain('over 4 steps of TensorFlow’s recipe');
  expect(answerOfSameRecipe(record)).toContain('5.9·10⁻⁵');
  const apart = { ...made, loss: { pytorch: [2, 1.9], tensorflow: [2, 1.5] } };
  expect(answerOfSameRecipe({ ...record, runs: [apart] })).toContain('**Yes:');
  const wrong = { ...made, compared: [made.compared[2]!] };
  expect(layersText(wrong)).toContain('At the very first step');
});

import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadMnist } from '../../src/data';
import { inProject } from '../../src/files/paths';
import {
  fitTensorFlow,
  type History,
  pytorchRecipe,
  type Recipe,
  readFullRun,
  readOrTrain,
  readRun,
  saveRun,
  tensorflowRecipe,
} from '../../src/training';
import { tiny } from './tiny';

const dataset = tiny();
const recipe: Recipe = {
  ...pytorchRecipe,
  name: `test-runs-${process.pid}`,
  batchSize: 20,
  epochs: 2,
};
const folder = inProject('data/cache/runs');
const files = () =>
  existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith(recipe.name)) : [];
let history: History;

beforeAll(async () => {
  ({ history } = await fitTensorFlow(recipe, dataset, { seed: 1 }));
});
afterEach(() => {
  for (const name of files()) rmSync(join(folder, name));
});

test('a saved run is read again by framework, recipe, data and seed', async () => {
  saveRun(history);
  expect(files()).toEqual([expect.stringMatching(/-seed1-[0-9a-f]{12}\.json$/)]);
  expect(await readRun('tensorflow', recipe, dataset, 1)).toEqual(history);
  expect(await readRun('tensorflow', recipe, dataset, 2)).toBeUndefined();
  expect(await readRun('pytorch', recipe, dataset, 1)).toBeUndefined();
  expect(await readRun('tensorflow', { ...recipe, epochs: 3 }, dataset, 1)).toBeUndefined();
  expect(await readRun('tensorflow', recipe, tiny(80), 1)).toBeUndefined();
});

test('a damaged or unfinished run counts as none', async () => {
  saveRun(history);
  const path = join(folder, files()[0]!);
  const text = readFileSync(path, 'utf8');
  const { test: _, ...unfinished } = history;
  for (const damaged of ['', text.slice(0, 100), 'null', '{}', JSON.stringify(unfinished)]) {
    writeFileSync(path, damaged);
    expect(await readRun('tensorflow', recipe, dataset, 1)).toBeUndefined();
  }
});

test('readOrTrain trains once', async () => {
  const train = jest.fn(async () => ({ history }));
  expect(await readOrTrain('tensorflow', recipe, dataset, 1, train)).toEqual(history);
  expect(await readOrTrain('tensorflow', recipe, dataset, 1, train)).toEqual(history);
  expect(train).toHaveBeenCalledTimes(1);
});

test('the committed full run has the article’s recipes, whole, and the figures measured in Python', () => {
  const { pytorch, tensorflow } = readFullRun()!.histories;
  expect(pytorch.recipe).toEqual(pytorchRecipe);
  expect(tensorflow.recipe).toEqual(tensorflowRecipe);
  const digits = (values: number[]) => values.map((value) => Number(value.toFixed(4)));
  expect(digits(pytorch.loss)).toEqual([2.1207, 1.4337, 0.8651, 0.6576, 0.5652]);
  expect(digits(pytorch.valLoss)).toEqual([1.8306, 1.0272, 0.6992, 0.5765, 0.5141]);
  expect(digits(pytorch.valAccuracy)).toEqual([0.649, 0.7734, 0.8195, 0.8395, 0.8537]);
  expect(tensorflow.valAccuracy.at(-1)).toBeGreaterThan(0.966);
  expect(tensorflow.valAccuracy.at(-1)).toBeLessThan(0.976);
});

test('a full run on other data is not taken for this data’s', async () => {
  const mnist = await loadMnist();
  expect(readFullRun(mnist)).toEqual(readFullRun());
  expect(readFullRun(tiny())).toBeUndefined();
});

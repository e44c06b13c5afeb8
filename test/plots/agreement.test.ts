import type { SameRecipe } from '../../src/experiments';
import {
  differenceGrowth,
  drawing,
  type Figure,
  layerHeatmap,
  lossOnEachOther,
} from '../../src/plots';
import { tensorflowRecipe } from '../../src/training/recipe';

const layer = (name: string, activation: number, weights: number | null) => ({
  layer: name,
  activation,
  gradient: 2 * activation,
  weightGradient: weights,
  weights,
});
const run: SameRecipe = {
  recipe: tensorflowRecipe,
  seed: 0,
  loss: { pytorch: [2, 1, 0.5], tensorflow: [2, 1.001, 0.5] },
  compared: [
    { step: 1, layers: [layer('conv2d 1', 3, 1), layer('relu 2', 0, null)] },
    { step: 3, layers: [layer('conv2d 1', 30, 10), layer('relu 2', 5000, null)] },
  ],
};

const data = <T>(figure: Figure) => figure.data as unknown as T[];

test('both losses are overlaid, with their largest difference', () => {
  const figure = lossOnEachOther(run, 'One recipe');
  const [below, above] = data<{ name: string; line: { width: number } }>(figure);
  expect([below!.name, above!.name]).toEqual(['TensorFlow', 'PyTorch']);
  expect(below!.line.width).toBeGreaterThan(above!.line.width);
  expect(figure.summary).toBe(
    'One recipe. Both from 2.0000 to 0.5000 in 3 steps, at most 1.0e-3 apart.',
  );
});

test('the growth is on a log axis in roundings; equal steps have no point', () => {
  const figure = differenceGrowth(run, 'Growth');
  expect(figure.layout.yaxis).toMatchObject({ type: 'log' });
  const [loss, activations, , weights] = data<{ x: number[]; y: number[] }>(figure);
  expect(loss).toMatchObject({ x: [2] });
  expect(loss!.y[0]! * 2 ** -23).toBeCloseTo(0.001, 5);
  expect(activations).toMatchObject({ x: [1, 3], y: [3, 5000] });
  expect(weights).toMatchObject({ y: [1, 10] });
});

test('the heat map shows powers of ten, and leaves out what is equal or not there', () => {
  const cells = (what: 'activation' | 'weights') =>
    data<{ z: (number | null)[][]; y: string[]; meta: object }>(
      layerHeatmap(run, what, 'Layers'),
    )[0]!;
  expect(cells('activation').z[1]).toEqual([null, Math.log10(5000)]);
  expect(cells('weights').z).toEqual([
    [0, 1],
    [null, null],
  ]);
  expect(cells('weights').y).toEqual(['conv2d 1', 'relu 2']);
  expect(cells('weights').meta).toHaveProperty('dark.colorscale');
  expect(layerHeatmap(run, 'activation', 'Layers').summary).toContain(
    'the largest difference is 5.0e+3 roundings, in relu 2 at step 3',
  );
});

test('all three can be drawn without a script', () => {
  const figures = [
    lossOnEachOther(run, 'a'),
    differenceGrowth(run, 'b'),
    layerHeatmap(run, 'activation', 'c'),
  ];
  for (const figure of figures) expect(drawing(figure)).not.toMatch(/NaN|Infinity/);
});

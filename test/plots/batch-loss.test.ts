import { batchLossCurve, type Figure } from '../../src/plots';
import { runOf } from './histories';

interface Line {
  name: string;
  x: number[];
  y: number[];
  opacity: number;
  hoverinfo?: string;
}

const lines = (figure: Figure) => figure.data as unknown as Line[];

test('each run has a pale line of its batches below a line of their mean, which tells values', () => {
  const run = runOf('tensorflow', 2, 300);
  const [pale, mean] = lines(batchLossCurve([run]));
  expect(pale!.opacity).toBeLessThan(0.5);
  expect(pale!.hoverinfo).toBe('skip');
  expect(mean!.opacity).toBe(1);
  const rough = (values: number[]) =>
    values.slice(1).reduce((sum, value, i) => sum + Math.abs(value - values[i]!), 0);
  expect(rough(mean!.y)).toBeLessThan(rough(pale!.y) / 2);
});

test('the noise of one run lies behind the mean of another', () => {
  const opacities = lines(batchLossCurve([runOf('tensorflow', 2), runOf('pytorch', 2)])).map(
    ({ opacity }) => opacity,
  );
  expect(opacities).toEqual([...opacities].sort((a, b) => a - b));
});

test('runs of different numbers of steps are drawn over the epochs, one alone over its steps', () => {
  const [many, few] = [runOf('tensorflow', 2, 40), runOf('pytorch', 2, 4)];
  const both = batchLossCurve([many, few]);
  expect(both.layout.xaxis).toMatchObject({ title: { text: 'epoch' } });
  expect(lines(both).map(({ x }) => x.at(-1))).toEqual([2, 2, 2, 2]);
  const alone = batchLossCurve([few]);
  expect(alone.layout.xaxis).toMatchObject({ title: { text: 'step' } });
  expect(lines(alone)[0]!.x.at(-1)).toBe(8);
});

test('thousands of steps make a light figure that still tells their number', () => {
  const figure = batchLossCurve([runOf('tensorflow', 5, 4000)]);
  expect(JSON.stringify(figure).length).toBeLessThan(120_000);
  expect(figure.summary).toContain('in 20000 steps');
});

test('a run without steps says so', () => {
  expect(batchLossCurve([runOf('pytorch', 0)]).summary).toBe(
    'Loss of every batch. PyTorch: no step has been taken.',
  );
});

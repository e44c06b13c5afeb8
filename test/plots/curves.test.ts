import {
  accuracyCurves,
  type Figure,
  lossCurves,
  sideBySide,
  trainingCurve,
} from '../../src/plots';
import { runOf } from './histories';

interface Line {
  name: string;
  x: number[];
  y: number[];
  xaxis?: string;
  legendrank?: number;
  line: { dash?: string; width: number };
}

const lines = (figure: Figure) => figure.data as unknown as Line[];
const axis = (figure: Figure) =>
  figure.layout.xaxis as { dtick: number; range: [number, number]; title: { text: string } };

test('training is a solid line, validation a dashed one, over epochs from 1', () => {
  const run = runOf('pytorch', 3);
  const [training, validation] = lines(lossCurves([run]));
  expect(training).toMatchObject({ name: 'training', x: [1, 2, 3], y: run.loss });
  expect(training!.line.dash).toBe('solid');
  expect(validation).toMatchObject({ name: 'validation', y: run.valLoss });
  expect(validation!.line.dash).toBe('dash');
});

test.each([
  [5, 1],
  [12, 2],
  [100, 10],
])('%d epochs have a tick every %d', (epochs, dtick) => {
  expect(axis(lossCurves([runOf('pytorch', epochs)])).dtick).toBe(dtick);
});

test('a single epoch has room on both sides', () => {
  expect(axis(lossCurves([runOf('pytorch', 1)])).range).toEqual([0.5, 1.5]);
});

test('axes have titles with units', () => {
  const { layout } = lossCurves([runOf('pytorch', 2)]);
  expect(layout.xaxis).toMatchObject({ title: { text: 'epoch' } });
  expect(layout.yaxis).toMatchObject({ title: { text: 'cross-entropy (nats)' } });
  expect(accuracyCurves([runOf('pytorch', 2)]).layout.yaxis).toMatchObject({ tickformat: '.2~%' });
});

test('the summary tells first and last values, in one epoch its value, without any that no epoch ended', () => {
  const { summary } = accuracyCurves([runOf('tensorflow', 2)], { title: 'Accuracy' });
  expect(summary).toBe(
    'Accuracy. TensorFlow: training 25.00 % to 50.00 %, validation 30.00 % to 60.00 % over 2 epochs.',
  );
  expect(lossCurves([runOf('pytorch', 1)]).summary).toContain(
    'training 2.0000, validation 1.5000 over 1 epoch.',
  );
  const none = lossCurves([runOf('pytorch', 0)]);
  expect(none.summary).toBe('Loss by epoch. PyTorch: no epoch has ended.');
});

test('a reference run is drawn behind in thin lines, and named last', () => {
  const figure = lossCurves([runOf('pytorch', 2)], { reference: [runOf('pytorch', 5)] });
  const [first, , third] = lines(figure);
  expect(first!.name).toBe('training, full size');
  expect(first!.line.width).toBeLessThan(third!.line.width);
  expect(first!.legendrank).toBeGreaterThan(third!.legendrank!);
  expect(axis(figure).range[1]).toBeGreaterThan(5);
});

test('side by side, each panel has its title and its framework’s reference', () => {
  const figure = sideBySide('loss', runOf('tensorflow', 2), runOf('pytorch', 2), {
    reference: [runOf('pytorch', 4), runOf('tensorflow', 4)],
  });
  const panels = new Map(lines(figure).map(({ name, xaxis = 'x' }) => [name, xaxis]));
  expect(panels.get('TensorFlow training, full size')).toBe('x');
  expect(panels.get('PyTorch validation, full size')).toBe('x2');
  expect(panels.get('PyTorch training')).toBe('x2');
  expect(figure.layout.annotations).toEqual([
    expect.objectContaining({ text: '<b>TensorFlow</b>', xref: 'x domain' }),
    expect.objectContaining({ text: '<b>PyTorch</b>', xref: 'x2 domain' }),
  ]);
  expect(figure.layout.yaxis2).toMatchObject({ matches: 'y' });
});

test('the curve of a run at work has room for all its epochs, and few points', () => {
  const run = runOf('tensorflow', 2, 5000);
  const figure = trainingCurve(run, { epochs: 5, stepsPerEpoch: 5000 });
  const [each, mean, validation] = lines(figure);
  expect(axis(figure).range[1]).toBeGreaterThanOrEqual(5);
  for (const line of [each!, mean!]) {
    expect(line.x.length).toBeLessThan(600);
    expect(line.x.at(-1)).toBe(2);
  }
  expect(validation).toMatchObject({ x: [1, 2], y: run.valLoss });
});

test('a run that has not begun has a curve without points', () => {
  const figure = trainingCurve(runOf('pytorch', 0), { epochs: 3, stepsPerEpoch: 9 });
  expect(lines(figure).every(({ x }) => x.length === 0)).toBe(true);
  expect(figure.summary).toContain('No step has been taken');
});

import { accuracyOverTime, colors, drawing, stackBars } from '../../src/plots';
import { madeUpChoosing } from '../experiments/choosing-record';

const record = madeUpChoosing();

interface Trace {
  type: string;
  name: string;
  x: (string | number)[];
  y: number[];
  marker: { color: string };
  line: { dash: string; color: string };
}

test('bars are grouped by language and coloured by framework', () => {
  const figure = stackBars(record, 'step', 'A step');
  const [tensorflow, pytorch] = figure.data as unknown as [Trace, Trace];
  expect([tensorflow.name, pytorch.name]).toEqual(['TensorFlow', 'PyTorch']);
  expect(tensorflow.x).toEqual(['from TypeScript', 'from Python']);
  expect(tensorflow.y.map(Math.round)).toEqual([80, 60]);
  expect(pytorch.marker.color).toBe(colors.pytorch);
  expect(figure.summary).toContain('PyTorch from Python 40.0 ms');
});

test('each measure has its unit', () => {
  const title = (measure: Parameters<typeof stackBars>[1]) =>
    JSON.stringify(stackBars(record, measure, 'x').layout.yaxis!.title);
  expect(title('peakMemory')).toContain('MB');
  expect(title('startUp')).toContain('seconds');
  expect(title('lines')).toContain('lines');
});

test('the accuracy has a line for each round, and the goal one of its own', () => {
  const figure = accuracyOverTime(record, 'Accuracy');
  const [goal, ...lines] = figure.data as unknown as [Trace, ...Trace[]];
  expect(goal.y).toEqual([0.97, 0.97]);
  expect(lines).toHaveLength(8);
  expect(lines[0]!.x).toEqual([1.5, 2]);
  expect(lines.map(({ line }) => line.dash).filter((dash) => dash === 'dash')).toHaveLength(4);
  expect(figure.summary).toContain('TensorFlow from Python after 2.7 s');
});

test('both can be drawn without a script', () => {
  for (const figure of [stackBars(record, 'lines', 'a'), accuracyOverTime(record, 'b')]) {
    expect(drawing(figure)).not.toMatch(/NaN|Infinity/);
  }
});

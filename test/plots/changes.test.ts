import { changesOf, frameworkEffects, orderEffects, runsOf } from '../../src/experiments';
import {
  colors,
  drawing,
  type Figure,
  frameworkGaps,
  lossBands,
  orderBars,
  waterfall,
} from '../../src/plots';
import { falls, frameworkGain, madeUpRecord } from '../experiments/changes-record';

const record = madeUpRecord();
const [walk] = record.walks;
const changes = {
  tensorflow: changesOf(record, walk!, 'tensorflow', 'accuracy'),
  pytorch: changesOf(record, walk!, 'pytorch', 'accuracy'),
};

interface Bars {
  type: string;
  name: string;
  x: string[];
  y: number[];
  base: number[];
  marker: { color: string };
}

const figures: Record<string, Figure> = {
  waterfall: waterfall(changes, 'accuracy', 'The way'),
  gaps: frameworkGaps(
    frameworkEffects(record, 'accuracy'),
    changes.tensorflow,
    'accuracy',
    'The framework',
  ),
  orders: orderBars(orderEffects(record, 'accuracy'), 'accuracy', 'Orders'),
  bands: lossBands(
    [
      {
        name: 'TensorFlow',
        color: colors.tensorflow,
        columns: runsOf(record, 'tensorflow', record.long).map(({ valLoss }) => valLoss),
      },
    ],
    'Validation loss',
  ),
};

test('each bar of the waterfall begins where the one before ended', () => {
  const bars = (figures.waterfall!.data as unknown as Bars[]).filter(({ type }) => type === 'bar');
  expect(bars.map(({ name }) => name)).toEqual(['TensorFlow', 'PyTorch']);
  for (const { base, y, x } of bars) {
    expect(x).toHaveLength(falls.length + 1);
    base.slice(1).forEach((start, i) => void expect(start).toBeCloseTo(base[i]! + y[i]!, 10));
  }
  expect(bars[1]!.base[0]! - bars[0]!.base[0]!).toBeCloseTo(frameworkGain, 10);
});

test('the summaries describe the figures in words', () => {
  expect(figures.waterfall!.summary).toBe(
    'The way. The largest changes: TensorFlow: batch size -8.00 points, pooling -2.00 points, image size -1.00 points; PyTorch: batch size -8.00 points, pooling -2.00 points, image size -1.00 points.',
  );
  expect(figures.gaps!.summary).toBe('The framework. At 10 recipes; at most 0.30 points.');
  expect(figures.orders!.summary).toMatch(/^Orders. 3 orders; the order matters most for the /);
  expect(figures.bands!.summary).toBe(
    'Validation loss. TensorFlow, 3 seeds: 0.4000 to 0.2133, lowest in epoch 4.',
  );
});

test('a band reaches from the lowest seed to the highest', () => {
  const [low, high, mean] = figures.bands!.data as unknown as { y: number[] }[];
  expect(low!.y[5]).toBeCloseTo(0.15);
  expect(high!.y[5]).toBeCloseTo(0.27);
  expect(mean!.y[5]).toBeCloseTo((0.22 + 0.15 + 0.27) / 3);
});

test.each(Object.keys(figures))('%s can be drawn without a script', (name) => {
  const svg = drawing(figures[name]!)!;
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  if (name !== 'bands') expect(svg).toContain('>batch</text>');
});

import { outline, smoothed, tickStep } from '../../src/plots/series';

test('smoothing takes the mean of a value and its neighbours, of fewer at the ends', () => {
  expect(smoothed([0, 3, 6, 0], 1)).toEqual([1.5, 3, 3, 3]);
  expect(smoothed([1, 2], 0)).toEqual([1, 2]);
  expect(smoothed([], 3)).toEqual([]);
});

test('an outline keeps both ends, every peak and every dip, in order', () => {
  const values = Array.from({ length: 10_000 }, (_, i) => Math.sin(i / 40));
  values[4321] = 9;
  values[7777] = -9;
  const kept = outline(values, 300);
  expect(kept.length).toBeLessThanOrEqual(302);
  expect(kept).toEqual([...kept].sort((a, b) => a - b));
  expect(kept).toEqual(expect.arrayContaining([0, 4321, 7777, 9999]));
});

test('a short series keeps all its values', () => {
  expect(outline([3, 1, 2], 3)).toEqual([0, 1, 2]);
});

test.each([
  [10, 5, 2],
  [1, 5, 0.2],
  [100, 10, 10],
  [7, 10, 1],
  [0.03, 5, 0.01],
])('ticks over %d, about %d of them, are %d apart', (range, count, step) => {
  expect(tickStep(range, count)).toBeCloseTo(step, 10);
});

import { classCounts, loadMnist, sampleTable, slice } from '../../src/data';

const mnist = loadMnist();

test('the class counts are a data frame that adds up to the whole set', async () => {
  const frame = classCounts(await mnist);
  expect(frame.columns).toEqual(['class', 'training', 'test', 'share (%)']);
  expect(frame.shape).toEqual([10, 4]);
  expect(frame.values[1]).toEqual(['1', 6742, 1135, 11.24]);
  const total = (column: string) =>
    (frame.column(column).values as number[]).reduce((sum, count) => sum + count, 0);
  expect([total('training'), total('test')]).toEqual([60_000, 10_000]);
  expect(total('share (%)')).toBeCloseTo(100, 1);
});

test('a class without images counts 0', async () => {
  const dataset = await mnist;
  const frame = classCounts({ ...dataset, train: slice(dataset.train, 0, 3) });
  expect(frame.column('training').values).toEqual([1, 0, 0, 0, 1, 1, 0, 0, 0, 0]);
});

test('the sample table has a row for each of the first images', async () => {
  const { classes, train } = await mnist;
  const frame = sampleTable(train, classes, 3);
  expect(frame.columns).toEqual(['class', 'mean grey', 'brightest', 'pixels with ink']);
  expect(frame.column('class').values).toEqual(['5', '0', '4']);
  expect(frame.values[0]).toEqual(['5', 35.1, 255, 166]);
  expect(sampleTable(slice(train, 0, 2), classes).shape[0]).toBe(2);
});

import { loadMnist, slice } from '../../src/data';

test('a slice has the images of its range and shares their memory', async () => {
  const { train } = await loadMnist();
  const part = slice(train, 10, 13);
  expect(part).toMatchObject({ count: 3, height: 28, width: 28 });
  expect([...part.labels]).toEqual([...train.labels.subarray(10, 13)]);
  expect(part.images).toHaveLength(3 * 28 * 28);
  expect(part.images[0]).toBe(train.images[10 * 28 * 28]);
  expect(part.images.buffer).toBe(train.images.buffer);
});

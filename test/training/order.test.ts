import { shuffledOrder } from '../../src/training/order';

test('each epoch has an order of its own, in which each image comes once', () => {
  const order = shuffledOrder(1000, 0, 0);
  expect(Array.from(order).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 1000 }, (_, i) => i),
  );
  expect(order).not.toEqual(shuffledOrder(1000, 0, 1));
  expect(order).not.toEqual(shuffledOrder(1000, 1, 0));
});

test('the same seed and epoch give the same order', () => {
  expect(shuffledOrder(1000, 7, 3)).toEqual(shuffledOrder(1000, 7, 3));
  expect(Array.from(shuffledOrder(8, 0, 0))).toMatchInlineSnapshot(`
[
  2,
  3,
  6,
  1,
  4,
  0,
  5,
  7,
]
`);
});

test('all orders of three are about equally frequent', () => {
  const counts = new Map<string, number>();
  for (let seed = 0; seed < 6000; seed++) {
    const order = shuffledOrder(3, seed, 0).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  // Six times the standard deviation of a count, √(6000 · 1/6 · 5/6) ≈ 29.
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(175);
});

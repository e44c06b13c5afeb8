import { toCategorical } from '../../src/tensorflow';

test('class indices become one-hot rows of float32', () => {
  const rows = toCategorical([0, 2, 1], 3);
  expect(rows.dtype).toBe('float32');
  expect(rows.arraySync()).toEqual([
    [1, 0, 0],
    [0, 0, 1],
    [0, 1, 0],
  ]);
});

test('a label outside of the classes is refused, with its place', () => {
  expect(() => toCategorical(Uint8Array.of(0, 3), 3)).toThrow(
    new RangeError('label 3 at 1 is not a class from 0 to 2'),
  );
});

import type { ImageDataset, ImageSet } from '../../src/data';

/** Images `[count, side, side]` that show their class as a bright row: easily learnt. */
function rows(count: number, side: number): ImageSet {
  const images = new Uint8Array(count * side * side);
  const labels = Uint8Array.from({ length: count }, (_, i) => (i * 7) % 10);
  labels.forEach((label, i) => {
    const start = i * side * side + (label % side) * side;
    images.fill(label < side ? 255 : 120, start, start + side);
  });
  return { images, labels, count, height: side, width: side };
}

/** A data set of `count` training and half as many test images, for tests of what surrounds a fit. */
export const tiny = (count = 60, side = 8): ImageDataset => ({
  name: 'rows',
  classes: Array.from('0123456789'),
  train: rows(count, side),
  test: rows(count / 2, side),
});

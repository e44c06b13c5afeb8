import type { DataFrame } from 'danfojs-node';
import type { ImageDataset, ImageSet } from './image-set';

/** Loads danfojs on first use, since it takes a second. */
const makeFrame = (data: object): DataFrame => {
  const { DataFrame } = require('danfojs-node') as typeof import('danfojs-node');
  return new DataFrame(data);
};

/** Images of each class in a split, `[classes]`. */
export function countClasses(set: ImageSet, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of set.labels) counts[label]!++;
  return counts;
}

/** Images of each class in both splits: columns class, training, test, share of the training set. */
export function classCounts(dataset: ImageDataset): DataFrame {
  const { classes, train, test } = dataset;
  const training = countClasses(train, classes.length);
  return makeFrame({
    class: [...classes],
    training,
    test: countClasses(test, classes.length),
    'share (%)': training.map((count) => Number(((100 * count) / train.count).toFixed(2))),
  });
}

/** The first images as rows: class, mean and highest grey value (0 to 255), pixels that are not black. */
export function sampleTable(set: ImageSet, classes: readonly string[], count = 8): DataFrame {
  const size = set.height * set.width;
  const rows = Array.from({ length: Math.min(count, set.count) }, (_, i) => {
    const pixels = set.images.subarray(i * size, (i + 1) * size);
    const inked = pixels.filter((value) => value > 0);
    return {
      class: classes[set.labels[i]!]!,
      'mean grey': Number((pixels.reduce((sum, value) => sum + value, 0) / size).toFixed(1)),
      brightest: Math.max(...pixels),
      'pixels with ink': inked.length,
    };
  });
  return makeFrame(rows);
}

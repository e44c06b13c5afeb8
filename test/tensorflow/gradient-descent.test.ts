import { GradientDescent, tf } from '../../src/tensorflow';

const random = (seed: number) => tf.randomNormal([300, 200], 0, 1, 'float32', seed);

test('ten steps change a weight as tf.train.sgd does, to the last bit', () => {
  const weights = [tf.variable(random(1)), tf.variable(random(1))] as const;
  const optimizers = [new GradientDescent(0.01), tf.train.sgd(0.01)] as const;
  for (let step = 0; step < 10; step++) {
    optimizers.forEach((optimizer, i) => {
      const tensor = random(step + 2);
      optimizer.applyGradients([{ name: weights[i]!.name, tensor }]);
    });
  }
  expect(weights[0].dataSync()).toEqual(weights[1].dataSync());
  expect(weights[0].dataSync()).not.toEqual(random(1).dataSync());
});

test('copies of a weight and the array that it came from keep their numbers', () => {
  const array = Float32Array.from({ length: 64 }, (_, i) => i);
  const weight = tf.variable(tf.tensor1d(array));
  const optimizer = new GradientDescent(1);
  const step = () => optimizer.applyGradients([{ name: weight.name, tensor: tf.ones([64]) }]);
  step();
  const copy = weight.clone();
  const before = copy.arraySync();
  step();
  expect(array[10]).toBe(10);
  expect(copy.arraySync()).toEqual(before);
  expect((weight.arraySync() as number[])[10]).toBe(8);
});

test('a weight that other code has assigned to continues from there', () => {
  const weight = tf.variable(tf.zeros([3]));
  const optimizer = new GradientDescent(0.5);
  const step = () => optimizer.applyGradients([{ name: weight.name, tensor: tf.ones([3]) }]);
  step();
  weight.assign(tf.fill([3], 10));
  step();
  step();
  expect(weight.arraySync()).toEqual([9, 9, 9]);
});

test('minimize finds the least of a parabola, and memory stays as it was', () => {
  const weight = tf.variable(tf.scalar(5));
  const optimizer = new GradientDescent(0.1);
  const step = () => optimizer.minimize(() => weight.sub(2).square().asScalar(), false, [weight]);
  step();
  const { numTensors, numDataBuffers } = tf.memory();
  for (let i = 0; i < 100; i++) step();
  expect(weight.dataSync()[0]).toBeCloseTo(2, 5);
  expect(tf.memory()).toMatchObject({ numTensors, numDataBuffers });
  optimizer.dispose();
  weight.dispose();
});

test('a gradient of another shape is refused and leaves the weight as it was', () => {
  const weight = tf.variable(tf.ones([2]));
  const apply = () =>
    new GradientDescent(1).applyGradients([{ name: weight.name, tensor: tf.ones([3]) }]);
  expect(apply).toThrow(/The gradient of .*\[?2\]?.*3/);
  expect(weight.arraySync()).toEqual([1, 1]);
});

import {
  softmaxCrossEntropyWithLogits,
  type Tensor,
  type Tensor2D,
  tf,
  toCategorical,
} from '../../src/tensorflow';
import { python } from './python';

const labels = toCategorical([1, 0, 2], 3);
const logits = tf.tensor2d([
  [1, 2, -3],
  [80, -90, 0.5],
  [0.25, 0, 0.125],
]);
const loss = (x: Tensor) => softmaxCrossEntropyWithLogits(labels, x as Tensor2D);
const inputs = [labels, logits].map((x) => ({ data: x.dataSync(), shape: x.shape }));

test('the loss of each row is tf.nn.softmax_cross_entropy_with_logits', () => {
  const [theirs] = python(['tf.nn.softmax_cross_entropy_with_logits(x[0], x[1])'], inputs);
  expect(loss(logits).dataSync()).toEqual(theirs);
});

test('the gradient is softmax minus labels, weighted by what comes from above', () => {
  const weights = tf.tensor1d([1, 2, 3]);
  const ours = tf.grad((x) => loss(x).mul(weights).sum())(logits);
  const plain = tf.softmax(logits).sub(labels).mul(weights.expandDims(1));
  expect(ours.sub(plain).abs().max().dataSync()[0]).toBeLessThan(1e-6);
});

test('second derivatives are those of the softmax', () => {
  const ours = tf.grad((x) =>
    tf
      .grad((y) => loss(y).sum())(x)
      .square()
      .sum(),
  )(logits);
  const p = tf.softmax(logits);
  const doubled = p.sub(labels).mul(2);
  const byHand = p.mul(doubled.sub(doubled.mul(p).sum(1, true)));
  expect(ours.sub(byHand).abs().max().dataSync()[0]).toBeLessThan(1e-6);
  expect(byHand.abs().max().dataSync()[0]).toBeGreaterThan(0.1);
});

/** Five mistakes in TensorFlow, from TypeScript. Errors that the compiler reports are marked as expected. */
import { tf } from 'tandem/tensorflow';

function classifier() {
  const layers = [tf.layers.dense({ inputShape: [784], units: 10, activation: 'softmax' })];
  const model = tf.sequential({ layers });
  model.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy' });
  return model;
}

export const mistakes: Readonly<Record<string, () => unknown>> = {
  features: () => classifier().predict(tf.zeros([32, 64])),

  label: () => classifier().fit(tf.zeros([1, 784]), tf.tensor([10]), { verbose: 0 }),

  decimals: () => classifier().fit(tf.zeros([1, 784]), tf.tensor([3.5]), { verbose: 0 }),

  // @ts-expect-error
  option: () => tf.layers.conv2d({ filters: 32, kernelSize: 3, paddding: 'same' }),

  shapes: () => tf.ones([2, 3]).add(tf.ones([4])),
};

import * as tf from '@tensorflow/tfjs-node';

export const model = tf.sequential({
  layers: [
    tf.layers.conv2d({
      inputShape: [32, 32, 3],
      filters: 8,
      kernelSize: 3,
      strides: 2,
      padding: 'same',
      activation: 'relu',
    }),
    tf.layers.conv2d({
      filters: 16,
      kernelSize: 3,
      strides: 2,
      padding: 'same',
      activation: 'relu',
    }),
    tf.layers.flatten(),
    tf.layers.dense({ units: 10 }),
  ],
});
export const optimizer = tf.train.sgd(0.01);
export const loss = (target: tf.Tensor, output: tf.Tensor) =>
  tf.losses.softmaxCrossEntropy(tf.oneHot(target, 10), output);

import * as tf from '@tensorflow/tfjs-node';

export const model = tf.sequential({
  layers: [
    tf.layers.dense({ inputShape: [30], units: 64, activation: 'tanh' }),
    tf.layers.dense({ units: 3 }),
  ],
});
export const optimizer = tf.train.rmsprop(1e-3);
export const loss = (target: tf.Tensor, output: tf.Tensor) =>
  tf.losses.softmaxCrossEntropy(tf.oneHot(target, 3), output);

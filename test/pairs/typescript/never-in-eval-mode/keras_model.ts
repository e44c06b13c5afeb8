import * as tf from '@tensorflow/tfjs-node';

export const model = tf.sequential({
  layers: [
    tf.layers.dense({ inputShape: [40], units: 64, activation: 'relu' }),
    tf.layers.dropout({ rate: 0.5 }),
    tf.layers.dense({ units: 2 }),
  ],
});
export const optimizer = tf.train.sgd(0.01);
export const loss = (target: tf.Tensor, output: tf.Tensor) =>
  tf.losses.softmaxCrossEntropy(tf.oneHot(target, 2), output);

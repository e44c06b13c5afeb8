import * as tf from '@tensorflow/tfjs-node';

const kernelRegularizer = tf.regularizers.l2({ l2: 0.01 });
export const model = tf.sequential({
  layers: [
    tf.layers.dense({ inputShape: [30], units: 64, activation: 'relu', kernelRegularizer }),
    tf.layers.dense({ units: 3, kernelRegularizer }),
  ],
});
export const optimizer = tf.train.sgd(0.1);
export const loss = (target: tf.Tensor, output: tf.Tensor) =>
  tf.losses.softmaxCrossEntropy(tf.oneHot(target, 3), output);

import * as tf from '@tensorflow/tfjs-node';

export const model = tf.sequential({
  layers: [
    tf.layers.conv2d({ inputShape: [16, 16, 3], filters: 8, kernelSize: 3 }),
    tf.layers.batchNormalization(),
    tf.layers.reLU(),
    tf.layers.globalAveragePooling2d({}),
    tf.layers.dense({ units: 5 }),
  ],
});
export const optimizer = tf.train.sgd(0.05);
export const loss = (target: tf.Tensor, output: tf.Tensor) =>
  tf.losses.softmaxCrossEntropy(tf.oneHot(target, 5), output);

import * as tf from '@tensorflow/tfjs-node';

const input = tf.input({ shape: [24, 24, 3] });
let x = tf.layers
  .conv2d({ filters: 8, kernelSize: 3, padding: 'same', useBias: false, activation: 'relu' })
  .apply(input) as tf.SymbolicTensor;
const y = tf.layers
  .depthwiseConv2d({ kernelSize: 3, padding: 'same' })
  .apply(x) as tf.SymbolicTensor;
x = tf.layers.add().apply([x, y]) as tf.SymbolicTensor;
x = tf.layers.maxPooling2d({ poolSize: 2 }).apply(x) as tf.SymbolicTensor;
x = tf.layers.flatten().apply(x) as tf.SymbolicTensor;
x = tf.layers.dense({ units: 32, activation: 'relu' }).apply(x) as tf.SymbolicTensor;
export const model = tf.model({
  inputs: input,
  outputs: tf.layers.dense({ units: 7 }).apply(x) as tf.SymbolicTensor,
});
export const optimizer = tf.train.sgd(0.01);
export const loss = (target: tf.Tensor, output: tf.Tensor) =>
  tf.losses.softmaxCrossEntropy(tf.oneHot(target, 7), output);

import * as tf from '@tensorflow/tfjs-node';

const inner = tf.sequential({
  layers: [
    tf.layers.separableConv2d({
      inputShape: [8, 8, 3],
      filters: 4,
      kernelSize: 3,
      padding: 'same',
    }),
    tf.layers.prelu({ sharedAxes: [1, 2] } as never),
  ],
});
const input = tf.input({ shape: [8, 8, 3] });
let x = inner.apply(input) as tf.SymbolicTensor;
x = tf.layers.averagePooling2d({ poolSize: 2 }).apply(x) as tf.SymbolicTensor;
x = tf.layers.flatten().apply(x) as tf.SymbolicTensor;
x = tf.layers.dense({ units: 3, activation: 'hardSigmoid' }).apply(x) as tf.SymbolicTensor;
export const model = tf.model({ inputs: input, outputs: x });
export const loss = 'meanAbsoluteError';
export const optimizer = tf.train.adagrad(0.05);

import * as tf from '@tensorflow/tfjs-node';

const input = tf.input({ shape: [10], dtype: 'int32' });
let x = tf.layers.embedding({ inputDim: 30, outputDim: 8 }).apply(input) as tf.SymbolicTensor;
x = tf.layers
  .bidirectional({
    layer: tf.layers.lstm({
      units: 5,
      recurrentActivation: 'sigmoid',
      returnSequences: true,
    }) as tf.RNN,
    mergeMode: 'concat',
  })
  .apply(x) as tf.SymbolicTensor;
x = tf.layers.globalMaxPooling1d({}).apply(x) as tf.SymbolicTensor;
x = tf.layers.dropout({ rate: 0.3 }).apply(x) as tf.SymbolicTensor;
export const model = tf.model({
  inputs: input,
  outputs: tf.layers.dense({ units: 2, activation: 'softmax' }).apply(x) as tf.SymbolicTensor,
});
model.compile({ loss: 'categoricalCrossentropy', optimizer: tf.train.momentum(0.1, 0.9) });

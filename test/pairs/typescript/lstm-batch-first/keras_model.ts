import * as tf from '@tensorflow/tfjs-node';

export const model = tf.sequential({
  layers: [
    tf.layers.embedding({ inputLength: 16, inputDim: 50, outputDim: 10 }),
    tf.layers.lstm({ units: 24, recurrentActivation: 'sigmoid' }),
    tf.layers.dense({ units: 1, activation: 'sigmoid' }),
  ],
});
export const optimizer = tf.train.adam(1e-3);
export const loss = 'binaryCrossentropy';

import * as tf from '@tensorflow/tfjs-node';

export const model = tf.sequential({
  layers: [
    tf.layers.dense({ inputShape: [10], units: 32, activation: 'relu' }),
    tf.layers.dense({ units: 1 }),
  ],
});
export const optimizer = tf.train.adam(1e-3);
export const loss = 'meanSquaredError';

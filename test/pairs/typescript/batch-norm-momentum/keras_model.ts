import * as tf from '@tensorflow/tfjs-node';

export const model = tf.sequential({
  layers: [
    tf.layers.dense({ inputShape: [20], units: 16 }),
    tf.layers.batchNormalization({ momentum: 0.99, epsilon: 1e-5 }),
    tf.layers.activation({ activation: 'relu' }),
    tf.layers.dense({ units: 1 }),
  ],
});
export const optimizer = tf.train.adam(1e-3);
export const loss = 'meanSquaredError';

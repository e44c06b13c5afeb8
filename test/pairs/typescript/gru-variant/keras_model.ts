import * as tf from '@tensorflow/tfjs-node';

export const model = tf.sequential({
  layers: [
    tf.layers.gru({ inputShape: [12, 6], units: 8, recurrentActivation: 'sigmoid' }),
    tf.layers.dense({ units: 1 }),
  ],
});
export const optimizer = tf.train.adam(1e-3);
export const loss = 'meanSquaredError';

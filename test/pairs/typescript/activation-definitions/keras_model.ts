import * as tf from '@tensorflow/tfjs-node';

export const model = tf.sequential({
  layers: [
    tf.layers.dense({ inputShape: [20], units: 16 }),
    tf.layers.leakyReLU(),
    tf.layers.dense({ units: 16, activation: 'gelu' }),
    tf.layers.layerNormalization(),
    tf.layers.dense({ units: 4 }),
  ],
});
export const optimizer = tf.train.sgd(0.01);
export const loss = 'meanSquaredError';

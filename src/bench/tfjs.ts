/**
 * The article's models in tfjs-node as it comes, without the operators that src/tensorflow adds:
 * `node tfjs.js NAME` takes a workload's training steps and prints the seconds.
 */

import type { ModelRecipe } from '../models/pytorch';
import { tf } from '../tensorflow/runtime';
import { pytorchRecipe, tensorflowRecipe } from '../training/recipe';

async function steps(recipe: ModelRecipe, batch: number, count: number): Promise<number> {
  const { imageSize, pooling, hiddenUnits } = recipe;
  const model = tf.sequential();
  const conv = { kernelSize: 3, activation: 'relu' } as const;
  model.add(tf.layers.conv2d({ ...conv, filters: 32, inputShape: [imageSize, imageSize, 1] }));
  model.add(tf.layers.conv2d({ ...conv, filters: 64 }));
  model.add(tf.layers.maxPooling2d({ poolSize: pooling, strides: pooling }));
  model.add(tf.layers.flatten());
  if (hiddenUnits) model.add(tf.layers.dense({ units: hiddenUnits, activation: 'relu' }));
  model.add(tf.layers.dense({ units: 10, activation: 'softmax' }));
  model.compile({ optimizer: tf.train.sgd(0.01), loss: 'categoricalCrossentropy' });
  const x = tf.randomNormal([batch, imageSize, imageSize, 1]);
  const y = tf.oneHot(tf.randomUniformInt([batch], 0, 10), 10);
  const run = async (times: number) => {
    for (let i = 0; i < times; i++) await model.trainOnBatch(x, y);
  };
  await run(2);
  const start = process.hrtime.bigint();
  await run(count);
  return Number(process.hrtime.bigint() - start) / 1e9;
}

const workloads: Readonly<Record<string, () => Promise<number>>> = {
  'article-step': () => steps(pytorchRecipe, pytorchRecipe.batchSize, 60),
  'model-28': () => steps(tensorflowRecipe, tensorflowRecipe.batchSize, 30),
};

void workloads[process.argv[2]!]!().then((seconds) => console.log(JSON.stringify({ seconds })));

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadMnist, slice } from '../../data';
import { buildModel } from '../../models/tensorflow';
import { inProject } from '../../paths';
import { tf } from '../../tensorflow';
import { shuffledOrder } from '../../training/order';
import { tensorflowRecipe } from '../../training/recipe';
import { toArrays, trainStep } from '../../training/tensorflow';
import { runPython } from './python';
import type { Suite } from './suite';

const steps = 100;
const tolerance = 1e-4;

interface Weights {
  readonly shape: number[];
  readonly file: string;
}

/**
 * The article's TensorFlow recipe in Keras and in tfjs, from one set of initial weights and one order
 * of batches: the largest relative difference of the losses.
 */
export const articleTensorflow: Suite = async ({ seed, log }) => {
  const { batchSize } = tensorflowRecipe;
  const dataset = await loadMnist();
  const images = slice(dataset.train, 0, 6000);
  const order = shuffledOrder(images.count, seed, 0).subarray(0, steps * batchSize);
  const folder = mkdtempSync(inProject('build/parity-'));
  try {
    writeFileSync(join(folder, 'order.json'), JSON.stringify(Array.from(order)));
    log(`TensorFlow, ${steps} steps of ${batchSize}: Keras …`);
    const keras = await runPython<{ losses: number[]; weights: Weights[] }>('keras_article.py', [
      `--seed=${seed}`,
      `--batch=${batchSize}`,
      `--folder=${folder}`,
    ]);
    log('tfjs …');
    const model = buildModel(tensorflowRecipe, seed);
    model.setWeights(
      keras.weights.map(({ shape, file }) => {
        const { buffer, byteOffset, length } = readFileSync(join(folder, file));
        return tf.tensor(new Float32Array(buffer.slice(byteOffset, byteOffset + length)), shape);
      }),
    );
    const optimizer = tf.train.sgd(tensorflowRecipe.learningRate);
    const arrays = toArrays(images, tensorflowRecipe);
    const losses = Array.from({ length: steps }, (_, step) =>
      tf.tidy(() => {
        const at = tf.tensor1d(order.subarray(step * batchSize, (step + 1) * batchSize), 'int32');
        const [x, y] = [tf.gather(arrays.images, at), tf.gather(arrays.labels, at)];
        return trainStep(model, optimizer, tensorflowRecipe, x, y).loss;
      }),
    );
    const differences = losses.map((loss, i) => Math.abs(loss - keras.losses[i]!) / keras.losses[i]!);
    const largest = Math.max(...differences);
    return [
      {
        suite: 'article-tensorflow',
        ok: keras.losses.length === steps && largest <= tolerance,
        steps,
        largestRelativeDifference: largest,
        tolerance,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

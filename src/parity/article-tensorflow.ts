import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadMnist, slice } from '../data';
import { inProject } from '../files/paths';
import { buildModel, logitsOf } from '../models/tensorflow';
import { GradientDescent, tf } from '../tensorflow';
import { shuffledOrder } from '../training/order';
import { tensorflowRecipe } from '../training/recipe';
import { toArrays, trainStep } from '../training/tensorflow';
import { runPython } from './python';
import type { Suite } from './suite';

interface Weights {
  readonly shape: number[];
  readonly file: string;
}

interface Keras {
  /** The loss of each batch, run op by op as in tfjs. */
  readonly losses: number[];
  /** The same as Keras runs it by default, compiled into a graph. */
  readonly graphLosses: number[];
  readonly weights: Weights[];
}

/**
 * The article's TensorFlow recipe in Keras and in tfjs, from one set of initial weights and one order
 * of batches: every loss.
 */
export const articleTensorflow: Suite = async ({ seed, steps = 100, log }) => {
  const { batchSize } = tensorflowRecipe;
  const dataset = await loadMnist();
  const images = slice(dataset.train, 0, Math.max(6000, steps * batchSize));
  const order = shuffledOrder(images.count, seed, 0).subarray(0, steps * batchSize);
  const folder = mkdtempSync(inProject('build/parity-'));
  try {
    writeFileSync(join(folder, 'order.json'), JSON.stringify(Array.from(order)));
    log(`TensorFlow, ${steps} steps of ${batchSize}: Keras …`);
    const keras = await runPython<Keras>('keras_article.py', [
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
    const logits = logitsOf(model);
    const optimizer = new GradientDescent(tensorflowRecipe.learningRate);
    const arrays = toArrays(images, tensorflowRecipe);
    const losses = Array.from({ length: steps }, (_, step) =>
      tf.tidy(() => {
        const at = tf.tensor1d(order.subarray(step * batchSize, (step + 1) * batchSize), 'int32');
        const [x, y] = [tf.gather(arrays.images, at), tf.gather(arrays.labels, at)];
        return trainStep(logits, optimizer, x, y).loss;
      }),
    );
    const identical = losses.filter((loss, i) => Object.is(loss, keras.losses[i])).length;
    const graphDifference = Math.max(
      ...keras.graphLosses.map((loss, i) => Math.abs(loss / keras.losses[i]! - 1)),
    );
    return [
      {
        suite: 'article-tensorflow',
        ok: keras.losses.length === steps && identical === steps,
        steps,
        identical,
        // Keras' own two ways of running differ, since rounding grows with the steps.
        kerasGraphAgainstEager: graphDifference,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

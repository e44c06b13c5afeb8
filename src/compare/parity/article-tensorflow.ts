import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadMnist, slice } from '../../data';
import { buildModel, logitsOf } from '../../models/tensorflow';
import { inProject } from '../../paths';
import { GradientDescent, tf } from '../../tensorflow';
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

interface Keras {
  /** The loss of each batch, run op by op as tfjs does. */
  readonly losses: number[];
  /** The same as Keras runs it by default, compiled into a graph. */
  readonly graphLosses: number[];
  readonly weights: Weights[];
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
    const relative = (a: number[], b: number[]) =>
      Math.max(...a.map((value, i) => Math.abs(value - b[i]!) / b[i]!));
    const largest = relative(losses, keras.losses);
    return [
      {
        suite: 'article-tensorflow',
        ok: keras.losses.length === steps && largest <= tolerance,
        steps,
        largestRelativeDifference: largest,
        tolerance,
        // Keras' own two ways of running differ as well, since rounding grows with the steps.
        kerasGraphAgainstEager: relative(keras.graphLosses, keras.losses),
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

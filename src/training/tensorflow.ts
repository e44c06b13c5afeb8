import { setImmediate } from 'node:timers/promises';
import type { LayersModel, Optimizer } from '@tensorflow/tfjs-node';
import type { ImageDataset, ImageSet } from '../data/image-set';
import { buildModel, logitsOf } from '../models/tensorflow';
import {
  GradientDescent,
  preprocess,
  softmaxCrossEntropyWithLogits,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  tf,
  toCategorical,
} from '../tensorflow';
import type { FitOptions, History } from './history';
import { HistoryRecorder, type Metrics } from './history-recorder';
import { shuffledOrder } from './order';
import type { Recipe } from './recipe';
import { checkRecipe } from './recipe-check';
import { splits } from './splits';

/** Images float32 `[N, S, S, 1]` and one-hot labels float32 `[N, 10]`. */
interface Arrays {
  readonly images: Tensor4D;
  readonly labels: Tensor2D;
  readonly count: number;
}

/** An image set as TensorFlow reads it. */
export function toArrays(set: ImageSet, recipe: Recipe): Arrays {
  return {
    images: preprocess(set, recipe.imageSize, recipe.normalization),
    labels: toCategorical(set.labels, 10),
    count: set.count,
  };
}

const dispose = ({ images, labels }: Arrays) => tf.dispose([images, labels]);

/** Mean cross-entropy of logits against one-hot labels; a scalar. */
const lossOf = (logits: Tensor2D, labels: Tensor2D): Tensor =>
  softmaxCrossEntropyWithLogits(labels, logits).mean();

const correctOf = (output: Tensor2D, labels: Tensor2D): Tensor =>
  output.argMax(1).equal(labels.argMax(1)).sum();

/** From images to logits; see `logitsOf`. */
type Forward = (images: Tensor4D) => Tensor2D;

async function evaluate(forward: Forward, arrays: Arrays, signal?: AbortSignal): Promise<Metrics> {
  const batchSize = 256;
  let [loss, correct] = [0, 0];
  for (let start = 0; start < arrays.count; start += batchSize) {
    signal?.throwIfAborted();
    const size = Math.min(batchSize, arrays.count - start);
    tf.tidy(() => {
      const labels = arrays.labels.slice([start, 0], [size, -1]);
      const output = forward(arrays.images.slice(start, size));
      loss += lossOf(output, labels).dataSync()[0]! * size;
      correct += correctOf(output, labels).dataSync()[0]!;
    });
    await setImmediate();
  }
  return { loss: loss / arrays.count, accuracy: correct / arrays.count };
}

/** Batches of positions in the training set, in order or newly shuffled for each epoch. */
function* batches(
  recipe: Recipe,
  count: number,
  seed: number,
  epoch: number,
): Generator<Int32Array> {
  const order = recipe.shuffle
    ? shuffledOrder(count, seed, epoch)
    : Int32Array.from({ length: count }, (_, i) => i);
  for (let start = 0; start < count; start += recipe.batchSize) {
    yield order.subarray(start, start + recipe.batchSize);
  }
}

/**
 * Takes one step of gradient descent on a batch, as Keras' `fit` does inside. Returns the batch's mean
 * loss and the number of images classified correctly before the step.
 */
export function trainStep(
  forward: Forward,
  optimizer: Optimizer,
  images: Tensor4D,
  labels: Tensor2D,
): { loss: number; correct: number } {
  return tf.tidy(() => {
    let correct!: Tensor;
    const loss = optimizer.minimize(() => {
      const output = forward(images);
      correct = tf.keep(correctOf(output, labels));
      return lossOf(output, labels).asScalar();
    }, true)!;
    const result = { loss: loss.dataSync()[0]!, correct: correct.dataSync()[0]! };
    correct.dispose();
    return result;
  });
}

/**
 * Trains the article's model in TensorFlow by a recipe; the same seed gives the same history.
 * Rejects with the signal's reason when aborted, and with UserError for a recipe out of bounds or a
 * loss that is no longer a number.
 */
export async function fitTensorFlow(
  recipe: Recipe,
  dataset: ImageDataset,
  options: FitOptions = {},
): Promise<{ model: LayersModel; history: History }> {
  checkRecipe(recipe, dataset);
  const { seed = 0, signal } = options;
  const sets = splits(recipe, dataset);
  const training = toArrays(sets.training, recipe);
  const test = toArrays(sets.test, recipe);
  const validation = sets.validation === sets.test ? test : toArrays(sets.validation, recipe);
  const model = buildModel(recipe, seed);
  const optimizer = new GradientDescent(recipe.learningRate);
  try {
    const logits = logitsOf(model);
    const steps = Math.ceil(training.count / recipe.batchSize);
    const recorder = new HistoryRecorder(
      { framework: 'tensorflow', recipe, dataset, seed, stepsPerEpoch: steps },
      options.onProgress,
    );
    for (let epoch = 0; epoch < recipe.epochs; epoch++) {
      for (const positions of batches(recipe, training.count, seed, epoch)) {
        signal?.throwIfAborted();
        const result = tf.tidy(() => {
          const at = tf.tensor1d(positions, 'int32');
          return trainStep(
            logits,
            optimizer,
            tf.gather(training.images, at),
            tf.gather(training.labels, at),
          );
        });
        recorder.batch({ ...result, size: positions.length });
        await setImmediate();
      }
      recorder.epoch(await evaluate(logits, validation, signal));
    }
    return { model, history: recorder.end(await evaluate(logits, test, signal)) };
  } catch (error) {
    model.dispose();
    throw error;
  } finally {
    optimizer.dispose();
    for (const arrays of new Set([training, validation, test])) dispose(arrays);
  }
}

/** The class that a trained model gives to each image, `[N]`. */
export function predictTensorFlow(model: LayersModel, set: ImageSet, recipe: Recipe): number[] {
  return tf.tidy(() => {
    const images = preprocess(set, recipe.imageSize, recipe.normalization);
    const output = model.predict(images, { batchSize: 256 }) as Tensor2D;
    return Array.from(output.argMax(1).dataSync());
  });
}

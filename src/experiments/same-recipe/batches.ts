import * as torch from 'tandem-torch';
import type { ImageDataset } from '../../data';
import { tf, toCategorical } from '../../tensorflow';
import { shuffledOrder } from '../../training/order';
import { toTensors } from '../../training/pytorch';
import type { Recipe } from '../../training/recipe';
import { splits } from '../../training/splits';
import type { Batch } from './steps';

/** Images `[N, 1, S, S]` as `[N, S, S, 1]`: with one channel, the order is the same. */
const toNHWC = (images: torch.Tensor) => {
  const [count, , side] = images.shape as [number, number, number];
  return tf.tensor4d(images.toTypedArray() as Float32Array, [count, side, side, 1]);
};

/**
 * The batches of a recipe in both frameworks for a number of steps: the same images, prepared once,
 * in the same order.
 */
export function* sharedBatches(
  recipe: Recipe,
  dataset: ImageDataset,
  seed: number,
  steps: number,
): Generator<Batch> {
  const { training } = splits(recipe, dataset);
  const [allImages, allLabels] = toTensors(training, recipe).tensors as [
    torch.Tensor,
    torch.Tensor,
  ];
  const images = toNHWC(allImages);
  const labels = toCategorical(training.labels, dataset.classes.length);
  const { batchSize, shuffle } = recipe;
  try {
    for (let step = 0, epoch = 0; step < steps; epoch++) {
      const order = shuffle
        ? shuffledOrder(training.count, seed, epoch)
        : Int32Array.from({ length: training.count }, (_, i) => i);
      for (let start = 0; start < training.count && step < steps; start += batchSize, step++) {
        const positions = order.slice(start, start + batchSize);
        const at = torch.tensor(positions);
        const atTf = tf.tensor1d(positions, 'int32');
        const batch = {
          pytorch: { images: allImages.indexSelect(0, at), labels: allLabels.indexSelect(0, at) },
          tensorflow: {
            images: tf.gather(images, atTf),
            labels: tf.gather(labels, atTf),
          },
        };
        try {
          yield batch;
        } finally {
          for (const tensor of [at, ...Object.values(batch.pytorch)]) tensor.dispose();
          tf.dispose([atTf, batch.tensorflow.images, batch.tensorflow.labels]);
        }
      }
    }
  } finally {
    tf.dispose([images, labels]);
    allImages.dispose();
    allLabels.dispose();
  }
}

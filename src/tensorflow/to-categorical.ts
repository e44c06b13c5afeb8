import type { Tensor2D } from '@tensorflow/tfjs-node';
import { tf } from './runtime';

/**
 * Class indices `[N]` to one-hot rows float32 `[N, classes]` (`keras.utils.to_categorical`). Throws
 * RangeError for a label that is not one of the classes.
 */
export function toCategorical(labels: ArrayLike<number>, classes: number): Tensor2D {
  for (let i = 0; i < labels.length; i++) {
    if (labels[i]! < 0 || labels[i]! >= classes) {
      throw new RangeError(`label ${labels[i]} at ${i} is not a class from 0 to ${classes - 1}`);
    }
  }
  return tf.tidy(() =>
    tf.oneHot(tf.tensor1d(Int32Array.from(labels), 'int32'), classes).toFloat(),
  ) as Tensor2D;
}

import type { Tensor4D } from '@tensorflow/tfjs-node';
import { native } from './native';
import { tf } from './runtime';

/** Grey images as bytes; see `ImageSet`. */
export interface GreyImages {
  readonly images: Uint8Array;
  readonly count: number;
  readonly height: number;
  readonly width: number;
}

/**
 * Resizes float32 images `[N, H, W, C]`, bilinear with antialiasing: TensorFlow's own
 * `tf.image.resize(…, antialias=True)`, which tfjs lacks, by the same native operator.
 */
export function resize(images: Tensor4D, [height, width]: readonly [number, number]): Tensor4D {
  const [, fromHeight, fromWidth] = images.shape;
  return tf.tidy(() => {
    const size = tf.tensor1d([height, width], 'int32');
    const scale = tf.tensor1d([height / fromHeight, width / fromWidth]);
    const translation = tf.zeros([2]);
    const { binding } = native();
    return native().executeSingleOutput(
      'ScaleAndTranslate',
      [
        { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
        { name: 'kernel_type', type: binding.TF_ATTR_STRING, value: 'triangle' },
        { name: 'antialias', type: binding.TF_ATTR_BOOL, value: true },
      ],
      [images, size, scale, translation],
    ) as Tensor4D;
  });
}

/**
 * Resizes grey values from 0 to 255, along the rows and then along the columns, rounding in between, as
 * PIL and torchvision do: so both frameworks see the same images.
 */
function resizeBytes(images: Tensor4D, side: number): Tensor4D {
  const toBytes = (x: Tensor4D) => x.add<Tensor4D>(0.5).floor();
  const rows = toBytes(resize(images, [images.shape[1], side]));
  return toBytes(resize(rows, [side, side]));
}

/**
 * An image set as TensorFlow reads it: float32 `[N, S, S, 1]`, resized where the size differs,
 * scaled to 0 to 1 and, unless `unit`, normalised by mean and deviation.
 */
export function preprocess(
  set: GreyImages,
  imageSize: number,
  normalization: 'unit' | { readonly mean: number; readonly std: number } = 'unit',
): Tensor4D {
  return tf.tidy(() => {
    const bytes = tf.tensor4d(new Float32Array(set.images), [set.count, set.height, set.width, 1]);
    const fits = set.height === imageSize && set.width === imageSize;
    const sized = fits ? bytes : resizeBytes(bytes, imageSize);
    const unit = sized.div<Tensor4D>(255);
    if (normalization === 'unit') return unit;
    return unit.sub(normalization.mean).div<Tensor4D>(normalization.std);
  });
}

import type { Tensor4D } from '@tensorflow/tfjs-node';
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
    const backend = tf.backend() as unknown as NativeBackend;
    return backend.executeSingleOutput(
      'ScaleAndTranslate',
      [
        { name: 'T', type: backend.binding.TF_ATTR_TYPE, value: backend.binding.TF_FLOAT },
        { name: 'kernel_type', type: backend.binding.TF_ATTR_STRING, value: 'triangle' },
        { name: 'antialias', type: backend.binding.TF_ATTR_BOOL, value: true },
      ],
      [images, size, scale, translation],
    ) as Tensor4D;
  });
}

/** The part of tfjs-node's backend that runs any TensorFlow operator by its name. */
interface NativeBackend {
  executeSingleOutput(name: string, attributes: object[], inputs: object[]): unknown;
  readonly binding: Readonly<Record<string, number>>;
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
    const bytes = tf.tensor4d(Float32Array.from(set.images), [set.count, set.height, set.width, 1]);
    const sized = set.height === imageSize ? bytes : resize(bytes, [imageSize, imageSize]).round();
    const unit = sized.div<Tensor4D>(255);
    if (normalization === 'unit') return unit;
    return unit.sub(normalization.mean).div<Tensor4D>(normalization.std);
  });
}

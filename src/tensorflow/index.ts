/** TensorFlow: tfjs-node on the native library, and what the article's model needs on top of it. */
import { useNativeKernels } from './native-kernels';

export type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-node';
export { softmaxCrossEntropyWithLogits } from './cross-entropy';
export { GradientDescent } from './gradient-descent';
export { preprocess, resize } from './images';
export { tf } from './runtime';
export { toCategorical } from './to-categorical';

useNativeKernels();

/** TensorFlow: tfjs-node on the native library, with the operators that the article's model also needs. */
import { useNativeKernels } from './native-kernels';

export type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-node';
export { softmaxCrossEntropyWithLogits } from './cross-entropy';
export { GradientDescent } from './gradient-descent';
export { preprocess, resize } from './images';
export { tf } from './runtime';
export { toCategorical } from './to-categorical';

useNativeKernels();

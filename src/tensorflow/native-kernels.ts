import type { GradConfig, GradSaveFunc, KernelConfig, Tensor } from '@tensorflow/tfjs-node';
import { native } from './native';
import { tf } from './runtime';

/** TensorFlow's own gradient of a bias: float32 `[…, C]` summed to `[C]` (`BiasAddGrad`). */
const biasAddGrad = tf.customGrad((dy) => {
  const { binding } = native();
  const attributes = [
    { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: 'data_format', type: binding.TF_ATTR_STRING, value: 'NHWC' },
  ];
  return {
    value: native().executeSingleOutput('BiasAddGrad', attributes, [dy as Tensor]),
    gradFunc: (ddy: Tensor) => ddy.broadcastTo((dy as Tensor).shape),
  };
});

/** TensorFlow's own gradient of a ReLU (`ReluGrad`), in one pass instead of three. */
const reluGrad: (dy: Tensor, x: Tensor) => Tensor = tf.customGrad((dy, x, save) => {
  const { binding } = native();
  const type = { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
  (save as GradSaveFunc)([x as Tensor]);
  return {
    value: native().executeSingleOutput('ReluGrad', [type], [dy as Tensor, x as Tensor]),
    gradFunc: (ddy: Tensor, [saved]: Tensor[]) => [reluGrad(ddy, saved!), tf.zerosLike(saved!)],
  };
});

/** A product of two matrices by `MatMul`, for matrices or batches of one. */
function matMul(a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor {
  const { binding } = native();
  const matrix = (x: Tensor) => (x.rank === 2 ? x : x.reshape(x.shape.slice(-2)));
  return tf.tidy(() => {
    const product = native().executeSingleOutput(
      'MatMul',
      [
        { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
        { name: 'transpose_a', type: binding.TF_ATTR_BOOL, value: transposeA },
        { name: 'transpose_b', type: binding.TF_ATTR_BOOL, value: transposeB },
      ],
      [matrix(a), matrix(b)],
    );
    const batch = a.rank >= b.rank ? a.shape.slice(0, -2) : b.shape.slice(0, -2);
    return batch.length > 0 ? product.reshape([...batch, ...product.shape]) : product;
  });
}

const isMatrix = ({ shape, dtype }: Tensor): boolean =>
  dtype === 'float32' && shape.slice(0, -2).every((size) => size === 1);

/**
 * Installs the operators that Python's TensorFlow runs where tfjs runs others that round differently:
 * MatMul for BatchMatMul, BiasAddGrad and ReluGrad for compositions. With them, training follows Python's
 * to float32 rounding. The article's layers need no others.
 */
export function useNativeKernels(): void {
  const batchMatMul = tf.getKernel('BatchMatMul', 'tensorflow') as KernelConfig;
  tf.unregisterKernel('BatchMatMul', 'tensorflow');
  tf.registerKernel({
    ...batchMatMul,
    kernelFunc: (call) => {
      const { a, b } = call.inputs as { a: Tensor; b: Tensor };
      const { transposeA, transposeB } = call.attrs as { transposeA: boolean; transposeB: boolean };
      if (!isMatrix(a) || !isMatrix(b)) return batchMatMul.kernelFunc(call);
      return matMul(a, b, transposeA, transposeB);
    },
  });

  const replace = (config: GradConfig) => {
    tf.unregisterGradient(config.kernelName);
    tf.registerGradient(config);
  };
  const add = tf.getGradient('Add') as GradConfig;
  replace({
    ...add,
    gradFunc: (dy, saved, attributes) => {
      const gradients = add.gradFunc(dy, saved, attributes);
      const [a, b] = saved as [Tensor, Tensor];
      const channels = a.shape.at(-1);
      const isBias =
        a.rank > 1 && a.size > b.size && b.size === channels && b.shape.at(-1) === channels;
      return isBias
        ? { ...gradients, b: () => biasAddGrad(dy as Tensor).reshape(b.shape) }
        : gradients;
    },
  });
  replace({
    kernelName: 'Relu',
    inputsToSave: ['x'],
    gradFunc: (dy, saved) => ({ x: () => reluGrad(dy as Tensor, saved[0]!) }),
  });
}

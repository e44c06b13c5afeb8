import type { GradSaveFunc, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-node';
import { native } from './native';
import { tf } from './runtime';

/**
 * Cross-entropy of each row of logits against a row of probabilities, both float32 `[N, C]`, by
 * TensorFlow's fused operator (`tf.nn.softmax_cross_entropy_with_logits`), which Keras uses behind a
 * softmax as well. tfjs has no such operator; its own losses take logarithms of rounded
 * probabilities.
 * @returns float32 `[N]`, in nats.
 */
export const softmaxCrossEntropyWithLogits = (labels: Tensor2D, logits: Tensor2D): Tensor1D =>
  tf.customGrad((x, save) => {
    const inputs = [x as Tensor2D, labels];
    const { binding } = native();
    const type = { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
    const [loss, gradient] = native().executeMultipleOutputs(
      'SoftmaxCrossEntropyWithLogits',
      [type],
      inputs,
      2,
    ) as [Tensor1D, Tensor2D];
    (save as GradSaveFunc)([gradient]);
    return {
      value: loss as Tensor,
      gradFunc: (dy: Tensor, [saved]: Tensor[]) => (dy as Tensor1D).expandDims(1).mul(saved!),
    };
  })(logits) as Tensor1D;

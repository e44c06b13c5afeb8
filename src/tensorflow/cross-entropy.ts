import type { GradSaveFunc, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-node';
import { native } from './native';
import { tf } from './runtime';

/** The fused operator: losses `[N]` and their gradient by the logits, `[N, C]`. */
function lossAndGradient(labels: Tensor2D, logits: Tensor2D): [Tensor1D, Tensor2D] {
  const { binding } = native();
  const type = { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
  const outputs = native().executeMultipleOutputs(
    'SoftmaxCrossEntropyWithLogits',
    [type],
    [logits, labels],
    2,
  );
  return outputs as [Tensor1D, Tensor2D];
}

/** The gradient from the operator, itself differentiable for second derivatives. */
const differentiable = (gradient: Tensor, logits: Tensor): Tensor =>
  tf.customGrad((x, save) => {
    (save as GradSaveFunc)([x as Tensor]);
    return {
      value: gradient.clone(),
      gradFunc: (dy: Tensor, [saved]: Tensor[]) => {
        const p = tf.softmax(saved!);
        return p.mul(dy.sub(dy.mul(p).sum(1, true)));
      },
    };
  })(logits);

/**
 * Cross-entropy of each row of logits against a row of probabilities, both float32 `[N, C]`, by
 * TensorFlow's fused operator (`tf.nn.softmax_cross_entropy_with_logits`), which Keras also uses after a
 * softmax. tfjs has no such operator; its losses take logarithms of rounded probabilities. The labels
 * are constants: they get no gradient.
 * @returns float32 `[N]`, in nats.
 */
export const softmaxCrossEntropyWithLogits = (labels: Tensor2D, logits: Tensor2D): Tensor1D =>
  tf.customGrad((x, save) => {
    const [loss, gradient] = lossAndGradient(labels, x as Tensor2D);
    (save as GradSaveFunc)([gradient, x as Tensor]);
    return {
      value: loss as Tensor,
      gradFunc: (dy: Tensor, [saved, at]: Tensor[]) =>
        dy.expandDims(1).mul(differentiable(saved!, at!)),
    };
  })(logits) as Tensor1D;

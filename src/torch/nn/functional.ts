/** `torch.nn.functional`: the layers and losses as functions of their inputs and weights. */
import * as nn from '../generated/nn';
import type { Tensor } from '../tensor';

export {
  adaptiveAvgPool1d,
  adaptiveMaxPool1d,
  avgPool1d,
  conv1d,
  conv2d,
  conv3d,
  logSoftmax,
  maxPool1d,
  maxPool2d,
  maxPool3d,
  relu,
  sigmoid,
  softmax,
  tanh,
} from '../generated/functions';
export { avgPool2d, avgPool3d, linear } from '../generated/nn';

/** How a loss is reduced over its elements. */
export type Reduction = 'none' | 'mean' | 'sum';

/** ATen's numbers for the reductions. */
export const reductions: Readonly<Record<Reduction, number>> = { none: 0, mean: 1, sum: 2 };

export interface CrossEntropyOptions {
  /** Weight of each class, `[C]`. */
  weight?: Tensor | null;
  /** A label whose elements don't count. */
  ignoreIndex?: number;
  reduction?: Reduction;
  /** Share of the target that is spread evenly over the classes, 0 to 1. */
  labelSmoothing?: number;
}

/**
 * Cross-entropy of logits against classes (`torch.nn.functional.cross_entropy`).
 * @param input Logits, `[N, C]` or `[N, C, d1, …]`.
 * @param target Class indices int64, `[N]` or `[N, d1, …]`, or probabilities of the input's shape.
 */
export function crossEntropy(
  input: Tensor,
  target: Tensor,
  options: CrossEntropyOptions = {},
): Tensor {
  const { weight = null, ignoreIndex = -100, reduction = 'mean', labelSmoothing = 0 } = options;
  return nn.crossEntropyLoss(
    input,
    target,
    weight,
    reductions[reduction],
    ignoreIndex,
    labelSmoothing,
  );
}

export interface NllLossOptions {
  /** Weight of each class, `[C]`. */
  weight?: Tensor | null;
  ignoreIndex?: number;
  reduction?: Reduction;
}

/**
 * Negative log-likelihood of log-probabilities `[N, C]` or `[N, C, d1, …]` against class indices
 * (`torch.nn.functional.nll_loss`).
 */
export function nllLoss(input: Tensor, target: Tensor, options: NllLossOptions = {}): Tensor {
  const { weight = null, ignoreIndex = -100, reduction = 'mean' } = options;
  return nn.nllLossNd(input, target, weight, reductions[reduction], ignoreIndex);
}

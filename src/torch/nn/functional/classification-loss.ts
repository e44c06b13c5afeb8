/** Losses between predictions and classes. */

import { named } from '../../arguments';
import { TorchError } from '../../errors';
import * as f from '../../generated/functions';
import * as n from '../../generated/nn';
import type { Tensor } from '../../tensor';
import {
  type LossOptions,
  type Reduction,
  reductionNumber,
  type WeightedLossOptions,
} from './reduction';

export interface NllLossOptions extends WeightedLossOptions {
  /** A label whose elements don't count. Default −100. */
  ignoreIndex?: number;
}

/**
 * Negative log-likelihood of log-probabilities `[N, C]` or `[N, C, d1, …]` against class indices
 * int64 (`torch.nn.functional.nll_loss`).
 */
export const nllLoss = named<'nll_loss', { input: Tensor; target: Tensor }, NllLossOptions>(
  'nll_loss',
  (
    input: Tensor,
    target: Tensor,
    weight: Tensor | null,
    ignoreIndex: number,
    reduction: Reduction,
  ) => n.nllLossNd(input, target, weight, reductionNumber('nll_loss', reduction), ignoreIndex),
);

export interface CrossEntropyOptions extends WeightedLossOptions {
  /** A label whose elements don't count. Default −100. */
  ignoreIndex?: number;
  /** Share of the target that is spread evenly over the classes, 0 to 1. */
  labelSmoothing?: number;
}

/**
 * Cross-entropy of logits against classes (`torch.nn.functional.cross_entropy`).
 * @param input Logits, `[N, C]` or `[N, C, d1, …]`.
 * @param target Class indices int64, `[N]` or `[N, d1, …]`, or probabilities of the input's shape.
 */
export const crossEntropy = named<
  'cross_entropy',
  { input: Tensor; target: Tensor },
  CrossEntropyOptions
>(
  'cross_entropy',
  (
    input: Tensor,
    target: Tensor,
    weight: Tensor | null,
    ignoreIndex: number,
    reduction: Reduction,
    labelSmoothing: number,
  ) =>
    n.crossEntropyLoss(
      input,
      target,
      weight,
      reductionNumber('cross_entropy', reduction),
      ignoreIndex,
      labelSmoothing,
    ),
);

export interface CtcLossOptions extends LossOptions {
  /** The blank label. Default 0. */
  blank?: number;
  /** Count an infinite loss, of a target that does not fit, as zero. */
  zeroInfinity?: boolean;
}

type Lengths = Tensor | readonly number[];

/**
 * Connectionist temporal classification (`torch.nn.functional.ctc_loss`; Graves et al. 2006).
 * @param logProbs `[T, N, C]` or `[T, C]`.
 * @param targets `[N, S]`, or all of them one after the other.
 * @param inputLengths How much of each `logProbs` counts, at most T; `targetLengths` likewise.
 */
export const ctcLoss = named<
  'ctc_loss',
  { logProbs: Tensor; targets: Tensor; inputLengths: Lengths; targetLengths: Lengths },
  CtcLossOptions
>(
  'ctc_loss',
  (
    logProbs: Tensor,
    targets: Tensor,
    inputLengths: Tensor,
    targetLengths: Tensor,
    blank: number,
    reduction: Reduction,
    zeroInfinity: boolean,
  ) =>
    f.ctcLoss(
      logProbs,
      targets,
      inputLengths,
      targetLengths,
      blank,
      reductionNumber('ctc_loss', reduction),
      zeroInfinity,
    ),
);

/** A shape as Python writes a tuple. */
const tuple = (shape: readonly number[]): string =>
  `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;

export interface LinearCrossEntropyOptions extends Omit<CrossEntropyOptions, 'ignoreIndex'> {
  ignoreIndex?: number | null;
  /** `[C]`, or `[C, …outFeatures]`. */
  linearBias?: Tensor | null;
}

/**
 * Cross-entropy of a linear layer's output against classes (`torch.nn.functional.linear_cross_entropy`):
 * input `[N, F]` or `[F]`, weight `[C, F]` or `[C, …outFeatures, F]`.
 */
export const linearCrossEntropy = named<
  'linear_cross_entropy',
  { input: Tensor; linearWeight: Tensor; target: Tensor },
  LinearCrossEntropyOptions
>(
  'linear_cross_entropy',
  (
    input: Tensor,
    linearWeight: Tensor,
    target: Tensor,
    linearBias: Tensor | null,
    weight: Tensor | null,
    reduction: Reduction,
    ignoreIndex: number | null,
    labelSmoothing: number,
  ) => {
    const fail = (message: string) =>
      new TorchError(message, 'RuntimeError', 'linear_cross_entropy');
    if (input.ndim < 1 || input.ndim > 2) {
      throw fail(`expected input with dimensionality 1 or 2, got ${input.ndim}`);
    }
    if (linearWeight.ndim < 2) {
      throw fail(`expected linear_weight with dimensionality at least 2, got ${linearWeight.ndim}`);
    }
    const [features, own] = [input.shape.at(-1)!, linearWeight.shape.at(-1)!];
    if (features !== own) {
      throw fail(
        'expected equal input and linear_weight last dimensions (in_features), got ' +
          `${features} and ${own}, respectively`,
      );
    }
    const outputs = linearWeight.shape.slice(0, -1);
    if (linearBias && String(linearBias.shape) !== String(outputs)) {
      throw fail(`expected linear_bias shape ${tuple(outputs)}, got ${tuple(linearBias.shape)}`);
    }
    if (outputs.length > 1 && input.ndim === 1) {
      throw fail(
        `K-dimensional loss defined by linear_weight shape ${tuple(linearWeight.shape)} requires ` +
          `batched input, (N, ${features}), got unbatched input with shape ${tuple(input.shape)}`,
      );
    }
    const logitsShape = [...input.shape.slice(0, -1), ...outputs];
    if (ignoreIndex !== null && String(target.shape) === String(logitsShape)) {
      throw fail('ignore_index cannot be specified when target contains probabilities');
    }
    const flat = outputs.length > 1;
    const logits = n
      .linear(
        input,
        flat ? linearWeight.reshape(-1, features) : linearWeight,
        flat && linearBias ? linearBias.reshape(-1) : linearBias,
      )
      .reshape(logitsShape);
    return crossEntropy(logits, target, {
      weight,
      reduction,
      ignoreIndex: ignoreIndex ?? -100,
      labelSmoothing,
    });
  },
);

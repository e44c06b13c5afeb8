/** Losses between predictions and classes or probabilities. */
import { TorchError } from '../../errors';
import * as f from '../../generated/functions';
import * as n from '../../generated/nn';
import type { Tensor } from '../../tensor';
import { shapeText } from '../repr';
import { named } from './named';
import {
  broadcast,
  type LossOptions,
  type Reduction,
  reduce,
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
export const nllLoss = named<(input: Tensor, target: Tensor, options?: NllLossOptions) => Tensor>(
  'nll_loss',
  ['input', 'target', 'weight', 'ignoreIndex', 'reduction'],
  (
    input: Tensor,
    target: Tensor,
    weight: Tensor | null = null,
    ignoreIndex = -100,
    reduction: Reduction = 'mean',
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
  (input: Tensor, target: Tensor, options?: CrossEntropyOptions) => Tensor
>(
  'cross_entropy',
  ['input', 'target', 'weight', 'ignoreIndex', 'reduction', 'labelSmoothing'],
  (
    input: Tensor,
    target: Tensor,
    weight: Tensor | null = null,
    ignoreIndex = -100,
    reduction: Reduction = 'mean',
    labelSmoothing = 0,
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

/**
 * Cross-entropy of probabilities against probabilities of the same shape
 * (`torch.nn.functional.binary_cross_entropy`).
 */
export const binaryCrossEntropy = named<
  (input: Tensor, target: Tensor, options?: WeightedLossOptions) => Tensor
>(
  'binary_cross_entropy',
  ['input', 'target', 'weight', 'reduction'],
  (input: Tensor, target: Tensor, weight: Tensor | null = null, reduction: Reduction = 'mean') => {
    const by = reductionNumber('binary_cross_entropy', reduction);
    if (String(target.shape) !== String(input.shape)) {
      throw new TorchError(
        `Using a target size (${shapeText(target.shape)}) that is different to the input size ` +
          `(${shapeText(input.shape)}) is deprecated. Please ensure they have the same size.`,
        'ValueError',
        'binary_cross_entropy',
      );
    }
    const wide = weight && broadcast([weight, target])[0];
    return n.binaryCrossEntropy(input, target, wide, by);
  },
);

export interface BinaryCrossEntropyWithLogitsOptions extends WeightedLossOptions {
  /** Weight of each class's positive examples, `[C]`. */
  posWeight?: Tensor | null;
}

/**
 * Cross-entropy of logits against probabilities of the same shape
 * (`torch.nn.functional.binary_cross_entropy_with_logits`).
 */
export const binaryCrossEntropyWithLogits = named<
  (input: Tensor, target: Tensor, options?: BinaryCrossEntropyWithLogitsOptions) => Tensor
>(
  'binary_cross_entropy_with_logits',
  ['input', 'target', 'weight', 'reduction', 'posWeight'],
  (
    input: Tensor,
    target: Tensor,
    weight: Tensor | null = null,
    reduction: Reduction = 'mean',
    posWeight: Tensor | null = null,
  ) => {
    const by = reductionNumber('binary_cross_entropy_with_logits', reduction);
    if (String(target.shape) !== String(input.shape)) {
      throw new TorchError(
        `Target size (${shapeText(target.shape)}) must be the same as input size (${shapeText(input.shape)})`,
        'ValueError',
        'binary_cross_entropy_with_logits',
      );
    }
    return f.binaryCrossEntropyWithLogits(input, target, weight, posWeight, by);
  },
);

export interface KlDivOptions {
  /** `batchmean` divides by the batch's size, as the mathematics has it. Default mean. */
  reduction?: Reduction | 'batchmean';
  /** Whether the target is logarithms as well. */
  logTarget?: boolean;
}

/** Kullback–Leibler divergence of log-probabilities from probabilities (`torch.nn.functional.kl_div`). */
export const klDiv = named<(input: Tensor, target: Tensor, options?: KlDivOptions) => Tensor>(
  'kl_div',
  ['input', 'target', 'reduction', 'logTarget'],
  (
    input: Tensor,
    target: Tensor,
    reduction: Reduction | 'batchmean' = 'mean',
    logTarget = false,
  ) => {
    const by = reductionNumber('kl_div', reduction === 'batchmean' ? 'sum' : reduction);
    const loss = f.klDiv(input, target, by, { logTarget });
    const byBatch = reduction === 'batchmean' && input.ndim > 0;
    return byBatch ? loss.div(input.shape[0]!) : loss;
  },
);

export interface CtcLossOptions extends LossOptions {
  /** The blank label. Default 0. */
  blank?: number;
  /** Count an infinite loss, of a target that does not fit, as zero. */
  zeroInfinity?: boolean;
}

/**
 * Connectionist temporal classification (`torch.nn.functional.ctc_loss`; Graves et al. 2006).
 * @param logProbs `[T, N, C]` or `[T, C]`.
 * @param targets `[N, S]`, or all of them one after the other.
 * @param inputLengths How much of each `logProbs` counts, at most T; `targetLengths` likewise.
 */
export const ctcLoss = named<
  <Lengths extends Tensor | readonly number[]>(
    logProbs: Tensor,
    targets: Tensor,
    inputLengths: Lengths,
    targetLengths: Lengths,
    options?: CtcLossOptions,
  ) => Tensor
>(
  'ctc_loss',
  ['logProbs', 'targets', 'inputLengths', 'targetLengths', 'blank', 'reduction', 'zeroInfinity'],
  (
    logProbs: Tensor,
    targets: Tensor,
    inputLengths: Tensor,
    targetLengths: Tensor,
    blank = 0,
    reduction: Reduction = 'mean',
    zeroInfinity = false,
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
  (
    input: Tensor,
    linearWeight: Tensor,
    target: Tensor,
    options?: LinearCrossEntropyOptions,
  ) => Tensor
>(
  'linear_cross_entropy',
  [
    'input',
    'linearWeight',
    'target',
    'linearBias',
    'weight',
    'reduction',
    'ignoreIndex',
    'labelSmoothing',
  ],
  (
    input: Tensor,
    linearWeight: Tensor,
    target: Tensor,
    linearBias: Tensor | null = null,
    weight: Tensor | null = null,
    reduction: Reduction = 'mean',
    ignoreIndex: number | null = null,
    labelSmoothing = 0,
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

/**
 * Binary cross-entropy of several labels for each sample, `[N, C]`
 * (`torch.nn.functional.multilabel_soft_margin_loss`).
 */
export const multilabelSoftMarginLoss = named<
  (input: Tensor, target: Tensor, options?: WeightedLossOptions) => Tensor
>(
  'multilabel_soft_margin_loss',
  ['input', 'target', 'weight', 'reduction'],
  (input: Tensor, target: Tensor, weight: Tensor | null = null, reduction: Reduction = 'mean') => {
    const yes = target.mul(n.logSigmoid(input));
    const no = f.rsub(target, 1).mul(n.logSigmoid(input.neg()));
    const loss = yes.add(no).neg();
    const dim = input.ndim - 1;
    const mean = (weight ? loss.mul(weight) : loss).sum(dim).div(input.shape[dim]!);
    return reduce('multilabel_soft_margin_loss', mean, reduction);
  },
);

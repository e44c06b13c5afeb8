/** Losses between probabilities. */

import { named } from '../../arguments';
import { TorchError } from '../../errors';
import * as f from '../../generated/functions';
import * as n from '../../generated/nn';
import type { Tensor } from '../../tensor';
import { shapeText } from '../repr';
import {
  broadcast,
  type Reduction,
  reduce,
  reductionNumber,
  type WeightedLossOptions,
} from './reduction';
import { warn } from './warning';

/**
 * Cross-entropy of probabilities against probabilities of the same shape
 * (`torch.nn.functional.binary_cross_entropy`).
 */
export const binaryCrossEntropy = named<
  'binary_cross_entropy',
  { input: Tensor; target: Tensor },
  WeightedLossOptions
>(
  'binary_cross_entropy',
  (input: Tensor, target: Tensor, weight: Tensor | null, reduction: Reduction) => {
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
  'binary_cross_entropy_with_logits',
  { input: Tensor; target: Tensor },
  BinaryCrossEntropyWithLogitsOptions
>(
  'binary_cross_entropy_with_logits',
  (
    input: Tensor,
    target: Tensor,
    weight: Tensor | null,
    reduction: Reduction,
    posWeight: Tensor | null,
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
export const klDiv = named<'kl_div', { input: Tensor; target: Tensor }, KlDivOptions>(
  'kl_div',
  (input: Tensor, target: Tensor, reduction: Reduction | 'batchmean', logTarget: boolean) => {
    if (reduction === 'mean') {
      warn(
        "reduction: 'mean' divides the total loss by both the batch size and the support size." +
          "'batchmean' divides only by the batch size, and aligns with the KL div math definition." +
          "'mean' will be changed to behave the same as 'batchmean' in the next major release.",
      );
    }
    const by = reductionNumber('kl_div', reduction === 'batchmean' ? 'sum' : reduction);
    const loss = f.klDiv(input, target, by, { logTarget });
    const byBatch = reduction === 'batchmean' && input.ndim > 0;
    return byBatch ? loss.div(input.shape[0]!) : loss;
  },
);

/**
 * Binary cross-entropy of several labels for each sample, `[N, C]`
 * (`torch.nn.functional.multilabel_soft_margin_loss`).
 */
export const multilabelSoftMarginLoss = named<
  'multilabel_soft_margin_loss',
  { input: Tensor; target: Tensor },
  WeightedLossOptions
>(
  'multilabel_soft_margin_loss',
  (input: Tensor, target: Tensor, weight: Tensor | null, reduction: Reduction) => {
    const yes = target.mul(n.logSigmoid(input));
    const no = f.rsub(target, 1).mul(n.logSigmoid(input.neg()));
    const loss = yes.add(no).neg();
    const dim = input.ndim - 1;
    const mean = (weight ? loss.mul(weight) : loss).sum(dim).div(input.shape[dim]!);
    return reduce('multilabel_soft_margin_loss', mean, reduction);
  },
);

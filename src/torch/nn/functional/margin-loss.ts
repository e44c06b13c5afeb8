/** Losses that require distances or scores to differ by a margin. */

import { named } from '../../arguments';
import { TorchError } from '../../errors';
import * as f from '../../generated/functions';
import * as n from '../../generated/nn';
import type { Tensor } from '../../tensor';
import { float, shapeText } from '../repr';
import {
  type LossOptions,
  type Reduction,
  reduce,
  reductionNumber,
  type WeightedLossOptions,
} from './reduction';

export interface MarginOptions extends LossOptions {
  margin?: number;
}

/**
 * Wants `input1` above `input2` where the target is 1, and below where it is −1
 * (`torch.nn.functional.margin_ranking_loss`). The margin is 0 unless given.
 */
export const marginRankingLoss = named<
  'margin_ranking_loss',
  { input1: Tensor; input2: Tensor; target: Tensor },
  MarginOptions
>(
  'margin_ranking_loss',
  (input1: Tensor, input2: Tensor, target: Tensor, margin: number, reduction: Reduction) => {
    const by = reductionNumber('margin_ranking_loss', reduction);
    if (input1.ndim !== input2.ndim || input1.ndim !== target.ndim) {
      throw new TorchError(
        'margin_ranking_loss : All input tensors should have same dimension but got sizes: ' +
          `input1: ${shapeText(input1.shape)}, input2: ${shapeText(input2.shape)}, target: ${shapeText(target.shape)} `,
        'RuntimeError',
        'margin_ranking_loss',
      );
    }
    return f.marginRankingLoss(input1, input2, target, margin, by);
  },
);

/**
 * Wants distances small where the target is 1, and above the margin, 1 unless given, where it is −1
 * (`torch.nn.functional.hinge_embedding_loss`).
 */
export const hingeEmbeddingLoss = named<
  'hinge_embedding_loss',
  { input: Tensor; target: Tensor },
  MarginOptions
>('hinge_embedding_loss', (input: Tensor, target: Tensor, margin: number, reduction: Reduction) =>
  f.hingeEmbeddingLoss(input, target, margin, reductionNumber('hinge_embedding_loss', reduction)),
);

/**
 * Wants the angle between `[N, D]` and `[N, D]` small where the target `[N]` is 1, and its cosine
 * below the margin, 0 unless given, where it is −1 (`torch.nn.functional.cosine_embedding_loss`).
 */
export const cosineEmbeddingLoss = named<
  'cosine_embedding_loss',
  { input1: Tensor; input2: Tensor; target: Tensor },
  MarginOptions
>(
  'cosine_embedding_loss',
  (input1: Tensor, input2: Tensor, target: Tensor, margin: number, reduction: Reduction) =>
    f.cosineEmbeddingLoss(
      input1,
      input2,
      target,
      margin,
      reductionNumber('cosine_embedding_loss', reduction),
    ),
);

/** `log(1 + exp(−target · input))`, targets ±1 (`torch.nn.functional.soft_margin_loss`). */
export const softMarginLoss = named<
  'soft_margin_loss',
  { input: Tensor; target: Tensor },
  LossOptions
>('soft_margin_loss', (input: Tensor, target: Tensor, reduction: Reduction) =>
  n.softMarginLoss(input, target, reductionNumber('soft_margin_loss', reduction)),
);

/**
 * Wants the scores `[N, C]` of the target's classes above all others by 1; the target's rows are
 * class indices that end at the first −1 (`torch.nn.functional.multilabel_margin_loss`).
 */
export const multilabelMarginLoss = named<
  'multilabel_margin_loss',
  { input: Tensor; target: Tensor },
  LossOptions
>('multilabel_margin_loss', (input: Tensor, target: Tensor, reduction: Reduction) =>
  n.multilabelMarginLoss(input, target, reductionNumber('multilabel_margin_loss', reduction)),
);

export interface MultiMarginOptions extends WeightedLossOptions {
  /** 1 or 2, the power of each difference. */
  p?: 1 | 2;
  margin?: number;
}

/**
 * Wants the score of the target's class above all others by the margin, 1 unless given
 * (`torch.nn.functional.multi_margin_loss`).
 */
export const multiMarginLoss = named<
  'multi_margin_loss',
  { input: Tensor; target: Tensor },
  MultiMarginOptions
>(
  'multi_margin_loss',
  (
    input: Tensor,
    target: Tensor,
    p: number,
    margin: number,
    weight: Tensor | null,
    reduction: Reduction,
  ) => {
    const by = reductionNumber('multi_margin_loss', reduction);
    const fail = (message: string) => new TorchError(message, 'ValueError', 'multi_margin_loss');
    if (p !== 1 && p !== 2) throw fail('only p == 1 and p == 2 supported');
    if (weight && weight.ndim !== 1) throw fail('weight must be one-dimensional');
    return n.multiMarginLoss(input, target, p, { float: margin }, weight, by);
  },
);

export interface TripletMarginOptions extends MarginOptions {
  /** The distance's norm. Default 2. */
  p?: number;
  eps?: number;
  /** Take the positive's distance to the negative where it is the smaller one. */
  swap?: boolean;
}

const checkMargin = (op: string, margin: number): void => {
  if (margin <= 0) {
    const message = `margin must be greater than 0, got ${float(margin)}`;
    throw new TorchError(message, 'ValueError', op);
  }
};

/**
 * Wants the anchor closer to the positive than to the negative by the margin, 1 unless given; all
 * `[N, D]` (`torch.nn.functional.triplet_margin_loss`).
 */
export const tripletMarginLoss = named<
  'triplet_margin_loss',
  { anchor: Tensor; positive: Tensor; negative: Tensor },
  TripletMarginOptions
>(
  'triplet_margin_loss',
  (
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    margin: number,
    p: number,
    eps: number,
    swap: boolean,
    reduction: Reduction,
  ) => {
    const by = reductionNumber('triplet_margin_loss', reduction);
    checkMargin('triplet_margin_loss', margin);
    return f.tripletMarginLoss(anchor, positive, negative, margin, p, eps, swap, by);
  },
);

/** Distances `[N]` between `[N, D]` and `[N, D]`. */
export type DistanceFunction = (a: Tensor, b: Tensor) => Tensor;

export interface TripletMarginWithDistanceOptions extends MarginOptions {
  /** Default: `F.pairwiseDistance`. */
  distanceFunction?: DistanceFunction | null;
  swap?: boolean;
}

/**
 * The triplet margin loss with a distance of one's own
 * (`torch.nn.functional.triplet_margin_with_distance_loss`).
 */
export const tripletMarginWithDistanceLoss = named<
  'triplet_margin_with_distance_loss',
  { anchor: Tensor; positive: Tensor; negative: Tensor },
  TripletMarginWithDistanceOptions
>(
  'triplet_margin_with_distance_loss',
  (
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    distanceFunction: DistanceFunction | null,
    margin: number,
    swap: boolean,
    reduction: Reduction,
  ) => {
    const op = 'triplet_margin_with_distance_loss';
    reductionNumber(op, reduction);
    checkMargin(op, margin);
    if (anchor.ndim !== positive.ndim || positive.ndim !== negative.ndim) {
      throw new TorchError(
        'The anchor, positive, and negative tensors are expected to have the same number of ' +
          `dimensions, but got: anchor ${anchor.ndim}D, positive ${positive.ndim}D, and negative ${negative.ndim}D inputs`,
        'RuntimeError',
        op,
      );
    }
    const distance = distanceFunction ?? f.pairwiseDistance;
    const near = distance(anchor, positive);
    let far = distance(anchor, negative);
    if (swap) far = far.minimum(distance(positive, negative));
    return reduce(op, near.add({ float: margin }).sub(far).clampMin(0), reduction);
  },
);

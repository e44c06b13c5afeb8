import { type Args, type Bound, bind } from '../../arguments';
import { TorchError } from '../../errors';
import type { Tensor } from '../../tensor';
import type {
  DistanceFunction,
  LossOptions,
  MarginOptions,
  MultiMarginOptions,
  TripletMarginOptions,
} from '../functional';
import * as F from '../functional';
import { Module } from '../module';
import { float } from '../repr';
import { PairwiseDistance } from './distance';
import { Loss, PlainLoss, WeightedLoss } from './loss';

/** Wants one input above the other; see `F.marginRankingLoss` (`torch.nn.MarginRankingLoss`). */
export class MarginRankingLoss extends Loss {
  readonly margin: number;
  constructor(...args: Args<'MarginRankingLoss', unknown, MarginOptions>) {
    const bound = bind<Bound<MarginOptions>>('MarginRankingLoss', args);
    super(bound);
    this.margin = bound.margin;
  }
  forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    const { margin, reduction } = this;
    return F.marginRankingLoss(input1, input2, target, { margin, reduction });
  }
}

/** Wants distances small or large; see `F.hingeEmbeddingLoss` (`torch.nn.HingeEmbeddingLoss`). */
export class HingeEmbeddingLoss extends Loss {
  readonly margin: number;
  constructor(...args: Args<'HingeEmbeddingLoss', unknown, MarginOptions>) {
    const bound = bind<Bound<MarginOptions>>('HingeEmbeddingLoss', args);
    super(bound);
    this.margin = bound.margin;
  }
  forward(input: Tensor, target: Tensor): Tensor {
    const { margin, reduction } = this;
    return F.hingeEmbeddingLoss(input, target, { margin, reduction });
  }
}

/** Wants angles small or large; see `F.cosineEmbeddingLoss` (`torch.nn.CosineEmbeddingLoss`). */
export class CosineEmbeddingLoss extends Loss {
  readonly margin: number;
  constructor(...args: Args<'CosineEmbeddingLoss', unknown, MarginOptions>) {
    const bound = bind<Bound<MarginOptions>>('CosineEmbeddingLoss', args);
    super(bound);
    this.margin = bound.margin;
  }
  forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    const { margin, reduction } = this;
    return F.cosineEmbeddingLoss(input1, input2, target, { margin, reduction });
  }
}

/** `log(1 + exp(−target · input))`, targets ±1 (`torch.nn.SoftMarginLoss`). */
export class SoftMarginLoss extends PlainLoss {
  forward(input: Tensor, target: Tensor): Tensor {
    return F.softMarginLoss(input, target, { reduction: this.reduction });
  }
}

/** Wants several classes above the others; see `F.multilabelMarginLoss` (`torch.nn.MultiLabelMarginLoss`). */
export class MultiLabelMarginLoss extends PlainLoss {
  forward(input: Tensor, target: Tensor): Tensor {
    return F.multilabelMarginLoss(input, target, { reduction: this.reduction });
  }
}

/** Wants the target's class above the others; see `F.multiMarginLoss` (`torch.nn.MultiMarginLoss`). */
export class MultiMarginLoss extends WeightedLoss {
  readonly p: 1 | 2;
  readonly margin: number;
  constructor(...args: Args<'MultiMarginLoss', unknown, MultiMarginOptions>) {
    const bound = bind<Bound<MultiMarginOptions>>('MultiMarginLoss', args);
    super(bound);
    const { p, margin, weight } = bound;
    const fail = (message: string) => new TorchError(message, 'ValueError');
    if (p !== 1 && p !== 2) throw fail('only p == 1 and p == 2 supported');
    if (weight && weight.ndim !== 1) {
      throw fail(
        `MultiMarginLoss: expected weight to be None or 1D tensor, got ${weight.ndim}D instead`,
      );
    }
    this.p = p;
    this.margin = margin;
  }
  forward(input: Tensor, target: Tensor): Tensor {
    const { p, margin, weight, reduction } = this;
    return F.multiMarginLoss(input, target, { p, margin, weight, reduction });
  }
}

function checkMargin(name: string, margin: number): void {
  if (margin > 0) return;
  throw new TorchError(
    `${name}: expected margin to be greater than 0, got ${float(margin)} instead`,
    'ValueError',
  );
}

/** Wants the anchor near the positive; see `F.tripletMarginLoss` (`torch.nn.TripletMarginLoss`). */
export class TripletMarginLoss extends Loss {
  readonly margin: number;
  readonly p: number;
  readonly eps: number;
  readonly swap: boolean;
  constructor(...args: Args<'TripletMarginLoss', unknown, TripletMarginOptions>) {
    const bound = bind<Bound<TripletMarginOptions>>('TripletMarginLoss', args);
    super(bound);
    const { margin, p, eps, swap } = bound;
    checkMargin('TripletMarginLoss', margin);
    this.margin = margin;
    this.p = p;
    this.eps = eps;
    this.swap = swap;
  }
  forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    const { margin, p, eps, swap, reduction } = this;
    return F.tripletMarginLoss(anchor, positive, negative, { margin, p, eps, swap, reduction });
  }
}

export interface TripletMarginWithDistanceLossOptions extends LossOptions {
  /** A function or a module of two inputs. Default: `PairwiseDistance`. */
  distanceFunction?: DistanceFunction | Module | null;
  margin?: number;
  swap?: boolean;
}

/** The triplet margin loss with a distance of one's own (`torch.nn.TripletMarginWithDistanceLoss`). */
export class TripletMarginWithDistanceLoss extends Loss {
  readonly distanceFunction: DistanceFunction | Module;
  readonly margin: number;
  readonly swap: boolean;
  constructor(
    ...args: Args<'TripletMarginWithDistanceLoss', unknown, TripletMarginWithDistanceLossOptions>
  ) {
    const bound = bind<Bound<TripletMarginWithDistanceLossOptions>>(
      'TripletMarginWithDistanceLoss',
      args,
    );
    super(bound);
    const { margin, swap } = bound;
    checkMargin('TripletMarginWithDistanceLoss', margin);
    this.distanceFunction = bound.distanceFunction ?? new PairwiseDistance();
    this.margin = margin;
    this.swap = swap;
  }
  override stateName(property: string): string {
    return property === 'distanceFunction' ? 'distance_function' : property;
  }
  forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    const { distanceFunction: distance, margin, swap, reduction } = this;
    return F.tripletMarginWithDistanceLoss(anchor, positive, negative, {
      distanceFunction: distance instanceof Module ? (a, b) => distance.call(a, b) : distance,
      margin,
      swap,
      reduction,
    });
  }
}

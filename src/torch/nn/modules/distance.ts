import { type Args, type Bound, bind } from '../../arguments';
import type { Tensor } from '../../tensor';
import * as F from '../functional';
import { Module } from '../module';

interface PairwiseOptions {
  /** The norm's order. Default 2. */
  p?: number;
  /** Default 1e-6. */
  eps?: number;
  keepdim?: boolean;
}

/** The norm of the difference of `[N, D]` and `[N, D]`, `[N]` (`torch.nn.PairwiseDistance`). */
export class PairwiseDistance extends Module {
  readonly norm: number;
  readonly eps: number;
  readonly keepdim: boolean;
  constructor(...args: Args<'PairwiseDistance', unknown, PairwiseOptions>) {
    super();
    const { p, eps, keepdim } = bind<Bound<PairwiseOptions>>('PairwiseDistance', args);
    this.norm = p;
    this.eps = eps;
    this.keepdim = keepdim;
  }
  forward(x1: Tensor, x2: Tensor): Tensor {
    return F.pairwiseDistance(x1, x2, this.norm, this.eps, this.keepdim);
  }
}

interface CosineOptions {
  /** Default 1. */
  dim?: number;
  /** Default 1e-8. */
  eps?: number;
}

/** The cosine of the angle between vectors along a dimension (`torch.nn.CosineSimilarity`). */
export class CosineSimilarity extends Module {
  readonly dim: number;
  readonly eps: number;
  constructor(...args: Args<'CosineSimilarity', unknown, CosineOptions>) {
    super();
    const { dim, eps } = bind<Bound<CosineOptions>>('CosineSimilarity', args);
    this.dim = dim;
    this.eps = eps;
  }
  forward(x1: Tensor, x2: Tensor): Tensor {
    return F.cosineSimilarity(x1, x2, this.dim, this.eps);
  }
}

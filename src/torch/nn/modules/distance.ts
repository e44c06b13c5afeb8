import type { Tensor } from '../../tensor';
import * as F from '../functional';
import { Module } from '../module';

/** The norm of the difference of `[N, D]` and `[N, D]`, `[N]` (`torch.nn.PairwiseDistance`). */
export class PairwiseDistance extends Module {
  readonly norm: number;
  readonly eps: number;
  readonly keepdim: boolean;
  constructor({
    p = 2,
    eps = 1e-6,
    keepdim = false,
  }: { p?: number; eps?: number; keepdim?: boolean } = {}) {
    super();
    this.norm = p;
    this.eps = eps;
    this.keepdim = keepdim;
  }
  forward(x1: Tensor, x2: Tensor): Tensor {
    return F.pairwiseDistance(x1, x2, this.norm, this.eps, this.keepdim);
  }
}

/** The cosine of the angle between vectors along a dimension (`torch.nn.CosineSimilarity`). */
export class CosineSimilarity extends Module {
  readonly dim: number;
  readonly eps: number;
  constructor({ dim = 1, eps = 1e-8 }: { dim?: number; eps?: number } = {}) {
    super();
    this.dim = dim;
    this.eps = eps;
  }
  forward(x1: Tensor, x2: Tensor): Tensor {
    return F.cosineSimilarity(x1, x2, this.dim, this.eps);
  }
}

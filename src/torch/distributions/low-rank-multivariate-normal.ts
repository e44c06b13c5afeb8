import { type Args, type Bound, bind } from '../arguments';
import { TorchError } from '../errors';
import { broadcastTensors } from '../functional';
import { diagEmbed, matmul } from '../generated/functions';
import { cholesky, solveTriangular } from '../generated/linalg';
import type { Tensor } from '../tensor';
import * as constraints from './constraints';
import { batchMahalanobis, batchMv, logDiagonal } from './covariance';
import type { SampleShape, Validation } from './distribution';
import { parametric } from './family';
import { standardNormal } from './parameters';

/** `W D⁻¹`, transposed. */
const overDiagonal = (factor: Tensor, diagonal: Tensor): Tensor =>
  factor.mT.div(diagonal.unsqueeze(-2));

/** Adds 1 to the diagonals of matrices, in place. */
function addIdentity(matrices: Tensor): Tensor {
  const n = matrices.size(-1);
  matrices
    .view(-1, n * n)
    .index(`:, ::${n + 1}`)
    .add_(1);
  return matrices;
}

/** @internal */
export const lowRankLogDet = (_factor: Tensor, diagonal: Tensor, capacitance: Tensor): Tensor =>
  logDiagonal(capacitance).mul(2).add(diagonal.log().sum(-1));

/** @internal */
export function lowRankMahalanobis(
  factor: Tensor,
  diagonal: Tensor,
  x: Tensor,
  capacitance: Tensor,
): Tensor {
  const projected = batchMv(overDiagonal(factor, diagonal), x);
  return x.pow(2).div(diagonal).sum(-1).sub(batchMahalanobis(capacitance, projected));
}

interface LowRankNeeded {
  loc: Tensor;
  covFactor: Tensor;
  covDiag: Tensor;
}

/** A multivariate normal distribution of covariance `F Fᵀ + D` (`torch.distributions.LowRankMultivariateNormal`). */
export class LowRankMultivariateNormal extends parametric(
  {
    loc: constraints.realVector,
    covFactor: constraints.independent(constraints.real, 2),
    covDiag: constraints.independent(constraints.positive, 1),
  },
  { support: constraints.realVector, hasRsample: true },
) {
  /** @internal */
  readonly factor: Tensor;
  /** @internal */
  readonly diagonal: Tensor;
  /** @internal */
  readonly capacitance: Tensor;

  constructor(...args: Args<'LowRankMultivariateNormal', LowRankNeeded, Validation>) {
    super();
    const bound = bind<Bound<LowRankNeeded, Validation>>('LowRankMultivariateNormal', args);
    const { loc, covFactor, covDiag, ...rest } = bound;
    const refuse = (message: string) => new TorchError(message, 'ValueError');
    if (loc.ndim < 1) throw refuse('loc must be at least one-dimensional.');
    const [size] = loc.shape.slice(-1);
    if (covFactor.ndim < 2) {
      throw refuse(
        'cov_factor must be at least two-dimensional, with optional leading batch dimensions',
      );
    }
    if (covFactor.shape.at(-2) !== size) {
      throw refuse(`cov_factor must be a batch of matrices with shape ${size} x m`);
    }
    if (covDiag.shape.at(-1) !== size) {
      throw refuse(`cov_diag must be a batch of vectors with shape torch.Size([${size}])`);
    }
    const [locs, factors, diagonals] = broadcastTensors(
      loc.unsqueeze(-1),
      covFactor,
      covDiag.unsqueeze(-1),
    ) as [Tensor, Tensor, Tensor];
    const given = {
      loc: locs.index('..., 0'),
      covFactor: factors,
      covDiag: diagonals.index('..., 0'),
    };
    this.factor = covFactor;
    this.diagonal = covDiag;
    const small = matmul(overDiagonal(covFactor, covDiag), covFactor).contiguous();
    this.capacitance = cholesky(addIdentity(small));
    this.setUp(given, rest, given.loc.shape.slice(0, -1), [size!]);
  }
  override get mean() {
    return this.loc;
  }
  override get mode() {
    return this.loc;
  }
  private whole(matrix: Tensor): Tensor {
    return matrix.expand([...this.batchShape, ...this.eventShape, ...this.eventShape]);
  }
  override get variance() {
    return this.factor
      .pow(2)
      .sum(-1)
      .add(this.diagonal)
      .expand([...this.batchShape, ...this.eventShape]);
  }
  get scaleTril(): Tensor {
    return this.parameter('scaleTril', () => {
      const roots = this.diagonal.sqrt().unsqueeze(-1);
      const scaled = this.factor.div(roots);
      const inner = addIdentity(matmul(scaled, scaled.mT).contiguous());
      return this.whole(roots.mul(cholesky(inner)));
    });
  }
  get covarianceMatrix(): Tensor {
    return this.parameter('covarianceMatrix', () =>
      this.whole(matmul(this.factor, this.factor.mT).add(diagEmbed(this.diagonal))),
    );
  }
  get precisionMatrix(): Tensor {
    return this.parameter('precisionMatrix', () => {
      const projected = overDiagonal(this.factor, this.diagonal);
      const a = solveTriangular(this.capacitance, projected, { upper: false });
      return this.whole(diagEmbed(this.diagonal.reciprocal()).sub(a.mT.matmul(a)));
    });
  }
  override rsample(sampleShape: SampleShape = []) {
    const shape = this.extendedShape(sampleShape);
    const rank = this.covFactor.shape.at(-1)!;
    const ofFactor = standardNormal([...shape.slice(0, -1), rank], this.loc);
    const ofDiagonal = standardNormal(shape, this.loc);
    return this.loc.add(batchMv(this.factor, ofFactor)).add(this.diagonal.sqrt().mul(ofDiagonal));
  }
  override logProb(value: Tensor) {
    this.checkValue(value);
    const { capacitance, diagonal, factor } = this;
    const distance = lowRankMahalanobis(factor, diagonal, value.sub(this.loc), capacitance);
    const logDet = lowRankLogDet(factor, diagonal, capacitance);
    const constant = this.eventShape[0]! * Math.log(2 * Math.PI);
    return logDet.add(constant).add(distance).mul(-0.5);
  }
  override entropy() {
    const logDet = lowRankLogDet(this.factor, this.diagonal, this.capacitance);
    const constant = this.eventShape[0]! * (1 + Math.log(2 * Math.PI));
    const result = logDet.add(constant).mul(0.5);
    return this.batchShape.length === 0 ? result : result.expand(this.batchShape);
  }
}

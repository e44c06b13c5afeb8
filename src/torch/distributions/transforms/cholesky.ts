import { TorchError } from '../../errors';
import { cumsum, eye, sub } from '../../generated/functions';
import { cholesky } from '../../generated/linalg';
import * as F from '../../nn/functional';
import { finfo } from '../../number-info';
import type { Tensor } from '../../tensor';
import * as constraints from '../constraints';
import { trilMatrixToVec, vecToTrilMatrix } from '../parameters';
import { between, type Shape, tooFew } from './transform';

/** Real vectors to the Cholesky factors of correlation matrices. */
export class CorrCholeskyTransform extends between(
  constraints.realVector,
  constraints.corrCholesky,
  { bijective: true },
) {
  protected override apply(vector: Tensor) {
    const { eps } = finfo(vector.dtype);
    const x = vector.tanh().clamp(-1 + eps, 1 - eps);
    const r = vecToTrilMatrix(x, -1);
    const roots = sub(1, r.pow(2)).sqrt().cumprod(-1);
    const n = r.shape.at(-1)!;
    const whole = r.add(eye(n, { dtype: r.dtype, device: r.device }));
    return whole.mul(F.pad(roots.index('..., :-1'), [1, 0], { value: 1 }));
  }
  protected override inverse(y: Tensor) {
    const rest = sub(1, cumsum(y.mul(y), -1));
    const shifted = F.pad(rest.index('..., :-1'), [1, 0], { value: 1 });
    const t = trilMatrixToVec(y, -1).div(trilMatrixToVec(shifted, -1).sqrt());
    return t.log1p().sub(t.neg().log1p()).div(2);
  }
  override logAbsDetJacobian(x: Tensor, y: Tensor) {
    const rest = sub(1, y.mul(y).cumsum(-1));
    const breaking = trilMatrixToVec(rest, -2).log().sum(-1).mul(0.5);
    const bending = x
      .add(F.softplus(x.mul(-2)))
      .sub(Math.log(2))
      .sum(-1)
      .mul(-2);
    return breaking.add(bending);
  }
  override forwardShape(shape: Shape) {
    if (shape.length < 1) throw tooFew();
    const n = shape.at(-1)!;
    const d = Math.round((0.25 + 2 * n) ** 0.5 + 0.5);
    if ((d * (d - 1)) / 2 !== n) {
      throw new TorchError('Input is not a flattened lower-diagonal number', 'ValueError');
    }
    return [...shape.slice(0, -1), d, d];
  }
  override inverseShape(shape: Shape) {
    if (shape.length < 2) throw tooFew();
    const d = shape.at(-1)!;
    if (shape.at(-2) !== d) throw new TorchError('Input is not square', 'ValueError');
    return [...shape.slice(0, -2), (d * (d - 1)) / 2];
  }
  protected override equalsOwn() {
    return false;
  }
}

/** Any matrix to a lower triangular one with a positive diagonal. */
export class LowerCholeskyTransform extends between(
  constraints.independent(constraints.real, 2),
  constraints.lowerCholesky,
) {
  protected override apply(x: Tensor) {
    return x.tril(-1).add(x.diagonal({ dim1: -2, dim2: -1 }).exp().diagEmbed());
  }
  protected override inverse(y: Tensor) {
    return y.tril(-1).add(y.diagonal({ dim1: -2, dim2: -1 }).log().diagEmbed());
  }
}

/** Any matrix to a positive definite one. */
export class PositiveDefiniteTransform extends between(
  constraints.independent(constraints.real, 2),
  constraints.positiveDefinite,
) {
  protected override apply(x: Tensor) {
    const factor = new LowerCholeskyTransform().call(x);
    return factor.matmul(factor.mT);
  }
  protected override inverse(y: Tensor) {
    return new LowerCholeskyTransform().inv.call(cholesky(y));
  }
}

import { type Args, type Bound, bind } from '../arguments';
import { TorchError } from '../errors';
import { broadcastShapes } from '../functional';
import { choleskyInverse, matmul } from '../generated/functions';
import type { Tensor } from '../tensor';
import * as constraints from './constraints';
import {
  batchMahalanobis,
  batchMv,
  type Covariance,
  factorOf,
  logDiagonal,
  oneOf,
} from './covariance';
import type { SampleShape } from './distribution';
import { parametric } from './family';
import { standardNormal } from './parameters';

interface Loc {
  loc: Tensor;
}

/** (`torch.distributions.MultivariateNormal`) */
export class MultivariateNormal extends parametric(
  {
    loc: constraints.realVector,
    covarianceMatrix: constraints.positiveDefinite,
    precisionMatrix: constraints.positiveDefinite,
    scaleTril: constraints.lowerCholesky,
  },
  { support: constraints.realVector, hasRsample: true },
) {
  /** @internal The Cholesky factor of the covariance, not expanded. */
  readonly factor: Tensor;

  constructor(...args: Args<'MultivariateNormal', Loc, Covariance>) {
    super();
    const { loc, ...rest } = bind<Bound<Loc, Covariance>>('MultivariateNormal', args);
    if (loc.ndim < 1) throw new TorchError('loc must be at least one-dimensional.', 'ValueError');
    const [name, matrix] = oneOf(rest, 'ValueError');
    const batch = broadcastShapes(matrix.shape.slice(0, -2), loc.shape.slice(0, -1));
    const given = { loc: loc.expand([...batch, -1]), [name]: matrix.expand([...batch, -1, -1]) };
    this.factor = matrix;
    this.setUp(given, rest, batch, loc.shape.slice(-1));
    this.factor = factorOf(name, matrix);
  }
  private get matrixShape(): number[] {
    return [...this.batchShape, ...this.eventShape, ...this.eventShape];
  }
  override get scaleTril(): Tensor {
    return this.parameter('scaleTril', () => this.factor.expand(this.matrixShape));
  }
  override get covarianceMatrix(): Tensor {
    return this.parameter('covarianceMatrix', () =>
      matmul(this.factor, this.factor.mT).expand(this.matrixShape),
    );
  }
  override get precisionMatrix(): Tensor {
    return this.parameter('precisionMatrix', () =>
      choleskyInverse(this.factor).expand(this.matrixShape),
    );
  }
  override get mean() {
    return this.loc;
  }
  override get mode() {
    return this.loc;
  }
  override get variance() {
    return this.factor
      .pow(2)
      .sum(-1)
      .expand([...this.batchShape, ...this.eventShape]);
  }
  override rsample(sampleShape: SampleShape = []) {
    const noise = standardNormal(this.extendedShape(sampleShape), this.loc);
    return this.loc.add(batchMv(this.factor, noise));
  }
  override logProb(value: Tensor) {
    this.checkValue(value);
    const distance = batchMahalanobis(this.factor, value.sub(this.loc));
    const constant = this.eventShape[0]! * Math.log(2 * Math.PI);
    return distance.add(constant).mul(-0.5).sub(logDiagonal(this.factor));
  }
  override entropy() {
    const constant = 0.5 * this.eventShape[0]! * (1 + Math.log(2 * Math.PI));
    const result = logDiagonal(this.factor).add(constant);
    return this.batchShape.length === 0 ? result : result.expand(this.batchShape);
  }
}

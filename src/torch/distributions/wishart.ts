import { type Args, type Bound, bind } from '../arguments';
import { tensor } from '../creation';
import { TorchError } from '../errors';
import { broadcastShapes, einsum } from '../functional';
import {
  arange,
  choleskySolve,
  digamma,
  eye,
  mvlgamma,
  randn,
  trilIndices,
} from '../generated/functions';
import { slogdet } from '../generated/linalg';
import { finfo } from '../number-info';
import type { Tensor } from '../tensor';
import type { Constraint } from './constraints';
import * as constraints from './constraints';
import { type Covariance, factorOf, logDiagonal, oneOf } from './covariance';
import { ExponentialFamily, type Param, type SampleShape } from './distribution';
import { Chi2 } from './gamma';
import { put } from './parameters';

/** The logarithmic derivative of the multivariate gamma function. */
function multivariateDigamma(x: Tensor, p: number): Tensor {
  const { dtype, device } = x;
  const halves = arange(p, { dtype, device }).div(2);
  return digamma(x.unsqueeze(-1).sub(halves.expand([...x.shape, -1]))).sum(-1);
}

/** Positive definite matrices (`torch.distributions.Wishart`). */
export class Wishart extends ExponentialFamily {
  /** @internal The Cholesky factor of the covariance, not expanded. */
  readonly factor: Tensor;
  private readonly chi2: Chi2;

  constructor(...args: Args<'Wishart', Record<'df', Param>, Covariance>) {
    super();
    const { df: degrees, ...rest } = bind<Bound<Record<'df', Param>, Covariance>>('Wishart', args);
    const [name, matrix] = oneOf(rest, 'AssertionError');
    const { dtype, device } = matrix;
    const front = matrix.shape.slice(0, -2);
    const isNumber = typeof degrees === 'number';
    const batch = isNumber ? front : broadcastShapes(front, degrees.shape);
    const df = isNumber ? tensor(degrees, { dtype, device }) : degrees.expand(batch);
    const event = matrix.shape.slice(-2);
    const p = event[1]!;
    if (
      df
        .le(p - 1)
        .any()
        .item()
    ) {
      throw new TorchError(
        `Value of df=${degrees} expected to be greater than ndim - 1 = ${p - 1}.`,
        'ValueError',
      );
    }
    if (df.lt(p).any().item()) {
      process.emitWarning(
        'Low df values detected. Singular samples are highly likely to occur for ndim - 1 < df < ndim.',
        'TorchWarning',
      );
    }
    Object.assign(this, { eventShape: event });
    const given = { df, [name]: matrix.expand([...batch, -1, -1]) };
    this.setUp(given, rest, batch, event);
    this.factor = factorOf(name, matrix);
    this.chi2 = this.chi2Of(df, this.factor, batch);
  }
  private chi2Of(df: Tensor, factor: Tensor, batch: readonly number[]): Chi2 {
    const { dtype, device } = factor;
    const less = arange(this.eventShape[1]!, { dtype, device }).expand([...batch, -1]);
    return new Chi2(df.unsqueeze(-1).sub(less));
  }
  override expand(batchShape: readonly number[]): this {
    const factor = this.factor.expand([...batchShape, ...this.eventShape]);
    const chi2 = this.chi2Of(this.df.expand(batchShape), factor, batchShape);
    return this.copyFor(batchShape, { factor, chi2 });
  }
  get argConstraints(): Readonly<Record<string, Constraint>> {
    return {
      covarianceMatrix: constraints.positiveDefinite,
      precisionMatrix: constraints.positiveDefinite,
      scaleTril: constraints.lowerCholesky,
      df: constraints.greaterThan(this.eventShape[1]! - 1),
    };
  }
  get support() {
    return constraints.positiveDefinite;
  }
  override get hasRsample() {
    return true;
  }
  get df() {
    return this.parameter('df');
  }
  private get matrixShape(): number[] {
    return [...this.batchShape, ...this.eventShape];
  }
  get scaleTril(): Tensor {
    return this.parameter('scaleTril', () => this.factor.expand(this.matrixShape));
  }
  get covarianceMatrix(): Tensor {
    return this.parameter('covarianceMatrix', () =>
      this.factor.matmul(this.factor.transpose(-2, -1)).expand(this.matrixShape),
    );
  }
  get precisionMatrix(): Tensor {
    return this.parameter('precisionMatrix', () => {
      const { dtype, device } = this.factor;
      const identity = eye(this.eventShape[1]!, { dtype, device });
      return choleskySolve(identity, this.factor).expand(this.matrixShape);
    });
  }
  private get dfs(): Tensor {
    return this.df.view([...this.batchShape, 1, 1]);
  }
  override get mean() {
    return this.dfs.mul(this.covarianceMatrix);
  }
  override get mode() {
    const { covarianceMatrix } = this;
    const factor = this.df.sub(covarianceMatrix.shape.at(-1)!).sub(1);
    put(factor, factor.le(0), Number.NaN);
    return factor.view([...this.batchShape, 1, 1]).mul(covarianceMatrix);
  }
  override get variance() {
    const { covarianceMatrix } = this;
    const diagonal = covarianceMatrix.diagonal({ dim1: -2, dim2: -1 });
    const outer = einsum('...i,...j->...ij', diagonal, diagonal);
    return this.dfs.mul(covarianceMatrix.pow(2).add(outer));
  }
  /** After Bartlett: a triangular matrix of normal variables, with chi variables in its diagonal. */
  private draw(sampleShape: SampleShape): Tensor {
    const p = this.eventShape[1]!;
    const chi = this.chi2.rsample(sampleShape).sqrt();
    const noise = chi.clamp({ min: finfo(chi.dtype).eps }).diagEmbed({ dim1: -2, dim2: -1 });
    const [i, j] = trilIndices(p, p, -1).unbind() as [Tensor, Tensor];
    const { dtype, device } = noise;
    const shape = [...sampleShape, ...this.batchShape, (p * (p - 1)) / 2];
    noise.indexSet(['...', i, j], randn(shape, { dtype, device }));
    const factor = this.factor.matmul(noise);
    return factor.matmul(factor.transpose(-2, -1));
  }
  private fitting(sample: Tensor): Tensor {
    const fits = this.support.check(sample);
    const dims = this.batchShape.map((_, i) => -(i + 1));
    return dims.length > 0 ? fits.amax(dims) : fits;
  }
  override rsample(
    sampleShape: SampleShape = [],
    options: { maxTryCorrection?: number | null } = {},
  ) {
    const sample = this.draw(sampleShape);
    // As in Python, which looks for singular samples and finds the others: each is drawn once again.
    let again = this.fitting(sample);
    if (!again.any().item()) return sample;
    for (let i = 0; i < (options.maxTryCorrection ?? 10); i++) {
      const fresh = this.draw(again.index(again).shape);
      sample.indexSet(again, fresh);
      const still = this.fitting(fresh).logicalNot();
      again = again.clone().indexSet(again.clone(), still);
      if (!again.any().item()) break;
    }
    return sample;
  }
  override logProb(value: Tensor) {
    this.checkValue(value);
    const nu = this.df;
    const p = this.eventShape[1]!;
    const solved = choleskySolve(value, this.factor).diagonal({ dim1: -2, dim2: -1 });
    return nu
      .neg()
      .mul(logDiagonal(this.factor).add((p * Math.log(2)) / 2))
      .sub(mvlgamma(nu.div(2), p))
      .add(nu.sub(p).sub(1).div(2).mul(slogdet(value).logabsdet))
      .sub(solved.sum(-1).div(2));
  }
  override entropy() {
    const nu = this.df;
    const p = this.eventShape[1]!;
    return logDiagonal(this.factor)
      .add((p * Math.log(2)) / 2)
      .mul(p + 1)
      .add(mvlgamma(nu.div(2), p))
      .sub(
        nu
          .sub(p)
          .sub(1)
          .div(2)
          .mul(multivariateDigamma(nu.div(2), p)),
      )
      .add(nu.mul(p).div(2));
  }
  override get naturalParams() {
    const p = this.eventShape[1]!;
    return [this.precisionMatrix.neg().div(2), this.df.sub(p).sub(1).div(2)];
  }
  override logNormalizer(x: Tensor, y: Tensor) {
    const p = this.eventShape[1]!;
    const half = y.add((p + 1) / 2);
    return half
      .mul(
        slogdet(x.mul(-2))
          .logabsdet.neg()
          .add(Math.log(2) * p),
      )
      .add(mvlgamma(half, p));
  }
}

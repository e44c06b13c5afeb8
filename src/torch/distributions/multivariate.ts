import { type Args, type Bound, bind } from '../arguments';
import { tensor } from '../creation';
import { TorchError } from '../errors';
import { broadcastShapes, broadcastTensors, einsum } from '../functional';
import {
  arange,
  cat,
  choleskyInverse,
  choleskySolve,
  diagEmbed,
  digamma,
  eye,
  flip,
  lgamma,
  matmul,
  mvlgamma,
  randn,
  sqrt,
  trilIndices,
} from '../generated/functions';
import { cholesky, slogdet, solveTriangular } from '../generated/linalg';
import { finfo } from '../number-info';
import type { Tensor } from '../tensor';
import type { Constraint } from './constraints';
import * as constraints from './constraints';
import {
  Distribution,
  ExponentialFamily,
  type Param,
  type SampleShape,
  type Validation,
} from './distribution';
import { Beta, Chi2 } from './gamma';
import { broadcastAll, put, standardNormal } from './parameters';

/** @internal A matrix times a vector, in batches. */
export const batchMv = (matrix: Tensor, vector: Tensor): Tensor =>
  matmul(matrix, vector.unsqueeze(-1)).squeeze(-1);

/** @internal The sum of the logarithms of a factor's diagonal. */
export const logDiagonal = (factor: Tensor): Tensor =>
  factor.diagonal({ dim1: -2, dim2: -1 }).log().sum(-1);

/** @internal The squared Mahalanobis distances `xᵀ (L Lᵀ)⁻¹ x`; the factors' batch may be a part of the vectors'. */
export function batchMahalanobis(factor: Tensor, vectors: Tensor): Tensor {
  const n = vectors.size(-1);
  const batch = vectors.shape.slice(0, -1);
  const inner = factor.ndim - 2;
  const outer = batch.length - inner;
  const split = batch.slice(0, outer);
  factor.shape.slice(0, -2).forEach((size, i) => {
    split.push(batch[outer + i]! / size, size);
  });
  const end = outer + 2 * inner;
  const steps = (start: number) => Array.from({ length: inner }, (_, i) => start + 2 * i);
  const first = Array.from({ length: outer }, (_, i) => i);
  const order = [...first, ...steps(outer), ...steps(outer + 1), end];
  const x = vectors.reshape([...split, n]).permute(order);
  const flatFactor = factor.reshape(-1, n, n);
  const flatX = x.reshape(-1, flatFactor.size(0), n).permute(1, 2, 0);
  const distances = solveTriangular(flatFactor, flatX, { upper: false }).pow(2).sum(-2).t();
  const permuted = distances.reshape(x.shape.slice(0, -1));
  const back = [...first];
  for (let i = 0; i < inner; i++) back.push(outer + i, outer + inner + i);
  return permuted.permute(back).reshape(batch);
}

/** @internal The Cholesky factor of a covariance, of its inverse. */
export function precisionToScaleTril(precision: Tensor): Tensor {
  const flipped = cholesky(flip(precision, [-2, -1]));
  const inverse = flip(flipped, [-2, -1]).transpose(-2, -1);
  const { dtype, device } = precision;
  const identity = eye(precision.shape.at(-1)!, { dtype, device });
  return solveTriangular(inverse, identity, { upper: false });
}

interface Covariance extends Validation {
  covarianceMatrix?: Tensor | null;
  precisionMatrix?: Tensor | null;
  scaleTril?: Tensor | null;
}

/** The one of the three that was given, and its name. */
function oneOf(given: Covariance, code: string): [name: string, matrix: Tensor] {
  const { covarianceMatrix, precisionMatrix, scaleTril } = given;
  const found = Object.entries({ covarianceMatrix, precisionMatrix, scaleTril }).filter(
    (entry): entry is [string, Tensor] => Boolean(entry[1]),
  );
  if (found.length !== 1) {
    throw new TorchError(
      'Exactly one of covariance_matrix or precision_matrix or scale_tril may be specified.',
      code,
    );
  }
  const [[name, matrix]] = found as [[string, Tensor]];
  if (matrix.ndim < 2) {
    throw new TorchError(
      `${name} must be at least two-dimensional, with optional leading batch dimensions`,
      'ValueError',
    );
  }
  return [name, matrix];
}

function factorOf(name: string, matrix: Tensor): Tensor {
  if (name === 'scaleTril') return matrix;
  return name === 'covarianceMatrix' ? cholesky(matrix) : precisionToScaleTril(matrix);
}

interface Loc {
  loc: Tensor;
}

/** (`torch.distributions.MultivariateNormal`) */
export class MultivariateNormal extends Distribution {
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
  get argConstraints() {
    return {
      loc: constraints.realVector,
      covarianceMatrix: constraints.positiveDefinite,
      precisionMatrix: constraints.positiveDefinite,
      scaleTril: constraints.lowerCholesky,
    };
  }
  get support() {
    return constraints.realVector;
  }
  override get hasRsample() {
    return true;
  }
  private get matrixShape(): number[] {
    return [...this.batchShape, ...this.eventShape, ...this.eventShape];
  }
  get loc() {
    return this.parameter('loc');
  }
  get scaleTril(): Tensor {
    return this.parameter('scaleTril', () => this.factor.expand(this.matrixShape));
  }
  get covarianceMatrix(): Tensor {
    return this.parameter('covarianceMatrix', () =>
      matmul(this.factor, this.factor.mT).expand(this.matrixShape),
    );
  }
  get precisionMatrix(): Tensor {
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
export class LowRankMultivariateNormal extends Distribution {
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
  get argConstraints() {
    return {
      loc: constraints.realVector,
      covFactor: constraints.independent(constraints.real, 2),
      covDiag: constraints.independent(constraints.positive, 1),
    };
  }
  get support() {
    return constraints.realVector;
  }
  override get hasRsample() {
    return true;
  }
  get loc() {
    return this.parameter('loc');
  }
  get covFactor() {
    return this.parameter('covFactor');
  }
  get covDiag() {
    return this.parameter('covDiag');
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

/** The logarithmic derivative of the multivariate gamma function. */
function multivariateDigamma(x: Tensor, p: number): Tensor {
  const { dtype, device } = x;
  const halves = arange(p, { dtype, device }).div(2);
  return digamma(x.unsqueeze(-1).sub(halves.expand([...x.shape, -1]))).sum(-1);
}

interface WishartNeeded {
  df: Param;
}

/** Positive definite matrices (`torch.distributions.Wishart`). */
export class Wishart extends ExponentialFamily {
  /** @internal The Cholesky factor of the covariance, not expanded. */
  readonly factor: Tensor;
  private readonly chi2: Chi2;

  constructor(...args: Args<'Wishart', WishartNeeded, Covariance>) {
    super();
    const { df: degrees, ...rest } = bind<Bound<WishartNeeded, Covariance>>('Wishart', args);
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
  protected override get meanCarrierMeasure() {
    return 0;
  }
}

interface LkjNeeded {
  dim: number;
}
interface LkjOptions extends Validation {
  /** Default 1: all correlations are equally likely. */
  concentration?: Param;
}

/** Cholesky factors of correlation matrices (`torch.distributions.LKJCholesky`). */
export class LKJCholesky extends Distribution {
  readonly dim: number;
  private readonly beta: Beta;

  constructor(...args: Args<'LKJCholesky', LkjNeeded, LkjOptions>) {
    super();
    const bound = bind<Bound<LkjNeeded, LkjOptions>>('LKJCholesky', args);
    const { dim } = bound;
    if (dim < 2) {
      throw new TorchError(
        `Expected dim to be an integer greater than or equal to 2. Found dim=${dim}.`,
        'ValueError',
      );
    }
    this.dim = dim;
    const { concentration } = broadcastAll({ concentration: bound.concentration });
    const { dtype, device } = concentration;
    const marginal = concentration.add(0.5 * (dim - 2));
    const places = arange(dim - 1, { dtype, device });
    const offset = cat([places.newZeros([1]), places]);
    this.beta = new Beta(offset.add(0.5), marginal.unsqueeze(-1).sub(offset.mul(0.5)));
    this.setUp({ concentration }, bound, concentration.shape, [dim, dim]);
  }
  override expand(batchShape: readonly number[]): this {
    return this.copyFor(batchShape, { beta: this.beta.expand([...batchShape, this.dim]) });
  }
  get argConstraints() {
    return { concentration: constraints.positive };
  }
  get support() {
    return constraints.corrCholesky;
  }
  get concentration() {
    return this.parameter('concentration');
  }
  override sample(sampleShape: SampleShape = []) {
    const y = this.beta.sample(sampleShape).unsqueeze(-1);
    const { dtype, device } = y;
    const noise = randn(this.extendedShape(sampleShape), { dtype, device }).tril(-1);
    const sphere = noise.div(noise.norm({ dim: -1, keepdim: true }));
    sphere.index('..., 0, :').fill_(0);
    const w = sqrt(y).mul(sphere);
    const diagonal = w
      .pow(2)
      .sum(-1)
      .neg()
      .add(1)
      .clamp({ min: finfo(w.dtype).tiny })
      .sqrt();
    return w.add_(diagEmbed(diagonal));
  }
  override logProb(value: Tensor) {
    this.checkValue(value);
    const { concentration, dim } = this;
    const diagonal = value.diagonal({ dim1: -1, dim2: -2 }).index('..., 1:');
    const places = arange(2, dim + 1, { device: concentration.device });
    const order = concentration.sub(1).unsqueeze(-1).mul(2).add(dim).sub(places);
    const density = order.mul(diagonal.log()).sum(-1);
    const less = dim - 1;
    const alpha = concentration.add(0.5 * less);
    const denominator = lgamma(alpha).mul(less);
    const numerator = mvlgamma(alpha.sub(0.5), less);
    const normalizer = numerator.add(0.5 * less * Math.log(Math.PI)).sub(denominator);
    return density.sub(normalizer);
  }
}

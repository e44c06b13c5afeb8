import { type Args, type Bound, bind } from '../arguments';
import { noGrad } from '../autograd';
import { asTensor } from '../creation';
import {
  atan,
  digamma,
  empty,
  exp,
  expm1,
  full,
  fullLike,
  lgamma,
  log,
  log1p,
  onesLike,
  rand,
  tan,
  where,
  zeros,
  zerosLike,
} from '../generated/functions';
import { finfo } from '../number-info';
import type { Tensor } from '../tensor';
import type { Constraint } from './constraints';
import * as constraints from './constraints';
import { TransformedDistribution } from './derived';
import {
  Distribution,
  ExponentialFamily,
  type Param,
  type SampleShape,
  type Validation,
} from './distribution';
import { broadcastAll, eulerConstant, over, put } from './parameters';
import { AbsTransform, AffineTransform, ExpTransform, PowerTransform } from './transforms';

interface LocScale {
  loc: Param;
  scale: Param;
}

const locScale = { loc: constraints.real, scale: constraints.positive };

const uniform = (shape: readonly number[], { dtype, device }: Tensor) =>
  rand(shape, { dtype, device });

/** A distribution over all numbers, moved and stretched. */
abstract class Located extends Distribution {
  get argConstraints() {
    return locScale;
  }
  get support(): Constraint {
    return constraints.real;
  }
  override get hasRsample() {
    return true;
  }
  get loc() {
    return this.parameter('loc');
  }
  get scale() {
    return this.parameter('scale');
  }
  override get mode() {
    return this.loc;
  }
}

/** (`torch.distributions.Cauchy`) */
export class Cauchy extends Located {
  constructor(...args: Args<'Cauchy', LocScale, Validation>) {
    super();
    const { loc, scale, ...rest } = bind<Bound<LocScale, Validation>>('Cauchy', args);
    this.setUp(broadcastAll({ loc, scale }), rest);
  }
  private filled(value: number): Tensor {
    const { dtype, device } = this.loc;
    return full(this.extendedShape(), value, { dtype, device });
  }
  override get mean() {
    return this.filled(Number.NaN);
  }
  override get variance() {
    return this.filled(Number.POSITIVE_INFINITY);
  }
  override rsample(sampleShape: SampleShape = []) {
    const noise = this.loc.newEmpty(this.extendedShape(sampleShape)).cauchy_();
    return this.loc.add(noise.mul(this.scale));
  }
  override logProb(value: Tensor) {
    this.checkValue(value);
    const z = value.sub(this.loc).div(this.scale);
    return this.scale.log().neg().add(-Math.log(Math.PI)).sub(z.pow(2).log1p());
  }
  override cdf(value: Tensor) {
    this.checkValue(value);
    return atan(value.sub(this.loc).div(this.scale)).div(Math.PI).add(0.5);
  }
  override icdf(value: Tensor) {
    return tan(value.sub(0.5).mul(Math.PI)).mul(this.scale).add(this.loc);
  }
  override entropy() {
    return this.scale.log().add(Math.log(4 * Math.PI));
  }
}

interface Scale {
  scale: Param;
}

/** The absolute value of a Cauchy variable (`torch.distributions.HalfCauchy`). */
export class HalfCauchy extends TransformedDistribution {
  declare readonly baseDist: Cauchy;

  constructor(...args: Args<'HalfCauchy', Scale, Validation>) {
    super();
    const { scale, ...rest } = bind<Bound<Scale, Validation>>('HalfCauchy', args);
    const base = new Cauchy(0, scale, { validateArgs: false });
    this.transform(base, new AbsTransform(), { scale: base.scale }, rest);
  }
  override get argConstraints() {
    return { scale: constraints.positive };
  }
  override get support() {
    return constraints.nonnegative;
  }
  get scale() {
    return this.baseDist.scale;
  }
  override get mean() {
    const { dtype, device } = this.scale;
    return full(this.extendedShape(), Number.POSITIVE_INFINITY, { dtype, device });
  }
  override get mode() {
    return zerosLike(this.scale);
  }
  override get variance() {
    return this.baseDist.variance;
  }
  override logProb(given: Tensor) {
    this.checkValue(given);
    const { dtype, device } = this.scale;
    const value = asTensor(given, { dtype, device });
    const inside = this.baseDist.logProb(value).add(Math.log(2));
    return where(value.ge(0), inside, Number.NEGATIVE_INFINITY);
  }
  override cdf(value: Tensor) {
    this.checkValue(value);
    return this.baseDist.cdf(value).mul(2).sub(1);
  }
  override icdf(value: Tensor) {
    return this.baseDist.icdf(value.add(1).div(2));
  }
  override entropy() {
    return this.baseDist.entropy().sub(Math.log(2));
  }
}

/** (`torch.distributions.Laplace`) */
export class Laplace extends Located {
  constructor(...args: Args<'Laplace', LocScale, Validation>) {
    super();
    const { loc, scale, ...rest } = bind<Bound<LocScale, Validation>>('Laplace', args);
    this.setUp(broadcastAll({ loc, scale }), rest);
  }
  override get mean() {
    return this.loc;
  }
  override get variance() {
    return this.scale.pow(2).mul(2);
  }
  override get stddev() {
    return this.scale.mul(2 ** 0.5);
  }
  override rsample(sampleShape: SampleShape = []) {
    const { eps } = finfo(this.loc.dtype);
    const u = this.loc.newEmpty(this.extendedShape(sampleShape)).uniform_(eps - 1, 1);
    return this.loc.sub(this.scale.mul(u.sign()).mul(log1p(u.abs().neg())));
  }
  override logProb(value: Tensor) {
    this.checkValue(value);
    return log(this.scale.mul(2)).neg().sub(value.sub(this.loc).abs().div(this.scale));
  }
  override cdf(value: Tensor) {
    this.checkValue(value);
    const distance = value.sub(this.loc);
    return distance
      .sign()
      .mul(0.5)
      .mul(expm1(distance.abs().neg().div(this.scale)))
      .neg()
      .add(0.5);
  }
  override icdf(value: Tensor) {
    const term = value.sub(0.5);
    return this.loc.sub(this.scale.mul(term.sign()).mul(log1p(term.abs().mul(-2))));
  }
  override entropy() {
    return log(this.scale.mul(2)).add(1);
  }
}

interface Rate {
  rate: Param;
}

/** The time until an event (`torch.distributions.Exponential`). */
export class Exponential extends ExponentialFamily {
  constructor(...args: Args<'Exponential', Rate, Validation>) {
    super();
    const { rate, ...rest } = bind<Bound<Rate, Validation>>('Exponential', args);
    this.setUp(broadcastAll({ rate }), rest);
  }
  get argConstraints() {
    return { rate: constraints.positive };
  }
  get support() {
    return constraints.nonnegative;
  }
  override get hasRsample() {
    return true;
  }
  get rate() {
    return this.parameter('rate');
  }
  override get mean() {
    return this.rate.reciprocal();
  }
  override get mode() {
    return zerosLike(this.rate);
  }
  override get stddev() {
    return this.rate.reciprocal();
  }
  override get variance() {
    return this.rate.pow(-2);
  }
  override rsample(sampleShape: SampleShape = []) {
    return this.rate.newEmpty(this.extendedShape(sampleShape)).exponential_().div(this.rate);
  }
  override logProb(value: Tensor) {
    this.checkValue(value);
    return this.rate.log().sub(this.rate.mul(value));
  }
  override cdf(value: Tensor) {
    this.checkValue(value);
    return exp(this.rate.neg().mul(value)).neg().add(1);
  }
  override icdf(value: Tensor) {
    return log1p(value.neg()).neg().div(this.rate);
  }
  override entropy() {
    return log(this.rate).neg().add(1);
  }
  override get naturalParams() {
    return [this.rate.neg()];
  }
  override logNormalizer(x: Tensor) {
    return log(x.neg()).neg();
  }
  protected override get meanCarrierMeasure() {
    return 0;
  }
}

interface Bounds {
  low: Param;
  high: Param;
}

/** Any number from `low` to `high`, which it isn't (`torch.distributions.Uniform`). */
export class Uniform extends Distribution {
  constructor(...args: Args<'Uniform', Bounds, Validation>) {
    super();
    const { low, high, ...rest } = bind<Bound<Bounds, Validation>>('Uniform', args);
    this.setUp(broadcastAll({ low, high }), rest);
  }
  get argConstraints() {
    return { low: constraints.lessThan(this.high), high: constraints.greaterThan(this.low) };
  }
  get support(): Constraint {
    return constraints.interval(this.low, this.high);
  }
  override get hasRsample() {
    return true;
  }
  get low() {
    return this.parameter('low');
  }
  get high() {
    return this.parameter('high');
  }
  private get width() {
    return this.high.sub(this.low);
  }
  override get mean() {
    return this.high.add(this.low).div(2);
  }
  override get mode() {
    return this.high.mul(Number.NaN);
  }
  override get stddev() {
    return this.width.div(12 ** 0.5);
  }
  override get variance() {
    return this.width.pow(2).div(12);
  }
  override rsample(sampleShape: SampleShape = []) {
    const noise = uniform(this.extendedShape(sampleShape), this.low);
    return this.low.add(noise.mul(this.width));
  }
  override logProb(value: Tensor) {
    this.checkValue(value);
    const above = this.low.le(value).typeAs(this.low);
    const below = this.high.gt(value).typeAs(this.low);
    return log(above.mul(below)).sub(log(this.width));
  }
  override cdf(value: Tensor) {
    this.checkValue(value);
    return value.sub(this.low).div(this.width).clamp(0, 1);
  }
  override icdf(value: Tensor) {
    return value.mul(this.width).add(this.low);
  }
  override entropy() {
    return log(this.width);
  }
}

/** The largest of many values (`torch.distributions.Gumbel`). */
export class Gumbel extends TransformedDistribution {
  constructor(...args: Args<'Gumbel', LocScale, Validation>) {
    super();
    const bound = bind<Bound<LocScale, Validation>>('Gumbel', args);
    const { loc, scale } = broadcastAll({ loc: bound.loc, scale: bound.scale });
    const { tiny, eps } = finfo(loc.dtype);
    const areNumbers = typeof bound.loc === 'number' && typeof bound.scale === 'number';
    const base = areNumbers
      ? new Uniform(tiny, 1 - eps, { validateArgs: bound.validateArgs })
      : new Uniform(fullLike(loc, tiny), fullLike(loc, 1 - eps), {
          validateArgs: bound.validateArgs,
        });
    const transforms = [
      new ExpTransform().inv,
      new AffineTransform(0, onesLike(scale).neg()),
      new ExpTransform().inv,
      new AffineTransform(bound.loc, scale.neg()),
    ];
    this.transform(base, transforms, { loc, scale }, bound);
  }
  override get argConstraints() {
    return locScale;
  }
  override get support() {
    return constraints.real;
  }
  get loc() {
    return this.parameter('loc');
  }
  get scale() {
    return this.parameter('scale');
  }
  override get mean() {
    return this.loc.add(this.scale.mul(eulerConstant));
  }
  override get mode() {
    return this.loc;
  }
  override get stddev() {
    return this.scale.mul(Math.PI / Math.sqrt(6));
  }
  override get variance() {
    return this.stddev.pow(2);
  }
  override logProb(value: Tensor) {
    this.checkValue(value);
    const y = this.loc.sub(value).div(this.scale);
    return y.sub(y.exp()).sub(this.scale.log());
  }
  override entropy() {
    return this.scale.log().add(1 + eulerConstant);
  }
}

interface ScaleConcentration {
  scale: Param;
  concentration: Param;
}

/** The time until something fails (`torch.distributions.Weibull`). */
export class Weibull extends TransformedDistribution {
  constructor(...args: Args<'Weibull', ScaleConcentration, Validation>) {
    super();
    const { scale, concentration, ...rest } = bind<Bound<ScaleConcentration, Validation>>(
      'Weibull',
      args,
    );
    const given = broadcastAll({ scale, concentration });
    const base = new Exponential(onesLike(given.scale), rest);
    this.transform(base, this.steps(given.scale, given.concentration.reciprocal()), given, rest);
  }
  private steps(scale: Tensor, reciprocal: Tensor) {
    return [new PowerTransform(reciprocal), new AffineTransform(0, scale)];
  }
  override expand(batchShape: readonly number[]): this {
    const scale = this.scale.expand(batchShape);
    const reciprocal = this.concentration.expand(batchShape).reciprocal();
    return this.copyFor(batchShape, {
      baseDist: this.baseDist.expand(batchShape),
      transforms: this.steps(scale, reciprocal),
    });
  }
  override get argConstraints() {
    return { scale: constraints.positive, concentration: constraints.positive };
  }
  override get support() {
    return constraints.positive;
  }
  get scale() {
    return this.parameter('scale');
  }
  get concentration() {
    return this.parameter('concentration');
  }
  private get reciprocal() {
    return this.concentration.reciprocal();
  }
  override get mean() {
    return this.scale.mul(exp(lgamma(this.reciprocal.add(1))));
  }
  override get mode() {
    const { concentration } = this;
    return this.scale.mul(concentration.sub(1).div(concentration).pow(concentration.reciprocal()));
  }
  override get variance() {
    const second = exp(lgamma(this.reciprocal.mul(2).add(1)));
    const first = exp(lgamma(this.reciprocal.add(1)).mul(2));
    return this.scale.pow(2).mul(second.sub(first));
  }
  override entropy() {
    const { reciprocal } = this;
    return reciprocal
      .neg()
      .add(1)
      .mul(eulerConstant)
      .add(log(this.scale.mul(reciprocal)))
      .add(1);
  }
}

interface ScaleAlpha {
  scale: Param;
  alpha: Param;
}

/** (`torch.distributions.Pareto`) */
export class Pareto extends TransformedDistribution {
  constructor(...args: Args<'Pareto', ScaleAlpha, Validation>) {
    super();
    const { scale, alpha, ...rest } = bind<Bound<ScaleAlpha, Validation>>('Pareto', args);
    const given = broadcastAll({ scale, alpha });
    const base = new Exponential(given.alpha, rest);
    const transforms = [new ExpTransform(), new AffineTransform(0, given.scale)];
    this.transform(base, transforms, { alpha: given.alpha, scale: given.scale }, rest);
  }
  override get argConstraints() {
    return { alpha: constraints.positive, scale: constraints.positive };
  }
  override get support() {
    return constraints.greaterThanEq(this.scale);
  }
  get scale() {
    return this.parameter('scale');
  }
  get alpha() {
    return this.parameter('alpha');
  }
  override get mean() {
    const a = this.alpha.clamp({ min: 1 });
    return a.mul(this.scale).div(a.sub(1));
  }
  override get mode() {
    return this.scale;
  }
  override get variance() {
    const a = this.alpha.clamp({ min: 2 });
    return this.scale
      .pow(2)
      .mul(a)
      .div(a.sub(1).pow(2).mul(a.sub(2)));
  }
  override entropy() {
    return this.scale.div(this.alpha).log().add(this.alpha.reciprocal().add(1));
  }
}

interface Concentrations {
  concentration1: Param;
  concentration0: Param;
}

/** A probability whose cumulative probability is simple (`torch.distributions.Kumaraswamy`). */
export class Kumaraswamy extends TransformedDistribution {
  constructor(...args: Args<'Kumaraswamy', Concentrations, Validation>) {
    super();
    const { concentration1, concentration0, ...rest } = bind<Bound<Concentrations, Validation>>(
      'Kumaraswamy',
      args,
    );
    const given = broadcastAll({ concentration1, concentration0 });
    const { concentration0: zero, concentration1: one } = given;
    const base = new Uniform(fullLike(zero, 0), fullLike(zero, 1), rest);
    const transforms = [
      new PowerTransform(zero.reciprocal()),
      new AffineTransform(1, -1),
      new PowerTransform(one.reciprocal()),
    ];
    this.transform(base, transforms, given, rest);
  }
  override get argConstraints() {
    return { concentration1: constraints.positive, concentration0: constraints.positive };
  }
  override get support() {
    return constraints.unitInterval;
  }
  get concentration1() {
    return this.parameter('concentration1');
  }
  get concentration0() {
    return this.parameter('concentration0');
  }
  private moment(n: number): Tensor {
    const b = this.concentration0;
    const first = over(n, this.concentration1).add(1);
    const logarithm = lgamma(first)
      .add(lgamma(b))
      .sub(lgamma(first.add(b)));
    return b.mul(exp(logarithm));
  }
  override get mean() {
    return this.moment(1);
  }
  override get mode() {
    const [one, zero] = [this.concentration1, this.concentration0];
    const logMode = zero.reciprocal().mul(zero.neg().log1p()).sub(zero.neg().mul(one).log1p());
    return put(logMode, zero.lt(1).bitwiseOr(one.lt(1)), Number.NaN).exp();
  }
  override get variance() {
    return this.moment(2).sub(this.mean.pow(2));
  }
  override entropy() {
    const [one, zero] = [this.concentration1, this.concentration0];
    const t1 = one.reciprocal().neg().add(1);
    const t0 = zero.reciprocal().neg().add(1);
    const h0 = digamma(zero.add(1)).add(eulerConstant);
    return t0.add(t1.mul(h0)).sub(log(one)).sub(log(zero));
  }
}

interface ParetoNeeded extends LocScale {
  concentration: Param;
}

/** Values beyond a threshold (`torch.distributions.GeneralizedPareto`). */
export class GeneralizedPareto extends Distribution {
  constructor(...args: Args<'GeneralizedPareto', ParetoNeeded, Validation>) {
    super();
    const bound = bind<Bound<ParetoNeeded, Validation>>('GeneralizedPareto', args);
    const { loc, scale, concentration, ...rest } = bound;
    this.setUp(broadcastAll({ loc, scale, concentration }), rest);
  }
  get argConstraints() {
    return { ...locScale, concentration: constraints.real };
  }
  get support(): Constraint {
    const { concentration, loc, scale } = this;
    const end = loc.sub(scale.div(concentration));
    const upper = where(concentration.lt(0), end, Number.POSITIVE_INFINITY);
    return constraints.interval(loc, upper);
  }
  override get hasRsample() {
    return true;
  }
  get loc() {
    return this.parameter('loc');
  }
  get scale() {
    return this.parameter('scale');
  }
  get concentration() {
    return this.parameter('concentration');
  }
  /** Where the concentration is zero, and the concentrations with ones there. */
  private get safe(): [isZero: Tensor, concentration: Tensor] {
    const { concentration } = this;
    const isZero = concentration.isclose(zerosLike(concentration));
    return [isZero, where(isZero, onesLike(concentration), concentration)];
  }
  private z(x: Tensor): Tensor {
    return x.sub(this.loc).div(this.scale);
  }
  override rsample(sampleShape: SampleShape = []) {
    return this.icdf(uniform(this.extendedShape(sampleShape), this.loc));
  }
  override logProb(value: Tensor) {
    this.checkValue(value);
    const z = this.z(value);
    const [isZero, safe] = this.safe;
    const y = over(1, safe).add(onesLike(z));
    const other = where(y.eq(0), y, y.mul(log1p(safe.mul(z))));
    return this.scale
      .log()
      .neg()
      .sub(where(isZero, z, other));
  }
  /** The logarithm of the probability of a larger value. */
  logSurvivalFunction(value: Tensor): Tensor {
    this.checkValue(value);
    const z = this.z(value);
    const [isZero, safe] = this.safe;
    return where(isZero, z.neg(), log1p(safe.mul(z)).neg().div(safe));
  }
  logCdf(value: Tensor): Tensor {
    this.checkValue(value);
    return log1p(exp(this.logSurvivalFunction(value)).neg());
  }
  override cdf(value: Tensor) {
    this.checkValue(value);
    return exp(this.logCdf(value));
  }
  override icdf(value: Tensor) {
    const { loc, scale } = this;
    const [isZero, safe] = this.safe;
    const logarithm = log1p(value.neg());
    const other = loc.add(scale.div(safe).mul(expm1(safe.neg().mul(logarithm))));
    return where(isZero, loc.sub(scale.mul(logarithm)), other);
  }
  override get mean() {
    const { concentration } = this;
    const isValid = concentration.lt(1);
    const safe = where(isValid, concentration, 0.5);
    const result = this.loc.add(this.scale.div(safe.neg().add(1)));
    return where(isValid, result, Number.NaN);
  }
  override get variance() {
    const { concentration } = this;
    const isValid = concentration.lt(0.5);
    const safe = where(isValid, concentration, 0.25);
    const result = this.scale.pow(2).div(safe.neg().add(1).pow(2).mul(safe.mul(2).neg().add(1)));
    return where(isValid, result, Number.NaN);
  }
  override get mode() {
    return this.loc;
  }
  override entropy() {
    return log(this.scale).add(this.concentration).add(1).expand(this.batchShape);
  }
}

const smallI0 = [1, 3.5156229, 3.0899424, 1.2067492, 0.2659732, 0.0360768, 0.0045813];
const largeI0 = [
  0.39894228, 0.01328592, 0.00225319, -0.00157565, 0.00916281, -0.02057706, 0.02635537, -0.01647633,
  0.00392377,
];
const smallI1 = [0.5, 0.87890594, 0.51498869, 0.15084934, 0.02658733, 0.00301532, 0.00032411];
const largeI1 = [
  0.39894228, -0.03988024, -0.00362018, 0.00163801, -0.01031555, 0.02282967, -0.02895312,
  0.01787654, -0.00420059,
];

/** A polynomial in y with the given coefficients, the constant first. */
function polynomial(y: Tensor, coefficients: readonly number[]): Tensor {
  const [last, next, ...rest] = coefficients.toReversed() as [number, number, ...number[]];
  let result = y.mul(last).add(next);
  for (const each of rest) result = y.mul(result).add(each);
  return result;
}

/** The logarithm of the modified Bessel function of order 0 or 1 (Abramowitz and Stegun 9.8). */
function logBessel(x: Tensor, order: 0 | 1): Tensor {
  const ratio = x.div(3.75);
  const polynomialOf = polynomial(ratio.mul(ratio), order === 0 ? smallI0 : smallI1);
  const small = (order === 1 ? x.abs().mul(polynomialOf) : polynomialOf).log();
  const y = over(3.75, x);
  const large = x.sub(x.log().mul(0.5)).add(polynomial(y, order === 0 ? largeI0 : largeI1).log());
  return where(x.lt(3.75), small, large);
}

interface VonMisesNeeded {
  loc: Param;
  concentration: Param;
}

/** An angle (`torch.distributions.VonMises`). */
export class VonMises extends Distribution {
  constructor(...args: Args<'VonMises', VonMisesNeeded, Validation>) {
    super();
    const { loc, concentration, ...rest } = bind<Bound<VonMisesNeeded, Validation>>(
      'VonMises',
      args,
    );
    this.setUp(broadcastAll({ loc, concentration }), rest);
  }
  get argConstraints() {
    return { loc: constraints.real, concentration: constraints.positive };
  }
  get support() {
    return constraints.real;
  }
  get loc() {
    return this.parameter('loc');
  }
  get concentration() {
    return this.parameter('concentration');
  }
  override get mean() {
    return this.loc;
  }
  override get mode() {
    return this.loc;
  }
  override get variance() {
    const { concentration } = this;
    return logBessel(concentration, 1).sub(logBessel(concentration, 0)).exp().neg().add(1);
  }
  override logProb(value: Tensor) {
    this.checkValue(value);
    return this.concentration
      .mul(value.sub(this.loc).cos())
      .sub(Math.log(2 * Math.PI))
      .sub(logBessel(this.concentration, 0));
  }
  /** By rejection, after Best and Fisher 1979, in double precision. */
  override sample(sampleShape: SampleShape = []) {
    return noGrad(() => {
      const loc = this.loc.to('float64');
      const kappa = this.concentration.to('float64');
      const tau = kappa.pow(2).mul(4).add(1).sqrt().add(1);
      const rho = tau.sub(tau.mul(2).sqrt()).div(kappa.mul(2));
      const exact = rho.pow(2).add(1).div(rho.mul(2));
      const r = where(kappa.lt(1e-5), over(1, kappa).add(kappa), exact);
      const shape = this.extendedShape(sampleShape);
      const options = { dtype: 'float64', device: loc.device } as const;
      let x = empty(shape, options);
      let done = zeros(shape, { dtype: 'bool', device: loc.device });
      while (!done.all().item()) {
        const [u1, u2, u3] = rand([3, ...shape], options).unbind() as [Tensor, Tensor, Tensor];
        const z = u1.mul(Math.PI).cos();
        const f = r.mul(z).add(1).div(r.add(z));
        const c = kappa.mul(r.sub(f));
        const accept = c
          .mul(c.neg().add(2))
          .sub(u2)
          .gt(0)
          .bitwiseOr(c.div(u2).log().add(1).sub(c).ge(0));
        if (!accept.any().item()) continue;
        x = where(accept, u3.sub(0.5).sign().mul(f.acos()), x);
        done = done.bitwiseOr(accept);
      }
      const angle = x
        .add(Math.PI)
        .add(loc)
        .remainder(2 * Math.PI)
        .sub(Math.PI);
      return angle.to(this.loc.dtype);
    });
  }
}

import { type Args, type Bound, bind } from '../arguments';
import { digamma, exp, fullLike, lgamma, log, onesLike } from '../generated/functions';
import { finfo } from '../number-info';
import type { Tensor } from '../tensor';
import type { Constraint } from './constraints';
import * as constraints from './constraints';
import { TransformedDistribution } from './derived';
import type { Param, SampleShape, Validation } from './distribution';
import { family, parametric } from './family';
import { broadcastAll, eulerConstant, locScale, over, put, standardUniform } from './parameters';
import { AffineTransform, ExpTransform, PowerTransform } from './transforms';

/** Any number from `low` to `high`, which it isn't (`torch.distributions.Uniform`). */
export class Uniform extends family(
  'Uniform',
  { low: constraints.real, high: constraints.real },
  { hasRsample: true },
) {
  override get argConstraints() {
    return { low: constraints.lessThan(this.high), high: constraints.greaterThan(this.low) };
  }
  override get support(): Constraint {
    return constraints.interval(this.low, this.high);
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
    const noise = standardUniform(this.extendedShape(sampleShape), this.low);
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
export class Gumbel extends parametric(
  locScale,
  { support: constraints.real },
  TransformedDistribution,
) {
  constructor(...args: Args<'Gumbel', Record<'loc' | 'scale', Param>, Validation>) {
    super();
    const bound = bind<Bound<Record<'loc' | 'scale', Param>, Validation>>('Gumbel', args);
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

/** A probability whose cumulative probability is simple (`torch.distributions.Kumaraswamy`). */
export class Kumaraswamy extends parametric(
  { concentration1: constraints.positive, concentration0: constraints.positive },
  { support: constraints.unitInterval },
  TransformedDistribution,
) {
  constructor(
    ...args: Args<'Kumaraswamy', Record<'concentration1' | 'concentration0', Param>, Validation>
  ) {
    super();
    const { concentration1, concentration0, ...rest } = bind<
      Bound<Record<'concentration1' | 'concentration0', Param>, Validation>
    >('Kumaraswamy', args);
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

import { type Args, type Bound, bind } from '../arguments';
import { exp, lgamma, log, log1p, onesLike, zerosLike } from '../generated/functions';
import type { Tensor } from '../tensor';
import * as constraints from './constraints';
import { TransformedDistribution } from './derived';
import { ExponentialFamily, type Param, type SampleShape, type Validation } from './distribution';
import { family, parametric } from './family';
import { broadcastAll, eulerConstant } from './parameters';
import { AffineTransform, ExpTransform, PowerTransform } from './transforms';

/** The time until an event (`torch.distributions.Exponential`). */
export class Exponential extends family(
  'Exponential',
  { rate: constraints.positive },
  { support: constraints.nonnegative, hasRsample: true },
  ExponentialFamily,
) {
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
}

/** The time until something fails (`torch.distributions.Weibull`). */
export class Weibull extends parametric(
  { scale: constraints.positive, concentration: constraints.positive },
  { support: constraints.positive },
  TransformedDistribution,
) {
  constructor(...args: Args<'Weibull', Record<'scale' | 'concentration', Param>, Validation>) {
    super();
    const { scale, concentration, ...rest } = bind<
      Bound<Record<'scale' | 'concentration', Param>, Validation>
    >('Weibull', args);
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

/** (`torch.distributions.Pareto`) */
export class Pareto extends parametric(
  { alpha: constraints.positive, scale: constraints.positive },
  {},
  TransformedDistribution,
) {
  constructor(...args: Args<'Pareto', Record<'scale' | 'alpha', Param>, Validation>) {
    super();
    const { scale, alpha, ...rest } = bind<Bound<Record<'scale' | 'alpha', Param>, Validation>>(
      'Pareto',
      args,
    );
    const given = broadcastAll({ scale, alpha });
    const base = new Exponential(given.alpha, rest);
    const transforms = [new ExpTransform(), new AffineTransform(0, given.scale)];
    this.transform(base, transforms, { alpha: given.alpha, scale: given.scale }, rest);
  }
  override get support() {
    return constraints.greaterThanEq(this.scale);
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

import { type Args, type Bound, bind } from '../arguments';
import { noGrad } from '../autograd';
import { erf, erfinv, normal } from '../generated/functions';
import type { Tensor } from '../tensor';
import * as constraints from './constraints';
import { type Independent, TransformedDistribution } from './derived';
import { ExponentialFamily, type Param, type SampleShape, type Validation } from './distribution';
import { family, parametric } from './family';
import { Half } from './half';
import { locScale, over, standardNormal } from './parameters';
import { ExpTransform, StickBreakingTransform } from './transforms';

/** The normal distribution of mean `loc` and standard deviation `scale` (`torch.distributions.Normal`). */
export class Normal extends family(
  'Normal',
  locScale,
  { support: constraints.real, hasRsample: true },
  ExponentialFamily,
) {
  override get mean() {
    return this.loc;
  }
  override get mode() {
    return this.loc;
  }
  override get stddev() {
    return this.scale;
  }
  override get variance() {
    return this.stddev.pow(2);
  }
  override sample(sampleShape: SampleShape = []) {
    const shape = this.extendedShape(sampleShape);
    return noGrad(() => normal(this.loc.expand(shape), this.scale.expand(shape)));
  }
  override rsample(sampleShape: SampleShape = []) {
    const noise = standardNormal(this.extendedShape(sampleShape), this.loc);
    return this.loc.add(noise.mul(this.scale));
  }
  override logProb(value: Tensor) {
    this.checkValue(value);
    const variance = this.scale.pow(2);
    return value
      .sub(this.loc)
      .pow(2)
      .neg()
      .div(variance.mul(2))
      .sub(this.scale.log())
      .sub(Math.log(Math.sqrt(2 * Math.PI)));
  }
  override cdf(value: Tensor) {
    this.checkValue(value);
    const z = value.sub(this.loc).mul(this.scale.reciprocal()).div(Math.sqrt(2));
    return erf(z).add(1).mul(0.5);
  }
  override icdf(value: Tensor) {
    return this.loc.add(this.scale.mul(erfinv(value.mul(2).sub(1))).mul(Math.sqrt(2)));
  }
  override entropy() {
    return this.scale.log().add(0.5 + 0.5 * Math.log(2 * Math.PI));
  }
  override get naturalParams() {
    return [this.loc.div(this.scale.pow(2)), this.scale.pow(2).reciprocal().mul(-0.5)];
  }
  override logNormalizer(x: Tensor, y: Tensor) {
    return x.pow(2).mul(-0.25).div(y).add(over(-Math.PI, y).log().mul(0.5));
  }
}

/** The exponential of a normal variable (`torch.distributions.LogNormal`). */
export class LogNormal extends parametric(
  locScale,
  { support: constraints.positive },
  TransformedDistribution,
) {
  declare readonly baseDist: Normal;

  constructor(...args: Args<'LogNormal', Record<'loc' | 'scale', Param>, Validation>) {
    super();
    const { loc, scale, ...rest } = bind<Bound<Record<'loc' | 'scale', Param>, Validation>>(
      'LogNormal',
      args,
    );
    this.transform(new Normal(loc, scale, rest), new ExpTransform(), {}, rest);
  }
  override get loc() {
    return this.baseDist.loc;
  }
  override get scale() {
    return this.baseDist.scale;
  }
  override get mean() {
    return this.loc.add(this.scale.pow(2).div(2)).exp();
  }
  override get mode() {
    return this.loc.sub(this.scale.square()).exp();
  }
  override get variance() {
    const squared = this.scale.pow(2);
    return squared.expm1().mul(this.loc.mul(2).add(squared).exp());
  }
  override entropy() {
    return this.baseDist.entropy().add(this.loc);
  }
}

/** The absolute value of a normal variable of mean 0 (`torch.distributions.HalfNormal`). */
export class HalfNormal extends Half<Normal> {
  constructor(...args: Args<'HalfNormal', Record<'scale', Param>, Validation>) {
    super();
    const { scale, ...rest } = bind<Bound<Record<'scale', Param>, Validation>>('HalfNormal', args);
    this.fold(new Normal(0, scale, { validateArgs: false }), rest);
  }
  override get mean() {
    return this.scale.mul(Math.sqrt(2 / Math.PI));
  }
  override get variance() {
    return this.scale.pow(2).mul(1 - 2 / Math.PI);
  }
}

/** The softmax of normal variables, one of them fixed (`torch.distributions.LogisticNormal`). */
export class LogisticNormal extends parametric(
  locScale,
  { support: constraints.simplex },
  TransformedDistribution,
) {
  declare readonly baseDist: Independent<Normal>;

  constructor(...args: Args<'LogisticNormal', Record<'loc' | 'scale', Param>, Validation>) {
    super();
    const { loc, scale, ...rest } = bind<Bound<Record<'loc' | 'scale', Param>, Validation>>(
      'LogisticNormal',
      args,
    );
    const base = new Normal(loc, scale, rest);
    const batched = base.batchShape.length > 0 ? base : base.expand([1]);
    this.transform(batched, new StickBreakingTransform(), {}, rest);
  }
  override get loc() {
    return this.baseDist.baseDist.loc;
  }
  override get scale() {
    return this.baseDist.baseDist.scale;
  }
}

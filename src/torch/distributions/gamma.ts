import { type Args, type Bound, bind } from '../arguments';
import { asTensor } from '../creation';
import { lookUp } from '../dispatch';
import { digamma, lgamma, log, where, xlogy } from '../generated/functions';
import { gammainc } from '../generated/special';
import { finfo } from '../number-info';
import type { Tensor } from '../tensor';
import * as constraints from './constraints';
import { TransformedDistribution } from './derived';
import { ExponentialFamily, type Param, type SampleShape, type Validation } from './distribution';
import { family, parametric } from './family';
import { PowerTransform } from './transforms';

const standardGamma = lookUp('_standard_gamma', ['']);

/** (`torch.distributions.Gamma`) */
export class Gamma extends family(
  'Gamma',
  { concentration: constraints.positive, rate: constraints.positive },
  { support: constraints.nonnegative, hasRsample: true },
  ExponentialFamily,
) {
  override get mean() {
    return this.concentration.div(this.rate);
  }
  override get mode() {
    return this.concentration.sub(1).div(this.rate).clamp({ min: 0 });
  }
  override get variance() {
    return this.concentration.div(this.rate.pow(2));
  }
  override rsample(sampleShape: SampleShape = []) {
    const shape = this.extendedShape(sampleShape);
    const drawn = standardGamma([this.concentration.expand(shape)]) as Tensor;
    const value = drawn.div(this.rate.expand(shape));
    value.detach().clamp_({ min: finfo(value.dtype).tiny });
    return value;
  }
  override logProb(given: Tensor) {
    const { concentration, rate } = this;
    const value = asTensor(given, { dtype: rate.dtype, device: rate.device });
    this.checkValue(value);
    return xlogy(concentration, rate)
      .add(xlogy(concentration.sub(1), value))
      .sub(rate.mul(value))
      .sub(lgamma(concentration));
  }
  override entropy() {
    const { concentration, rate } = this;
    return concentration
      .sub(log(rate))
      .add(lgamma(concentration))
      .add(concentration.neg().add(1).mul(digamma(concentration)));
  }
  override cdf(value: Tensor) {
    this.checkValue(value);
    return gammainc(this.concentration, this.rate.mul(value));
  }
  override get naturalParams() {
    return [this.concentration.sub(1), this.rate.neg()];
  }
  override logNormalizer(x: Tensor, y: Tensor) {
    return lgamma(x.add(1)).add(x.add(1).mul(log(y.reciprocal().neg())));
  }
}

/** The sum of squares of `df` standard normal variables (`torch.distributions.Chi2`). */
export class Chi2 extends Gamma {
  constructor(...args: Args<'Chi2', Record<'df', Param>, Validation>) {
    const { df, validateArgs } = bind<Bound<Record<'df', Param>, Validation>>('Chi2', args);
    super(typeof df === 'number' ? 0.5 * df : df.mul(0.5), 0.5, validateArgs);
  }
  override get argConstraints() {
    return { df: constraints.positive };
  }
  get df() {
    return this.concentration.mul(2);
  }
}

/** The reciprocal of a gamma variable (`torch.distributions.InverseGamma`). */
export class InverseGamma extends parametric(
  { concentration: constraints.positive, rate: constraints.positive },
  { support: constraints.positive },
  TransformedDistribution,
) {
  declare readonly baseDist: Gamma;

  constructor(...args: Args<'InverseGamma', Record<'concentration' | 'rate', Param>, Validation>) {
    super();
    const bound = bind<Bound<Record<'concentration' | 'rate', Param>, Validation>>(
      'InverseGamma',
      args,
    );
    const { concentration, rate, ...rest } = bound;
    const base = new Gamma(concentration, rate, rest);
    this.transform(base, new PowerTransform(base.rate.newOnes([]).neg()), {}, rest);
  }
  override get concentration() {
    return this.baseDist.concentration;
  }
  override get rate() {
    return this.baseDist.rate;
  }
  override get mean() {
    const result = this.rate.div(this.concentration.sub(1));
    return where(this.concentration.gt(1), result, Number.POSITIVE_INFINITY);
  }
  override get mode() {
    return this.rate.div(this.concentration.add(1));
  }
  override get variance() {
    const { concentration } = this;
    const result = this.rate.square().div(concentration.sub(1).square().mul(concentration.sub(2)));
    return where(concentration.gt(2), result, Number.POSITIVE_INFINITY);
  }
  override entropy() {
    const { concentration } = this;
    return concentration
      .add(this.rate.log())
      .add(concentration.lgamma())
      .sub(concentration.add(1).mul(concentration.digamma()));
  }
}

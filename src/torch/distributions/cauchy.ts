import { type Args, type Bound, bind } from '../arguments';
import { asTensor } from '../creation';
import { atan, full, tan } from '../generated/functions';
import type { Tensor } from '../tensor';
import * as constraints from './constraints';
import type { Param, SampleShape, Validation } from './distribution';
import { family } from './family';
import { Half } from './half';
import { locScale } from './parameters';

/** (`torch.distributions.Cauchy`) */
export class Cauchy extends family('Cauchy', locScale, {
  support: constraints.real,
  hasRsample: true,
}) {
  override get mode() {
    return this.loc;
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

/** The absolute value of a Cauchy variable (`torch.distributions.HalfCauchy`). */
export class HalfCauchy extends Half<Cauchy> {
  constructor(...args: Args<'HalfCauchy', Record<'scale', Param>, Validation>) {
    super();
    const { scale, ...rest } = bind<Bound<Record<'scale', Param>, Validation>>('HalfCauchy', args);
    this.fold(new Cauchy(0, scale, { validateArgs: false }), rest);
  }
  override get mean() {
    const { dtype, device } = this.scale;
    return full(this.extendedShape(), Number.POSITIVE_INFINITY, { dtype, device });
  }
  override get variance() {
    return this.baseDist.variance;
  }
  override logProb(value: Tensor) {
    this.checkValue(value);
    const { dtype, device } = this.scale;
    return super.logProb(asTensor(value, { dtype, device }));
  }
}

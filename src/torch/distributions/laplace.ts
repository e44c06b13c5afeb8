import { log, log1p } from '../generated/functions';
import { expm1 } from '../generated/special';
import { finfo } from '../number-info';
import type { Tensor } from '../tensor';
import * as constraints from './constraints';
import type { SampleShape } from './distribution';
import { family } from './family';
import { locScale } from './parameters';

/** (`torch.distributions.Laplace`) */
export class Laplace extends family('Laplace', locScale, {
  support: constraints.real,
  hasRsample: true,
}) {
  override get mode() {
    return this.loc;
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

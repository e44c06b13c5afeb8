import { exp, log, log1p, onesLike, where, zerosLike } from '../generated/functions';
import { expm1 } from '../generated/special';
import type { Tensor } from '../tensor';
import type { Constraint } from './constraints';
import * as constraints from './constraints';
import type { SampleShape } from './distribution';
import { family } from './family';
import { locScale, over, standardUniform } from './parameters';

/** Values beyond a threshold (`torch.distributions.GeneralizedPareto`). */
export class GeneralizedPareto extends family(
  'GeneralizedPareto',
  { ...locScale, concentration: constraints.real },
  { hasRsample: true },
) {
  get support(): Constraint {
    const { concentration, loc, scale } = this;
    const end = loc.sub(scale.div(concentration));
    const upper = where(concentration.lt(0), end, Number.POSITIVE_INFINITY);
    return constraints.interval(loc, upper);
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
    return this.icdf(standardUniform(this.extendedShape(sampleShape), this.loc));
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

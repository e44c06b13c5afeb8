import { where, zerosLike } from '../generated/functions';
import type { Tensor } from '../tensor';
import * as constraints from './constraints';
import { TransformedDistribution } from './derived';
import type { Distribution, Validation } from './distribution';
import { parametric } from './family';
import { AbsTransform } from './transforms';

/** The absolute value of a variable whose density is symmetric around 0. */
export abstract class Half<D extends Distribution & { readonly scale: Tensor }> extends parametric(
  { scale: constraints.positive },
  { support: constraints.nonnegative },
  TransformedDistribution,
) {
  declare readonly baseDist: D;

  protected fold(base: D, validation: Validation): void {
    this.transform(base, new AbsTransform(), { scale: base.scale }, validation);
  }
  override get scale() {
    return this.baseDist.scale;
  }
  /** The scale is the base's own, as Python prints it. */
  override toString(): string {
    return `${this.constructor.name}()`;
  }
  override get mode() {
    return zerosLike(this.scale);
  }
  override logProb(value: Tensor) {
    this.checkValue(value);
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

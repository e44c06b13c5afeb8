import { type Args, type Bound, bind } from '../../arguments';
import type { Tensor } from '../../tensor';
import * as constraints from '../constraints';
import type { Distribution } from '../distribution';
import { type CacheOptions, Transform } from './transform';

interface CumulativeNeeded {
  distribution: Distribution;
}

/** A distribution's cumulative probability. */
export class CumulativeDistributionTransform extends Transform {
  readonly distribution: Distribution;

  constructor(...args: Args<'CumulativeDistributionTransform', CumulativeNeeded, CacheOptions>) {
    const { distribution, cacheSize } = bind<Bound<CumulativeNeeded, CacheOptions>>(
      'CumulativeDistributionTransform',
      args,
    );
    super(cacheSize);
    this.distribution = distribution;
  }
  get domain() {
    return this.distribution.support;
  }
  get codomain() {
    return constraints.unitInterval;
  }
  override get bijective() {
    return true;
  }
  override get sign() {
    return 1;
  }
  protected apply(x: Tensor) {
    return this.distribution.cdf(x);
  }
  protected override inverse(y: Tensor) {
    return this.distribution.icdf(y);
  }
  override logAbsDetJacobian(x: Tensor) {
    return this.distribution.logProb(x);
  }
}

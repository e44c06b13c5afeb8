import { noGrad } from '../autograd';
import { poisson } from '../generated/functions';
import type { Tensor } from '../tensor';
import * as constraints from './constraints';
import { ExponentialFamily, type SampleShape } from './distribution';
import { family } from './family';
import { broadcastAll } from './parameters';

/** Events in a time (`torch.distributions.Poisson`). */
export class Poisson extends family(
  'Poisson',
  { rate: constraints.nonnegative },
  { support: constraints.nonnegativeInteger },
  ExponentialFamily,
) {
  override get mean() {
    return this.rate;
  }
  override get mode() {
    return this.rate.floor();
  }
  override get variance() {
    return this.rate;
  }
  override sample(sampleShape: SampleShape = []) {
    const shape = this.extendedShape(sampleShape);
    return noGrad(() => poisson(this.rate.expand(shape)));
  }
  override logProb(given: Tensor) {
    this.checkValue(given);
    const { rate, value } = broadcastAll({ rate: this.rate, value: given });
    return value.xlogy(rate).sub(rate).sub(value.add(1).lgamma());
  }
  override get naturalParams() {
    return [this.rate.log()];
  }
  override logNormalizer(x: Tensor) {
    return x.exp();
  }
}

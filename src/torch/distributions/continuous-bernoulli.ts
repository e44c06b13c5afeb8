import { type Args, type Bound, bind } from '../arguments';
import { noGrad } from '../autograd';
import { TorchError } from '../errors';
import {
  abs,
  ge,
  gt,
  le,
  log,
  log1p,
  maximum,
  onesLike,
  pow,
  sigmoid,
  where,
  zerosLike,
} from '../generated/functions';
import { expm1 } from '../generated/special';
import * as F from '../nn/functional';
import type { Tensor } from '../tensor';
import type { ProbOrLogit } from './bernoulli';
import * as constraints from './constraints';
import { ExponentialFamily, type SampleShape } from './distribution';
import { parametric } from './family';
import {
  binary,
  broadcastAll,
  clampProbs,
  eitherOf,
  ofOutcome,
  over,
  standardUniform,
} from './parameters';

interface ContinuousOptions extends ProbOrLogit {
  /** Between these a Taylor series is taken. Default [0.499, 0.501]. */
  lims?: readonly [number, number];
}

const clamped = {
  ...binary,
  probs: (given: { logits: Tensor }) => clampProbs(sigmoid(given.logits)),
};

/** A number from 0 to 1 with the density of a Bernoulli variable (`torch.distributions.ContinuousBernoulli`). */
export class ContinuousBernoulli extends parametric(
  ofOutcome,
  { support: constraints.unitInterval, hasRsample: true, computed: clamped },
  ExponentialFamily,
) {
  private readonly lims: readonly [number, number];

  constructor(...args: Args<'ContinuousBernoulli', unknown, ContinuousOptions>) {
    super();
    const bound = bind<Bound<unknown, ContinuousOptions>>('ContinuousBernoulli', args);
    const { probs, logits, lims, ...rest } = bound;
    this.lims = lims;
    const given = eitherOf({ probs, logits });
    if (given.probs) {
      const isGood = noGrad(() => constraints.unitInterval.check(given.probs!).all().item());
      if (rest.validateArgs !== null && !isGood) {
        throw new TorchError('The parameter probs has invalid values', 'ValueError');
      }
      given.probs = clampProbs(given.probs);
    }
    this.setUp(given, rest);
  }
  private get isStable(): Tensor {
    return maximum(le(this.probs, this.lims[0]), gt(this.probs, this.lims[1]));
  }
  private get cut(): Tensor {
    return where(this.isStable, this.probs, onesLike(this.probs).mul(this.lims[0]));
  }
  /** @internal */
  logNorm(): Tensor {
    const { cut } = this;
    const below = where(le(cut, 0.5), cut, zerosLike(cut));
    const above = where(ge(cut, 0.5), cut, onesLike(cut));
    const exact = log(abs(log1p(cut.neg()).sub(log(cut)))).sub(
      where(le(cut, 0.5), log1p(below.mul(-2)), log(above.mul(2).sub(1))),
    );
    const x = this.probs.sub(0.5).pow(2);
    const taylor = x
      .mul(104 / 45)
      .add(4 / 3)
      .mul(x)
      .add(Math.log(2));
    return where(this.isStable, exact, taylor);
  }
  override get mean() {
    const { cut } = this;
    const exact = cut.div(cut.mul(2).sub(1)).add(over(1, log1p(cut.neg()).sub(log(cut))));
    const x = this.probs.sub(0.5);
    const taylor = x
      .pow(2)
      .mul(16 / 45)
      .add(1 / 3)
      .mul(x)
      .add(0.5);
    return where(this.isStable, exact, taylor);
  }
  override get variance() {
    const { cut } = this;
    const exact = cut
      .mul(cut.sub(1))
      .div(cut.mul(2).neg().add(1).pow(2))
      .add(over(1, log1p(cut.neg()).sub(log(cut)).pow(2)));
    const x = this.probs.sub(0.5).pow(2);
    const taylor = x
      .mul(128 / 945)
      .neg()
      .add(1 / 15)
      .mul(x)
      .neg()
      .add(1 / 12);
    return where(this.isStable, exact, taylor);
  }
  override sample(sampleShape: SampleShape = []) {
    return noGrad(() => this.rsample(sampleShape));
  }
  override rsample(sampleShape: SampleShape = []) {
    return this.icdf(standardUniform(this.extendedShape(sampleShape), this.probs));
  }
  override logProb(given: Tensor) {
    this.checkValue(given);
    const { logits, value } = broadcastAll({ logits: this.logits, value: given });
    return F.binaryCrossEntropyWithLogits(logits, value, { reduction: 'none' })
      .neg()
      .add(this.logNorm());
  }
  override cdf(value: Tensor) {
    this.checkValue(value);
    const { cut } = this;
    const exact = pow(cut, value)
      .mul(pow(cut.neg().add(1), value.neg().add(1)))
      .add(cut)
      .sub(1)
      .div(cut.mul(2).sub(1));
    const inside = where(this.isStable, exact, value);
    return where(le(value, 0), zerosLike(value), where(ge(value, 1), onesLike(value), inside));
  }
  override icdf(value: Tensor) {
    const { cut } = this;
    const rest = log1p(cut.neg());
    const exact = log1p(cut.neg().add(value.mul(cut.mul(2).sub(1))))
      .sub(rest)
      .div(log(cut).sub(rest));
    return where(this.isStable, exact, value);
  }
  override entropy() {
    const zero = log1p(this.probs.neg());
    const one = log(this.probs);
    return this.mean.mul(zero.sub(one)).sub(this.logNorm()).sub(zero);
  }
  override get naturalParams() {
    return [this.logits];
  }
  override logNormalizer(x: Tensor) {
    const [low, high] = this.lims;
    const isStable = maximum(le(x, low - 0.5), gt(x, high - 0.5));
    const cut = where(isStable, x, onesLike(x).mul(low - 0.5));
    const exact = log(abs(expm1(cut))).sub(log(abs(cut)));
    const taylor = x.mul(0.5).add(x.pow(2).div(24)).sub(x.pow(4).div(2880));
    return where(isStable, exact, taylor);
  }
}

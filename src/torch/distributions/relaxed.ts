import { type Args, type Bound, bind } from '../arguments';
import { noGrad } from '../autograd';
import { TorchError } from '../errors';
import {
  abs,
  fullLike,
  ge,
  gt,
  le,
  log,
  log1p,
  maximum,
  onesLike,
  pow,
  rand,
  where,
  zerosLike,
} from '../generated/functions';
import { expm1 } from '../generated/special';
import * as F from '../nn/functional';
import type { Tensor } from '../tensor';
import { Categorical, type ProbsOrLogits } from './categorical';
import * as constraints from './constraints';
import { TransformedDistribution } from './derived';
import type { ProbOrLogit } from './discrete';
import { Distribution, ExponentialFamily, type SampleShape } from './distribution';
import {
  broadcastAll,
  clampProbs,
  eitherOf,
  logitsToProbs,
  over,
  probsToLogits,
} from './parameters';
import { ExpTransform, SigmoidTransform } from './transforms';

const ofOne = { probs: constraints.unitInterval, logits: constraints.real };

interface ContinuousOptions extends ProbOrLogit {
  /** Between these a Taylor series is taken. Default [0.499, 0.501]. */
  lims?: readonly [number, number];
}

/** A number from 0 to 1 with the density of a Bernoulli variable (`torch.distributions.ContinuousBernoulli`). */
export class ContinuousBernoulli extends ExponentialFamily {
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
  get argConstraints() {
    return ofOne;
  }
  get support() {
    return constraints.unitInterval;
  }
  override get hasRsample() {
    return true;
  }
  get probs(): Tensor {
    return this.parameter('probs', () => clampProbs(logitsToProbs(this.logits, true)));
  }
  get logits(): Tensor {
    return this.parameter('logits', () => probsToLogits(this.probs, true));
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
    const { dtype, device } = this.probs;
    return this.icdf(rand(this.extendedShape(sampleShape), { dtype, device }));
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
  protected override get meanCarrierMeasure() {
    return 0;
  }
}

interface Temperature {
  temperature: Tensor;
}

/** The logit of a relaxed Bernoulli variable (`torch.distributions.relaxed_bernoulli.LogitRelaxedBernoulli`). */
export class LogitRelaxedBernoulli extends Distribution {
  readonly temperature: Tensor;

  constructor(...args: Args<'RelaxedBernoulli', Temperature, ProbOrLogit>) {
    super();
    const bound = bind<Bound<Temperature, ProbOrLogit>>('RelaxedBernoulli', args);
    const { temperature, probs, logits, ...rest } = bound;
    this.temperature = temperature;
    this.setUp(eitherOf({ probs, logits }), rest);
  }
  get argConstraints() {
    return ofOne;
  }
  get support() {
    return constraints.real;
  }
  get probs(): Tensor {
    return this.parameter('probs', () => logitsToProbs(this.logits, true));
  }
  get logits(): Tensor {
    return this.parameter('logits', () => probsToLogits(this.probs, true));
  }
  override rsample(sampleShape: SampleShape = []) {
    const shape = this.extendedShape(sampleShape);
    const probs = clampProbs(this.probs.expand(shape));
    const { dtype, device } = probs;
    const noise = clampProbs(rand(shape, { dtype, device }));
    return noise
      .log()
      .sub(noise.neg().log1p())
      .add(probs.log())
      .sub(probs.neg().log1p())
      .div(this.temperature);
  }
  override logProb(given: Tensor) {
    this.checkValue(given);
    const { logits, value } = broadcastAll({ logits: this.logits, value: given });
    const difference = logits.sub(value.mul(this.temperature));
    return this.temperature.log().add(difference).sub(difference.exp().log1p().mul(2));
  }
}

/** A Bernoulli variable made continuous (`torch.distributions.RelaxedBernoulli`). */
export class RelaxedBernoulli extends TransformedDistribution {
  declare readonly baseDist: LogitRelaxedBernoulli;

  constructor(...args: Args<'RelaxedBernoulli', Temperature, ProbOrLogit>) {
    super();
    const bound = bind<Bound<Temperature, ProbOrLogit>>('RelaxedBernoulli', args);
    const { temperature, probs, logits, ...rest } = bound;
    const base = new LogitRelaxedBernoulli(temperature, probs, logits);
    this.transform(base, new SigmoidTransform(), {}, rest);
  }
  override get argConstraints() {
    return ofOne;
  }
  override get support() {
    return constraints.unitInterval;
  }
  override get hasRsample() {
    return true;
  }
  get temperature() {
    return this.baseDist.temperature;
  }
  get probs() {
    return this.baseDist.probs;
  }
  get logits() {
    return this.baseDist.logits;
  }
}

const overOutcomes = { probs: constraints.simplex, logits: constraints.realVector };

/** The logarithm of a relaxed one-hot variable (`torch.distributions.relaxed_categorical.ExpRelaxedCategorical`). */
export class ExpRelaxedCategorical extends Distribution {
  readonly temperature: Tensor;
  private readonly categorical: Categorical;

  constructor(...args: Args<'RelaxedOneHotCategorical', Temperature, ProbsOrLogits>) {
    super();
    const bound = bind<Bound<Temperature, ProbsOrLogits>>('RelaxedOneHotCategorical', args);
    const { temperature, probs, logits, ...rest } = bound;
    this.categorical = new Categorical(probs, logits);
    this.temperature = temperature;
    const { batchShape, paramShape } = this.categorical;
    this.setUp({}, rest, batchShape, paramShape.slice(-1));
  }
  override expand(batchShape: readonly number[]): this {
    return this.copyFor(batchShape, { categorical: this.categorical.expand(batchShape) });
  }
  get argConstraints() {
    return overOutcomes;
  }
  get support() {
    return constraints.realVector;
  }
  override get hasRsample() {
    return true;
  }
  get probs() {
    return this.categorical.probs;
  }
  get logits() {
    return this.categorical.logits;
  }
  override rsample(sampleShape: SampleShape = []) {
    const { dtype, device } = this.logits;
    const noise = clampProbs(rand(this.extendedShape(sampleShape), { dtype, device }));
    const gumbels = noise.log().neg().log().neg();
    const scores = this.logits.add(gumbels).div(this.temperature);
    return scores.sub(scores.logsumexp(-1, true));
  }
  override logProb(given: Tensor) {
    this.checkValue(given);
    const k = this.categorical.numEvents;
    const { logits, value } = broadcastAll({ logits: this.logits, value: given });
    const scale = fullLike(this.temperature, k)
      .lgamma()
      .sub(this.temperature.log().mul(-(k - 1)));
    const score = logits.sub(value.mul(this.temperature));
    return score.sub(score.logsumexp(-1, true)).sum(-1).add(scale);
  }
}

/** A one-hot variable made continuous (`torch.distributions.RelaxedOneHotCategorical`). */
export class RelaxedOneHotCategorical extends TransformedDistribution {
  declare readonly baseDist: ExpRelaxedCategorical;

  constructor(...args: Args<'RelaxedOneHotCategorical', Temperature, ProbsOrLogits>) {
    super();
    const bound = bind<Bound<Temperature, ProbsOrLogits>>('RelaxedOneHotCategorical', args);
    const { temperature, probs, logits, ...rest } = bound;
    const base = new ExpRelaxedCategorical(temperature, probs, logits, rest);
    this.transform(base, new ExpTransform(), {}, rest);
  }
  override get argConstraints() {
    return overOutcomes;
  }
  override get support() {
    return constraints.simplex;
  }
  override get hasRsample() {
    return true;
  }
  get temperature() {
    return this.baseDist.temperature;
  }
  get probs() {
    return this.baseDist.probs;
  }
  get logits() {
    return this.baseDist.logits;
  }
}

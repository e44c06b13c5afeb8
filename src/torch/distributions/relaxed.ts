import { type Args, type Bound, bind } from '../arguments';
import { fullLike } from '../generated/functions';
import type { Tensor } from '../tensor';
import type { ProbOrLogit } from './bernoulli';
import { Categorical, type ProbsOrLogits } from './categorical';
import * as constraints from './constraints';
import { TransformedDistribution } from './derived';
import type { SampleShape } from './distribution';
import { parametric } from './family';
import {
  binary,
  broadcastAll,
  clampProbs,
  eitherOf,
  ofOutcome,
  ofOutcomes,
  standardUniform,
} from './parameters';
import { ExpTransform, SigmoidTransform } from './transforms';

interface Temperature {
  temperature: Tensor;
}

/** The logit of a relaxed Bernoulli variable (`torch.distributions.relaxed_bernoulli.LogitRelaxedBernoulli`). */
export class LogitRelaxedBernoulli extends parametric(ofOutcome, {
  support: constraints.real,
  computed: binary,
}) {
  readonly temperature: Tensor;

  constructor(...args: Args<'RelaxedBernoulli', Temperature, ProbOrLogit>) {
    super();
    const bound = bind<Bound<Temperature, ProbOrLogit>>('RelaxedBernoulli', args);
    const { temperature, probs, logits, ...rest } = bound;
    this.temperature = temperature;
    this.setUp(eitherOf({ probs, logits }), rest);
  }
  override rsample(sampleShape: SampleShape = []) {
    const shape = this.extendedShape(sampleShape);
    const probs = clampProbs(this.probs.expand(shape));
    const noise = clampProbs(standardUniform(shape, probs));
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
export class RelaxedBernoulli extends parametric(
  ofOutcome,
  { support: constraints.unitInterval, hasRsample: true },
  TransformedDistribution,
) {
  declare readonly baseDist: LogitRelaxedBernoulli;

  constructor(...args: Args<'RelaxedBernoulli', Temperature, ProbOrLogit>) {
    super();
    const bound = bind<Bound<Temperature, ProbOrLogit>>('RelaxedBernoulli', args);
    const { temperature, probs, logits, ...rest } = bound;
    const base = new LogitRelaxedBernoulli(temperature, probs, logits);
    this.transform(base, new SigmoidTransform(), {}, rest);
  }
  get temperature() {
    return this.baseDist.temperature;
  }
  override get probs() {
    return this.baseDist.probs;
  }
  override get logits() {
    return this.baseDist.logits;
  }
}

/** The logarithm of a relaxed one-hot variable (`torch.distributions.relaxed_categorical.ExpRelaxedCategorical`). */
export class ExpRelaxedCategorical extends parametric(ofOutcomes, {
  support: constraints.realVector,
  hasRsample: true,
}) {
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
  override get probs() {
    return this.categorical.probs;
  }
  override get logits() {
    return this.categorical.logits;
  }
  override rsample(sampleShape: SampleShape = []) {
    const noise = clampProbs(standardUniform(this.extendedShape(sampleShape), this.logits));
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
export class RelaxedOneHotCategorical extends parametric(
  ofOutcomes,
  { support: constraints.simplex, hasRsample: true },
  TransformedDistribution,
) {
  declare readonly baseDist: ExpRelaxedCategorical;

  constructor(...args: Args<'RelaxedOneHotCategorical', Temperature, ProbsOrLogits>) {
    super();
    const bound = bind<Bound<Temperature, ProbsOrLogits>>('RelaxedOneHotCategorical', args);
    const { temperature, probs, logits, ...rest } = bound;
    const base = new ExpRelaxedCategorical(temperature, probs, logits, rest);
    this.transform(base, new ExpTransform(), {}, rest);
  }
  get temperature() {
    return this.baseDist.temperature;
  }
  override get probs() {
    return this.baseDist.probs;
  }
  override get logits() {
    return this.baseDist.logits;
  }
}

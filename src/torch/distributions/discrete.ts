import { type Args, type Bound, bind } from '../arguments';
import { noGrad } from '../autograd';
import { TorchError } from '../errors';
import {
  abs,
  arange,
  bernoulli,
  binomial,
  exp,
  lgamma,
  log1p,
  logit,
  poisson,
  sigmoid,
  zerosLike,
} from '../generated/functions';
import * as F from '../nn/functional';
import { finfo } from '../number-info';
import type { Tensor } from '../tensor';
import type { Constraint } from './constraints';
import * as constraints from './constraints';
import {
  Distribution,
  ExponentialFamily,
  type Param,
  type SampleShape,
  type Validation,
} from './distribution';
import { Gamma } from './gamma';
import { broadcastAll, eitherOf, logitsToProbs, over, probsToLogits, put } from './parameters';

/** The probability of 1, or its logit. */
export interface ProbOrLogit extends Validation {
  probs?: Param | null;
  logits?: Param | null;
}

const ofOne = { probs: constraints.unitInterval, logits: constraints.real };

/** The values 0, 1, …, in front of a batch. */
function counted(
  distribution: Distribution,
  count: number,
  { dtype, device }: Tensor,
  options: boolean | { expand?: boolean },
): Tensor {
  const { batchShape } = distribution;
  const values = arange(count, { dtype, device }).view([-1, ...batchShape.map(() => 1)]);
  const isExpanded = typeof options === 'boolean' ? options : (options.expand ?? true);
  return isExpanded ? values.expand([-1, ...batchShape]) : values;
}

/** 0 or 1 (`torch.distributions.Bernoulli`). */
export class Bernoulli extends ExponentialFamily {
  constructor(...args: Args<'Bernoulli', unknown, ProbOrLogit>) {
    super();
    const { probs, logits, ...rest } = bind<Bound<unknown, ProbOrLogit>>('Bernoulli', args);
    this.setUp(eitherOf({ probs, logits }), rest);
  }
  get argConstraints() {
    return ofOne;
  }
  get support() {
    return constraints.boolean;
  }
  override get hasEnumerateSupport() {
    return true;
  }
  get probs(): Tensor {
    return this.parameter('probs', () => logitsToProbs(this.logits, true));
  }
  get logits(): Tensor {
    return this.parameter('logits', () => probsToLogits(this.probs, true));
  }
  override get mean() {
    return this.probs;
  }
  override get mode() {
    const mode = this.probs.ge(0.5).to(this.probs);
    return put(mode, this.probs.eq(0.5), Number.NaN);
  }
  override get variance() {
    return this.probs.mul(this.probs.neg().add(1));
  }
  override sample(sampleShape: SampleShape = []) {
    const shape = this.extendedShape(sampleShape);
    return noGrad(() => bernoulli(this.probs.expand(shape)));
  }
  override logProb(given: Tensor) {
    this.checkValue(given);
    const { logits, value } = broadcastAll({ logits: this.logits, value: given });
    return F.binaryCrossEntropyWithLogits(logits, value, { reduction: 'none' }).neg();
  }
  override entropy() {
    return F.binaryCrossEntropyWithLogits(this.logits, this.probs, { reduction: 'none' });
  }
  override enumerateSupport(options: boolean | { expand?: boolean } = true) {
    return counted(this, 2, this.given.probs ?? this.given.logits!, options);
  }
  override get naturalParams() {
    return [logit(this.probs)];
  }
  override logNormalizer(x: Tensor) {
    return log1p(exp(x));
  }
  protected override get meanCarrierMeasure() {
    return 0;
  }
}

const clampByZero = (x: Tensor): Tensor =>
  x
    .clamp({ min: 0 })
    .add(x)
    .sub(x.clamp({ max: 0 }))
    .div(2);

interface BinomialOptions extends Validation {
  /** Draws. Default 1. */
  totalCount?: Param;
  probs?: Tensor | null;
  logits?: Tensor | null;
}

/** Successes in a number of draws (`torch.distributions.Binomial`). */
export class Binomial extends Distribution {
  constructor(...args: Args<'Binomial', unknown, BinomialOptions>) {
    super();
    const bound = bind<Bound<unknown, BinomialOptions>>('Binomial', args);
    const { totalCount, probs, logits, ...rest } = bound;
    const given = eitherOf({ probs, logits }, { totalCount });
    const param = given.probs ?? given.logits!;
    this.setUp({ ...given, totalCount: given.totalCount!.typeAs(param) }, rest, param.shape);
  }
  get argConstraints() {
    return { totalCount: constraints.nonnegativeInteger, ...ofOne };
  }
  get support(): Constraint {
    return constraints.integerInterval(0, this.totalCount);
  }
  override get hasEnumerateSupport() {
    return true;
  }
  get totalCount(): Tensor {
    return this.parameter('totalCount');
  }
  get probs(): Tensor {
    return this.parameter('probs', () => logitsToProbs(this.logits, true));
  }
  get logits(): Tensor {
    return this.parameter('logits', () => probsToLogits(this.probs, true));
  }
  override get mean() {
    return this.totalCount.mul(this.probs);
  }
  override get mode() {
    return this.totalCount.add(1).mul(this.probs).floor().clamp({ max: this.totalCount });
  }
  override get variance() {
    return this.totalCount.mul(this.probs).mul(this.probs.neg().add(1));
  }
  override sample(sampleShape: SampleShape = []) {
    const shape = this.extendedShape(sampleShape);
    return noGrad(() => binomial(this.totalCount.expand(shape), this.probs.expand(shape)));
  }
  override logProb(value: Tensor) {
    this.checkValue(value);
    const { logits, totalCount } = this;
    const ofN = lgamma(totalCount.add(1));
    const ofK = lgamma(value.add(1));
    const ofRest = lgamma(totalCount.sub(value).add(1));
    const normalizer = totalCount
      .mul(clampByZero(logits))
      .add(totalCount.mul(log1p(exp(abs(logits).neg()))))
      .sub(ofN);
    return value.mul(logits).sub(ofK).sub(ofRest).sub(normalizer);
  }
  private count(method: string): number {
    const most = this.totalCount.max().item();
    if (this.totalCount.min().item() === most) return most;
    throw new TorchError(
      `Inhomogeneous total count not supported by \`${method}\`.`,
      'NotImplementedError',
    );
  }
  override entropy() {
    this.count('entropy');
    const logProb = this.logProb(this.enumerateSupport(false));
    return exp(logProb).mul(logProb).sum(0).neg();
  }
  override enumerateSupport(options: boolean | { expand?: boolean } = true) {
    const count = 1 + this.count('enumerate_support');
    return counted(this, count, this.given.probs ?? this.given.logits!, options);
  }
}

/** Failures before the first success (`torch.distributions.Geometric`). */
export class Geometric extends Distribution {
  constructor(...args: Args<'Geometric', unknown, ProbOrLogit>) {
    super();
    const { probs, logits, ...rest } = bind<Bound<unknown, ProbOrLogit>>('Geometric', args);
    this.setUp(eitherOf({ probs, logits }), rest);
    const { probs: given } = this.given;
    if (!this.validates || !given || given.gt(0).all().item()) return;
    throw new TorchError(
      `Expected parameter probs (Tensor of shape (${given.shape.join(', ')})) of distribution ${this} to be positive but found invalid values:\n${given.detach().index(given.le(0))}`,
      'ValueError',
    );
  }
  get argConstraints() {
    return ofOne;
  }
  get support() {
    return constraints.nonnegativeInteger;
  }
  get probs(): Tensor {
    return this.parameter('probs', () => logitsToProbs(this.logits, true));
  }
  get logits(): Tensor {
    return this.parameter('logits', () => probsToLogits(this.probs, true));
  }
  override get mean() {
    return over(1, this.probs).sub(1);
  }
  override get mode() {
    return zerosLike(this.probs);
  }
  override get variance() {
    return over(1, this.probs).sub(1).div(this.probs);
  }
  override sample(sampleShape: SampleShape = []) {
    const shape = this.extendedShape(sampleShape);
    return noGrad(() => {
      const u = this.probs.newEmpty(shape).uniform_(finfo(this.probs.dtype).tiny, 1);
      return u.log().div(this.probs.neg().log1p()).floor();
    });
  }
  override logProb(given: Tensor) {
    this.checkValue(given);
    const { value, probs: broadcast } = broadcastAll({ value: given, probs: this.probs });
    const probs = broadcast.clone({ memoryFormat: 'contiguous_format' });
    put(probs, probs.eq(1).bitwiseAnd(value.eq(0)), 0);
    return value.mul(probs.neg().log1p()).add(this.probs.log());
  }
  override entropy() {
    return F.binaryCrossEntropyWithLogits(this.logits, this.probs, { reduction: 'none' }).div(
      this.probs,
    );
  }
}

interface CountNeeded {
  totalCount: Param;
}

/** Successes before a number of failures (`torch.distributions.NegativeBinomial`). */
export class NegativeBinomial extends Distribution {
  constructor(...args: Args<'NegativeBinomial', CountNeeded, ProbOrLogit>) {
    super();
    const bound = bind<Bound<CountNeeded, ProbOrLogit>>('NegativeBinomial', args);
    const { totalCount, probs, logits, ...rest } = bound;
    const given = eitherOf({ probs, logits }, { totalCount });
    const param = given.probs ?? given.logits!;
    this.setUp({ ...given, totalCount: given.totalCount!.typeAs(param) }, rest, param.shape);
  }
  get argConstraints() {
    return {
      totalCount: constraints.greaterThanEq(0),
      probs: constraints.halfOpenInterval(0, 1),
      logits: constraints.real,
    };
  }
  get support() {
    return constraints.nonnegativeInteger;
  }
  get totalCount(): Tensor {
    return this.parameter('totalCount');
  }
  get probs(): Tensor {
    return this.parameter('probs', () => logitsToProbs(this.logits, true));
  }
  get logits(): Tensor {
    return this.parameter('logits', () => probsToLogits(this.probs, true));
  }
  override get mean() {
    return this.totalCount.mul(exp(this.logits));
  }
  override get mode() {
    return this.totalCount.sub(1).mul(this.logits.exp()).floor().clamp({ min: 0 });
  }
  override get variance() {
    return this.mean.div(sigmoid(this.logits.neg()));
  }
  override sample(sampleShape: SampleShape = []) {
    return noGrad(() => {
      const gamma = new Gamma(this.totalCount, exp(this.logits.neg()), { validateArgs: false });
      return poisson(gamma.sample(sampleShape));
    });
  }
  override logProb(value: Tensor) {
    this.checkValue(value);
    const { logits, totalCount } = this;
    const unnormalized = totalCount
      .mul(F.logsigmoid(logits.neg()))
      .add(value.mul(F.logsigmoid(logits)));
    const normalizer = lgamma(totalCount.add(value))
      .neg()
      .add(lgamma(value.add(1)))
      .add(lgamma(totalCount))
      .maskedFill(totalCount.add(value).eq(0), 0);
    return unnormalized.sub(normalizer);
  }
}

interface Rate {
  rate: Param;
}

/** Events in a time (`torch.distributions.Poisson`). */
export class Poisson extends ExponentialFamily {
  constructor(...args: Args<'Poisson', Rate, Validation>) {
    super();
    const { rate, ...rest } = bind<Bound<Rate, Validation>>('Poisson', args);
    this.setUp(broadcastAll({ rate }), rest);
  }
  get argConstraints() {
    return { rate: constraints.nonnegative };
  }
  get support() {
    return constraints.nonnegativeInteger;
  }
  get rate() {
    return this.parameter('rate');
  }
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

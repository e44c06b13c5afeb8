import { type Args, type Bound, bind } from '../arguments';
import { noGrad } from '../autograd';
import { TorchError } from '../errors';
import { arange, bernoulli, exp, log1p, logit, zerosLike } from '../generated/functions';
import * as F from '../nn/functional';
import { finfo } from '../number-info';
import type { Tensor } from '../tensor';
import * as constraints from './constraints';
import { ExponentialFamily, type Param, type SampleShape, type Validation } from './distribution';
import { parametric } from './family';
import { binary, broadcastAll, eitherOf, ofOutcome, over, put } from './parameters';

/** The probability of 1, or its logit. */
export interface ProbOrLogit extends Validation {
  probs?: Param | null;
  logits?: Param | null;
}

/** 0 or 1 (`torch.distributions.Bernoulli`). */
export class Bernoulli extends parametric(
  ofOutcome,
  { support: constraints.boolean, hasEnumerateSupport: true, computed: binary },
  ExponentialFamily,
) {
  constructor(...args: Args<'Bernoulli', unknown, ProbOrLogit>) {
    super();
    const { probs, logits, ...rest } = bind<Bound<unknown, ProbOrLogit>>('Bernoulli', args);
    this.setUp(eitherOf({ probs, logits }), rest);
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
    const { dtype, device } = this.given.probs ?? this.given.logits!;
    return this.enumerated(arange(2, { dtype, device }), options);
  }
  override get naturalParams() {
    return [logit(this.probs)];
  }
  override logNormalizer(x: Tensor) {
    return log1p(exp(x));
  }
}

/** Failures before the first success (`torch.distributions.Geometric`). */
export class Geometric extends parametric(ofOutcome, {
  support: constraints.nonnegativeInteger,
  computed: binary,
}) {
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

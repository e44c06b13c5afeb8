import { type Args, type Bound, bind } from '../arguments';
import { noGrad } from '../autograd';
import { TorchError } from '../errors';
import {
  abs,
  arange,
  binomial,
  exp,
  lgamma,
  log1p,
  poisson,
  sigmoid,
} from '../generated/functions';
import * as F from '../nn/functional';
import type { Tensor } from '../tensor';
import type { ProbOrLogit } from './bernoulli';
import type { Constraint } from './constraints';
import * as constraints from './constraints';
import type { Param, SampleShape, Validation } from './distribution';
import { parametric } from './family';
import { Gamma } from './gamma';
import { binary, eitherOf, ofOutcome } from './parameters';

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
export class Binomial extends parametric(
  { totalCount: constraints.nonnegativeInteger, ...ofOutcome },
  { hasEnumerateSupport: true, computed: binary },
) {
  constructor(...args: Args<'Binomial', unknown, BinomialOptions>) {
    super();
    const bound = bind<Bound<unknown, BinomialOptions>>('Binomial', args);
    const { totalCount, probs, logits, ...rest } = bound;
    const given = eitherOf({ probs, logits }, { totalCount });
    const param = given.probs ?? given.logits!;
    this.setUp({ ...given, totalCount: given.totalCount!.typeAs(param) }, rest, param.shape);
  }
  get support(): Constraint {
    return constraints.integerInterval(0, this.totalCount);
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
    const { dtype, device } = this.given.probs ?? this.given.logits!;
    return this.enumerated(arange(count, { dtype, device }), options);
  }
}

/** Successes before a number of failures (`torch.distributions.NegativeBinomial`). */
export class NegativeBinomial extends parametric(
  {
    totalCount: constraints.greaterThanEq(0),
    probs: constraints.halfOpenInterval(0, 1),
    logits: constraints.real,
  },
  { support: constraints.nonnegativeInteger, computed: binary },
) {
  constructor(...args: Args<'NegativeBinomial', Record<'totalCount', Param>, ProbOrLogit>) {
    super();
    const bound = bind<Bound<Record<'totalCount', Param>, ProbOrLogit>>('NegativeBinomial', args);
    const { totalCount, probs, logits, ...rest } = bound;
    const given = eitherOf({ probs, logits }, { totalCount });
    const param = given.probs ?? given.logits!;
    this.setUp({ ...given, totalCount: given.totalCount!.typeAs(param) }, rest, param.shape);
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

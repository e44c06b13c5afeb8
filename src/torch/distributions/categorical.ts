import { type Args, type Bound, bind } from '../arguments';
import { tensor } from '../creation';
import { TorchError } from '../errors';
import { broadcastTensors } from '../functional';
import {
  arange,
  clamp,
  exp,
  eye,
  full,
  lgamma,
  multinomial,
  onesLike,
} from '../generated/functions';
import * as F from '../nn/functional';
import { finfo } from '../number-info';
import type { Tensor } from '../tensor';
import { Binomial } from './binomial';
import type { Constraint } from './constraints';
import * as constraints from './constraints';
import { Distribution, type SampleShape, type Validation } from './distribution';
import { parametric } from './family';
import { broadcastAll, categorical, checkEither, ofOutcomes, put } from './parameters';

/** Probabilities `[*, K]`, or their logarithms up to a constant. */
export interface ProbsOrLogits extends Validation {
  probs?: Tensor | null;
  logits?: Tensor | null;
}

/** One of K outcomes by their probabilities (`torch.distributions.Categorical`). */
export class Categorical extends parametric(ofOutcomes, {
  hasEnumerateSupport: true,
  computed: categorical,
}) {
  readonly numEvents: number;

  constructor(...args: Args<'Categorical', unknown, ProbsOrLogits>) {
    super();
    const { probs, logits, ...rest } = bind<Bound<unknown, ProbsOrLogits>>('Categorical', args);
    checkEither(probs, logits);
    const [name, given] = probs ? (['probs', probs] as const) : (['logits', logits!] as const);
    if (given.ndim < 1) {
      throw new TorchError(`\`${name}\` parameter must be at least one-dimensional.`, 'ValueError');
    }
    const parameter = probs ? given.div(given.sum(-1, true)) : given.sub(given.logsumexp(-1, true));
    this.numEvents = parameter.shape.at(-1)!;
    this.setUp({ [name]: parameter }, rest, parameter.shape.slice(0, -1));
  }
  get support(): Constraint {
    return constraints.integerInterval(0, this.numEvents - 1);
  }
  private get param(): Tensor {
    return this.given.probs ?? this.given.logits!;
  }
  get paramShape(): number[] {
    return this.param.shape;
  }
  private get nothing(): Tensor {
    const { dtype, device } = this.probs;
    return full(this.extendedShape(), Number.NaN, { dtype, device });
  }
  override get mean() {
    return this.nothing;
  }
  override get mode() {
    return this.probs.argmax(-1);
  }
  override get variance() {
    return this.nothing;
  }
  override sample(sampleShape: SampleShape = []) {
    const probs = this.probs.reshape(-1, this.numEvents);
    const count = sampleShape.reduce((product, size) => product * size, 1);
    const samples = multinomial(probs, count, true).T;
    return samples.reshape(this.extendedShape(sampleShape));
  }
  override logProb(value: Tensor) {
    this.checkValue(value);
    const [index, logPmf] = broadcastTensors(value.long().unsqueeze(-1), this.logits) as [
      Tensor,
      Tensor,
    ];
    return logPmf.gather(-1, index.index('..., :1')).squeeze(-1);
  }
  override entropy() {
    const logits = clamp(this.logits, { min: finfo(this.logits.dtype).min });
    return logits.mul(this.probs).sum(-1).neg();
  }
  override enumerateSupport(options: boolean | { expand?: boolean } = true) {
    const values = arange(this.numEvents, { dtype: 'int64', device: this.param.device });
    return this.enumerated(values, options);
  }
}

/** A distribution that wraps a categorical one. */
abstract class OverCategorical extends Distribution {
  /** @internal */
  declare readonly categorical: Categorical;

  protected wrap(categorical: Categorical, validation: Validation): void {
    Object.assign(this, { categorical });
    this.setUp({}, validation, categorical.batchShape, categorical.paramShape.slice(-1));
  }
  get argConstraints() {
    return ofOutcomes;
  }
  get probs(): Tensor {
    return this.categorical.probs;
  }
  get logits(): Tensor {
    return this.categorical.logits;
  }
  get paramShape(): number[] {
    return this.categorical.paramShape;
  }
  override toString(): string {
    const names = Object.keys(this.given);
    return `${this.constructor.name}(${names.join(', ')})`;
  }
}

/** One of K outcomes as a vector of zeros with a one (`torch.distributions.OneHotCategorical`). */
export class OneHotCategorical extends OverCategorical {
  constructor(...args: Args<'OneHotCategorical', unknown, ProbsOrLogits>) {
    super();
    const { probs, logits, ...rest } = bind<Bound<unknown, ProbsOrLogits>>(
      'OneHotCategorical',
      args,
    );
    this.wrap(new Categorical(probs, logits), rest);
  }
  get support(): Constraint {
    return constraints.oneHot;
  }
  override get hasEnumerateSupport() {
    return true;
  }
  override get mean() {
    return this.probs;
  }
  override get mode() {
    return F.oneHot(this.probs.argmax(-1), this.probs.shape.at(-1)!).to(this.probs);
  }
  override get variance() {
    return this.probs.mul(this.probs.neg().add(1));
  }
  override sample(sampleShape: SampleShape = []) {
    const indices = this.categorical.sample(sampleShape);
    return F.oneHot(indices, this.categorical.numEvents).to(this.probs);
  }
  override logProb(value: Tensor) {
    this.checkValue(value);
    return this.categorical.logProb(value.max(-1)[1]);
  }
  override entropy() {
    return this.categorical.entropy();
  }
  override enumerateSupport(options: boolean | { expand?: boolean } = true) {
    const { dtype, device } = this.probs;
    return this.enumerated(eye(this.categorical.numEvents, { dtype, device }), options);
  }
}

/** One whose samples pass gradients on as if they were the probabilities (`torch.distributions.OneHotCategoricalStraightThrough`). */
export class OneHotCategoricalStraightThrough extends OneHotCategorical {
  override get hasRsample() {
    return true;
  }
  override rsample(sampleShape: SampleShape = []) {
    const samples = this.sample(sampleShape);
    return samples.add(this.probs.sub(this.probs.detach()));
  }
}

interface MultinomialOptions extends ProbsOrLogits {
  /** Draws. Default 1. */
  totalCount?: number;
}

/** How often each of K outcomes comes in a number of draws (`torch.distributions.Multinomial`). */
export class Multinomial extends OverCategorical {
  readonly totalCount: number;
  private readonly binomial: Binomial;

  constructor(...args: Args<'Multinomial', unknown, MultinomialOptions>) {
    super();
    const { totalCount, probs, logits, ...rest } = bind<Bound<unknown, MultinomialOptions>>(
      'Multinomial',
      args,
    );
    this.totalCount = totalCount;
    const categorical = new Categorical(probs, logits);
    this.binomial = new Binomial(totalCount, categorical.probs);
    this.wrap(categorical, rest);
  }
  get support(): Constraint {
    return constraints.multinomial(this.totalCount);
  }
  override get mean() {
    return this.probs.mul(this.totalCount);
  }
  override get variance() {
    return this.probs.mul(this.totalCount).mul(this.probs.neg().add(1));
  }
  override sample(sampleShape: SampleShape = []) {
    const drawn = this.categorical.sample([this.totalCount, ...sampleShape]);
    const order = Array.from({ length: drawn.ndim }, (_, i) => (i + 1) % drawn.ndim);
    const samples = drawn.permute(order);
    const counts = samples.newZeros(this.extendedShape(sampleShape));
    counts.scatterAdd_(-1, samples, onesLike(samples));
    return counts.typeAs(this.probs);
  }
  override logProb(given: Tensor) {
    this.checkValue(given);
    const { logits: broadcast, value } = broadcastAll({ logits: this.logits, value: given });
    const logits = broadcast.clone({ memoryFormat: 'contiguous_format' });
    const ofSum = lgamma(value.sum(-1).add(1));
    const ofEach = lgamma(value.add(1)).sum(-1);
    put(logits, value.eq(0).logicalAnd(logits.eq(Number.NEGATIVE_INFINITY)), 0);
    return ofSum.sub(ofEach).add(logits.mul(value).sum(-1));
  }
  override entropy() {
    const n = tensor(this.totalCount);
    const first = n.mul(this.categorical.entropy()).sub(lgamma(n.add(1)));
    const support = this.binomial.enumerateSupport(false).index('1:');
    const probs = exp(this.binomial.logProb(support));
    return first.add(probs.mul(lgamma(support.add(1))).sum([0, -1]));
  }
}

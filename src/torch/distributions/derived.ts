import { type Args, type Bound, bind } from '../arguments';
import { noGrad } from '../autograd';
import { TorchError } from '../errors';
import type { Tensor } from '../tensor';
import type { Constraint } from './constraints';
import * as constraints from './constraints';
import { Distribution, type SampleShape, type Validation } from './distribution';
import { sumRightmost } from './parameters';
import { ComposeTransform, Transform } from './transforms';
import { times } from './transforms/compose';

interface IndependentNeeded<D extends Distribution> {
  baseDistribution: D;
  reinterpretedBatchNdims: number;
}

/** A distribution whose last batch dimensions belong to its values (`torch.distributions.Independent`). */
export class Independent<D extends Distribution = Distribution> extends Distribution {
  readonly baseDist: D;
  readonly reinterpretedBatchNdims: number;

  constructor(...args: Args<'Independent', IndependentNeeded<D>, Validation>) {
    super();
    const bound = bind<Bound<IndependentNeeded<D>, Validation>>('Independent', args);
    const { baseDistribution: base, reinterpretedBatchNdims: dims } = bound;
    if (dims > base.batchShape.length) {
      throw new TorchError(
        `Expected reinterpreted_batch_ndims <= len(base_distribution.batch_shape), actual ${dims} vs ${base.batchShape.length}`,
        'ValueError',
      );
    }
    this.baseDist = base;
    this.reinterpretedBatchNdims = dims;
    const shape = [...base.batchShape, ...base.eventShape];
    const cut = base.batchShape.length - dims;
    this.setUp({}, bound, shape.slice(0, cut), shape.slice(cut));
  }
  get argConstraints() {
    return {};
  }
  get support(): Constraint {
    const { support } = this.baseDist;
    return this.reinterpretedBatchNdims
      ? constraints.independent(support, this.reinterpretedBatchNdims)
      : support;
  }
  override get hasRsample() {
    return this.baseDist.hasRsample;
  }
  override get hasEnumerateSupport() {
    return this.reinterpretedBatchNdims === 0 && this.baseDist.hasEnumerateSupport;
  }
  override get mean() {
    return this.baseDist.mean;
  }
  override get mode() {
    return this.baseDist.mode;
  }
  override get variance() {
    return this.baseDist.variance;
  }
  override sample(sampleShape: SampleShape = []) {
    return this.baseDist.sample(sampleShape);
  }
  override rsample(sampleShape: SampleShape = []) {
    return this.baseDist.rsample(sampleShape);
  }
  override logProb(value: Tensor) {
    return sumRightmost(this.baseDist.logProb(value), this.reinterpretedBatchNdims);
  }
  override entropy() {
    return sumRightmost(this.baseDist.entropy(), this.reinterpretedBatchNdims);
  }
  override enumerateSupport(options: boolean | { expand?: boolean } = true) {
    if (this.reinterpretedBatchNdims > 0) {
      throw new TorchError(
        'Enumeration over cartesian product is not implemented',
        'NotImplementedError',
      );
    }
    return this.baseDist.enumerateSupport(options);
  }
  override toString(): string {
    return `Independent(${this.baseDist}, ${this.reinterpretedBatchNdims})`;
  }
}

interface TransformedNeeded {
  baseDistribution: Distribution;
  transforms: Transform | readonly Transform[];
}

/** What becomes of a distribution's values under transforms (`torch.distributions.TransformedDistribution`). */
export class TransformedDistribution extends Distribution {
  declare readonly baseDist: Distribution;
  declare readonly transforms: readonly Transform[];

  constructor(...args: [] | Args<'TransformedDistribution', TransformedNeeded, Validation>) {
    super();
    // A derived class calls `transform` when it has its parameters.
    if (args.length === 0 && new.target !== TransformedDistribution) return;
    const bound = bind<Bound<TransformedNeeded, Validation>>('TransformedDistribution', args);
    this.transform(bound.baseDistribution, bound.transforms, {}, bound);
  }

  /** Notes the distribution and the transforms, and what shapes come of them. */
  protected transform(
    given: Distribution,
    transforms: Transform | readonly Transform[],
    parameters: Readonly<Record<string, Tensor>>,
    validation: Validation,
  ): void {
    const list = transforms instanceof Transform ? [transforms] : [...transforms];
    if (!list.every((each) => each instanceof Transform)) {
      throw new TorchError('transforms must be a Transform or a list of Transforms', 'ValueError');
    }
    const whole = new ComposeTransform(list);
    const baseShape = [...given.batchShape, ...given.eventShape];
    const baseDims = given.eventShape.length;
    if (baseShape.length < whole.domain.eventDim) {
      throw new TorchError(
        `base_distribution needs to have shape with size at least ${whole.domain.eventDim}, but got torch.Size([${baseShape.join(', ')}]).`,
        'ValueError',
      );
    }
    const shape = whole.forwardShape(baseShape);
    const expanded = whole.inverseShape(shape);
    let base = given;
    if (String(baseShape) !== String(expanded)) {
      base = base.expand(expanded.slice(0, expanded.length - baseDims));
    }
    const reinterpreted = whole.domain.eventDim - baseDims;
    if (reinterpreted > 0) base = new Independent(base, reinterpreted);
    const { eventDim } = whole.codomain;
    const dims = Math.max(eventDim, baseDims + eventDim - whole.domain.eventDim);
    Object.assign(this, { baseDist: base, transforms: list });
    const cut = shape.length - dims;
    this.setUp(parameters, validation, shape.slice(0, cut), shape.slice(cut));
  }

  override expand(batchShape: readonly number[]): this {
    let shape: readonly number[] = [...batchShape, ...this.eventShape];
    for (const each of this.transforms.toReversed()) shape = each.inverseShape(shape);
    const batch = shape.slice(0, shape.length - this.baseDist.eventShape.length);
    return this.copyFor(batchShape, { baseDist: this.baseDist.expand(batch) });
  }
  get argConstraints(): Readonly<Record<string, Constraint>> {
    return {};
  }
  get support(): Constraint {
    const last = this.transforms.at(-1);
    if (!last) return this.baseDist.support;
    const extra = this.eventShape.length - last.codomain.eventDim;
    return extra > 0 ? constraints.independent(last.codomain, extra) : last.codomain;
  }
  override get hasRsample() {
    return this.baseDist.hasRsample;
  }
  private forward(x: Tensor): Tensor {
    return this.transforms.reduce((value, each) => each.call(value), x);
  }
  override sample(sampleShape: SampleShape = []) {
    return noGrad(() => this.forward(this.baseDist.sample(sampleShape)));
  }
  override rsample(sampleShape: SampleShape = []) {
    return this.forward(this.baseDist.rsample(sampleShape));
  }
  override logProb(value: Tensor): Tensor {
    this.checkValue(value);
    let dims = this.eventShape.length;
    let result: Tensor | null = null;
    let y = value;
    for (const each of this.transforms.toReversed()) {
      const x = each.inv.call(y);
      dims += each.domain.eventDim - each.codomain.eventDim;
      const term = sumRightmost(each.logAbsDetJacobian(x, y), dims - each.domain.eventDim);
      result = result ? result.sub(term) : term.neg().add(0);
      y = x;
    }
    const base = sumRightmost(this.baseDist.logProb(y), dims - this.baseDist.eventShape.length);
    return result ? result.add(base) : base;
  }
  /** Probabilities turned round where the transforms fall. */
  private monotonized(value: Tensor): Tensor {
    const sign = this.transforms.reduce<number | Tensor>((all, each) => times(all, each.sign), 1);
    if (sign === 1) return value;
    return (times(sign, value.sub(0.5)) as Tensor).add(0.5);
  }
  override cdf(value: Tensor): Tensor {
    const x = this.transforms.toReversed().reduce((y, each) => each.inv.call(y), value);
    if (this.validates) this.baseDist.checkValue(x);
    return this.monotonized(this.baseDist.cdf(x));
  }
  override icdf(value: Tensor): Tensor {
    return this.forward(this.baseDist.icdf(this.monotonized(value)));
  }
}

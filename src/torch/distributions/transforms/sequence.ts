import { type Args, type Bound, bind } from '../../arguments';
import { cat, stack } from '../../generated/functions';
import type { Tensor } from '../../tensor';
import type { Constraint } from '../constraints';
import * as constraints from '../constraints';
import { sumRightmost } from '../parameters';
import { type CacheOptions, Transform } from './transform';

interface SequenceNeeded {
  tseq: readonly Transform[];
}
interface StackOptions extends CacheOptions {
  dim?: number;
}
interface CatOptions extends StackOptions {
  lengths?: readonly number[] | null;
}

/** A transform for each part of a tensor along a dimension. */
abstract class SequenceTransform extends Transform {
  readonly transforms: readonly Transform[];
  readonly dim: number;

  constructor({ tseq, dim, cacheSize }: Bound<SequenceNeeded, StackOptions>) {
    super(cacheSize);
    this.transforms = cacheSize ? tseq.map((each) => each.withCache(cacheSize)) : [...tseq];
    this.dim = dim;
  }
  protected abstract split(x: Tensor): Tensor[];
  protected abstract join(parts: Tensor[]): Tensor;
  protected abstract constraint(parts: Constraint[]): Constraint;

  get domain() {
    return this.constraint(this.transforms.map((each) => each.domain));
  }
  get codomain() {
    return this.constraint(this.transforms.map((each) => each.codomain));
  }
  override get bijective() {
    return this.transforms.every((each) => each.bijective);
  }
  protected apply(x: Tensor) {
    const parts = this.split(x);
    return this.join(this.transforms.map((each, i) => each.call(parts[i]!)));
  }
  protected override inverse(y: Tensor) {
    const parts = this.split(y);
    return this.join(this.transforms.map((each, i) => each.inv.call(parts[i]!)));
  }
  protected jacobians(x: Tensor, y: Tensor): Tensor[] {
    const [xs, ys] = [this.split(x), this.split(y)];
    return this.transforms.map((each, i) => each.logAbsDetJacobian(xs[i]!, ys[i]!));
  }
}

/** A transform for each piece of a tensor along a dimension. */
export class CatTransform extends SequenceTransform {
  readonly lengths: readonly number[];

  constructor(...args: Args<'CatTransform', SequenceNeeded, CatOptions>) {
    const bound = bind<Bound<SequenceNeeded, CatOptions>>('CatTransform', args);
    super(bound);
    this.lengths = bound.lengths ?? bound.tseq.map(() => 1);
  }
  override get eventDim() {
    return Math.max(...this.transforms.map((each) => each.eventDim));
  }
  /** The sum of the lengths. */
  get length(): number {
    return this.lengths.reduce((sum, each) => sum + each, 0);
  }
  protected split(x: Tensor) {
    let start = 0;
    return this.lengths.map((length) => {
      start += length;
      return x.narrow(this.dim, start - length, length);
    });
  }
  protected join(parts: Tensor[]) {
    return cat(parts, this.dim);
  }
  protected constraint(parts: Constraint[]) {
    return constraints.cat(parts, this.dim, this.lengths);
  }
  override logAbsDetJacobian(x: Tensor, y: Tensor) {
    const { eventDim } = this;
    const parts = this.jacobians(x, y).map((part, i) =>
      sumRightmost(part, Math.max(0, eventDim - this.transforms[i]!.eventDim)),
    );
    const dim = (this.dim >= 0 ? this.dim - x.ndim : this.dim) + eventDim;
    return dim < 0 ? cat(parts, dim) : parts.reduce((a, b) => a.add(b));
  }
}

/** A transform for each slice of a tensor along a dimension. */
export class StackTransform extends SequenceTransform {
  constructor(...args: Args<'StackTransform', SequenceNeeded, StackOptions>) {
    super(bind('StackTransform', args));
  }
  protected split(x: Tensor) {
    return this.transforms.map((_, i) => x.select(this.dim, i));
  }
  protected join(parts: Tensor[]) {
    return stack(parts, this.dim);
  }
  protected constraint(parts: Constraint[]) {
    return constraints.stack(parts, this.dim);
  }
  override logAbsDetJacobian(x: Tensor, y: Tensor) {
    return this.join(this.jacobians(x, y));
  }
}

import { type Args, type Bound, bind } from '../../arguments';
import { zerosLike } from '../../generated/functions';
import { Tensor } from '../../tensor';
import type { Constraint } from '../constraints';
import * as constraints from '../constraints';
import { sumRightmost } from '../parameters';
import { type CacheOptions, type Shape, Transform } from './transform';

const widened = (constraint: Constraint, eventDim: number): Constraint =>
  eventDim > constraint.eventDim
    ? constraints.independent(constraint, eventDim - constraint.eventDim)
    : constraint;

interface ComposeNeeded {
  parts: readonly Transform[];
}

/** Transforms one after the other. */
export class ComposeTransform extends Transform {
  readonly parts: readonly Transform[];

  constructor(...args: Args<'ComposeTransform', ComposeNeeded, CacheOptions>) {
    const { parts, cacheSize } = bind<Bound<ComposeNeeded, CacheOptions>>('ComposeTransform', args);
    super(cacheSize);
    this.parts = cacheSize ? parts.map((part) => part.withCache(cacheSize)) : parts;
  }
  get domain(): Constraint {
    const { parts } = this;
    if (parts.length === 0) return constraints.real;
    let eventDim = parts.at(-1)!.codomain.eventDim;
    for (const part of parts.toReversed()) {
      eventDim += part.domain.eventDim - part.codomain.eventDim;
      eventDim = Math.max(eventDim, part.domain.eventDim);
    }
    return widened(parts[0]!.domain, eventDim);
  }
  get codomain(): Constraint {
    const { parts } = this;
    if (parts.length === 0) return constraints.real;
    let eventDim = parts[0]!.domain.eventDim;
    for (const part of parts) {
      eventDim += part.codomain.eventDim - part.domain.eventDim;
      eventDim = Math.max(eventDim, part.codomain.eventDim);
    }
    return widened(parts.at(-1)!.codomain, eventDim);
  }
  override get bijective() {
    return this.parts.every((part) => part.bijective);
  }
  override get sign() {
    return this.parts.reduce<number | Tensor>((sign, part) => times(sign, part.sign), 1);
  }
  override get inv(): Transform {
    if (!this.inverseOf) {
      this.inverseOf = new ComposeTransform(this.parts.toReversed().map((part) => part.inv));
      this.inverseOf.inverseOf = this;
    }
    return this.inverseOf;
  }
  override withCache(cacheSize = 1): Transform {
    return this.cacheSize === cacheSize ? this : new ComposeTransform(this.parts, cacheSize);
  }
  override call(x: Tensor): Tensor {
    return this.parts.reduce((value, part) => part.call(value), x);
  }
  protected apply(x: Tensor): Tensor {
    return this.call(x);
  }
  override logAbsDetJacobian(x: Tensor, y: Tensor): Tensor {
    const { parts } = this;
    if (parts.length === 0) return zerosLike(x);
    const values = [x];
    for (const part of parts.slice(0, -1)) values.push(part.call(values.at(-1)!));
    values.push(y);
    let { eventDim } = this.domain;
    const terms = parts.map((part, i) => {
      const term = part.logAbsDetJacobian(values[i]!, values[i + 1]!);
      const summed = sumRightmost(term, eventDim - part.domain.eventDim);
      eventDim += part.codomain.eventDim - part.domain.eventDim;
      return summed;
    });
    return terms.reduce((a, b) => a.add(b));
  }
  override forwardShape(shape: Shape) {
    return this.parts.reduce((sizes, part) => part.forwardShape(sizes), shape);
  }
  override inverseShape(shape: Shape) {
    return this.parts.toReversed().reduce((sizes, part) => part.inverseShape(sizes), shape);
  }
  protected override equalsOwn(other: Transform) {
    return sameTransforms(this.parts, (other as ComposeTransform).parts);
  }
  override toString(): string {
    return `ComposeTransform(\n    ${this.parts.join(',\n    ')}\n)`;
  }
}

/** @internal */
export const sameTransforms = (a: readonly Transform[], b: readonly Transform[]): boolean =>
  a.length === b.length && a.every((each, i) => each.equals(b[i]!));

/** @internal */
export function times(a: number | Tensor, b: number | Tensor): number | Tensor {
  if (a instanceof Tensor) return a.mul(b);
  return b instanceof Tensor ? b.mul(a) : a * b;
}

export const identityTransform: Transform = new ComposeTransform([]);

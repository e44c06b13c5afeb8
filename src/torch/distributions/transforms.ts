/** Functions that make distributions of others (`torch.distributions.transforms`). */
import { type Args, type Bound, bind } from '../arguments';
import { TorchError } from '../errors';
import { broadcastShapes } from '../functional';
import { cat, cumsum, eye, fullLike, sigmoid, stack, sub, zerosLike } from '../generated/functions';
import { cholesky } from '../generated/linalg';
import * as F from '../nn/functional';
import { finfo } from '../number-info';
import { Tensor } from '../tensor';
import type { Constraint } from './constraints';
import * as constraints from './constraints';
import type { Distribution, Param } from './distribution';
import { broadcastAll, over, sumRightmost, trilMatrixToVec, vecToTrilMatrix } from './parameters';

export interface CacheOptions {
  /** 1 keeps the last value and its image, so that going back gives the same object. Default 0. */
  cacheSize?: number;
}

type Shape = readonly number[];

const tooFew = () => new TorchError('Too few dimensions on input', 'ValueError');

/**
 * A function of tensors with the logarithm of its derivative's determinant (`torch.distributions.transforms.Transform`).
 * `call(x)` is Python's `transform(x)`; derive from it and write `apply`, `inverse` and `logAbsDetJacobian`.
 */
export abstract class Transform {
  abstract get domain(): Constraint;
  abstract get codomain(): Constraint;
  readonly cacheSize: number;
  private cached: [x: Tensor, y: Tensor] | null = null;
  /** @internal */
  inverseOf: Transform | null = null;

  constructor(...args: Args<'Transform', unknown, CacheOptions>) {
    this.cacheSize = bind<Bound<unknown, CacheOptions>>('Transform', args).cacheSize;
    if (![0, 1].includes(this.cacheSize)) {
      throw new TorchError('cache_size must be 0 or 1', 'ValueError');
    }
  }

  get bijective(): boolean {
    return false;
  }
  /** 1 where it grows, -1 where it falls. */
  get sign(): number | Tensor {
    throw new TorchError(`${this.constructor.name}.sign`, 'NotImplementedError');
  }
  get eventDim(): number {
    if (this.domain.eventDim === this.codomain.eventDim) return this.domain.eventDim;
    throw new TorchError(
      'Please use either .domain.event_dim or .codomain.event_dim',
      'ValueError',
    );
  }
  /** The way back. */
  get inv(): Transform {
    this.inverseOf ??= new InverseTransform(this);
    return this.inverseOf;
  }
  withCache(cacheSize = 1): Transform {
    if (this.cacheSize === cacheSize) return this;
    return Object.assign(Object.create(Object.getPrototypeOf(this)), this, {
      cacheSize,
      cached: null,
      inverseOf: null,
    });
  }

  call(x: Tensor): Tensor {
    if (this.cached && this.cached[0] === x) return this.cached[1];
    const y = this.apply(x);
    if (this.cacheSize > 0) this.cached = [x, y];
    return y;
  }
  /** @internal */
  callInverse(y: Tensor): Tensor {
    if (this.cached && this.cached[1] === y) return this.cached[0];
    const x = this.inverse(y);
    if (this.cacheSize > 0) this.cached = [x, y];
    return x;
  }
  protected abstract apply(x: Tensor): Tensor;
  protected inverse(_y: Tensor): Tensor {
    throw new TorchError(`${this.constructor.name} has no inverse`, 'NotImplementedError');
  }
  /** `log |dy/dx|` of an input and its image. */
  logAbsDetJacobian(_x: Tensor, _y: Tensor): Tensor {
    throw new TorchError(`${this.constructor.name}.log_abs_det_jacobian`, 'NotImplementedError');
  }
  forwardShape(shape: Shape): Shape {
    return shape;
  }
  inverseShape(shape: Shape): Shape {
    return shape;
  }
  /** Whether another one is the same function; for those with settings, of the same ones. */
  equals(other: Transform): boolean {
    return this === other || (other.constructor === this.constructor && this.equalsOwn(other));
  }
  protected equalsOwn(_other: Transform): boolean {
    return true;
  }
  toString(): string {
    return `${this.constructor.name}()`;
  }
}

class InverseTransform extends Transform {
  constructor(private readonly of: Transform) {
    super(of.cacheSize);
  }
  get domain() {
    return this.of.codomain;
  }
  get codomain() {
    return this.of.domain;
  }
  override get bijective() {
    return this.of.bijective;
  }
  override get sign() {
    return this.of.sign;
  }
  override get inv() {
    return this.of;
  }
  override withCache(cacheSize = 1): Transform {
    return this.of.withCache(cacheSize).inv;
  }
  override call(y: Tensor): Tensor {
    return this.of.callInverse(y);
  }
  override callInverse(x: Tensor): Tensor {
    return this.of.call(x);
  }
  protected apply(y: Tensor): Tensor {
    return this.of.callInverse(y);
  }
  override logAbsDetJacobian(x: Tensor, y: Tensor): Tensor {
    return this.of.logAbsDetJacobian(y, x).neg();
  }
  override forwardShape(shape: Shape) {
    return this.of.inverseShape(shape);
  }
  override inverseShape(shape: Shape) {
    return this.of.forwardShape(shape);
  }
  protected override equalsOwn(other: Transform) {
    return this.of.equals((other as InverseTransform).of);
  }
  override toString(): string {
    return `_InverseTransform(${this.of})`;
  }
}

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

interface IndependentNeeded {
  baseTransform: Transform;
  reinterpretedBatchNdims: number;
}

/** A transform whose last batch dimensions belong to the value. */
export class IndependentTransform extends Transform {
  readonly baseTransform: Transform;
  readonly reinterpretedBatchNdims: number;

  constructor(...args: Args<'IndependentTransform', IndependentNeeded, CacheOptions>) {
    const bound = bind<Bound<IndependentNeeded, CacheOptions>>('IndependentTransform', args);
    super(bound.cacheSize);
    this.baseTransform = bound.baseTransform.withCache(bound.cacheSize);
    this.reinterpretedBatchNdims = bound.reinterpretedBatchNdims;
  }
  get domain() {
    return constraints.independent(this.baseTransform.domain, this.reinterpretedBatchNdims);
  }
  get codomain() {
    return constraints.independent(this.baseTransform.codomain, this.reinterpretedBatchNdims);
  }
  override get bijective() {
    return this.baseTransform.bijective;
  }
  override get sign() {
    return this.baseTransform.sign;
  }
  protected apply(x: Tensor): Tensor {
    if (x.ndim < this.domain.eventDim) throw tooFew();
    return this.baseTransform.call(x);
  }
  protected override inverse(y: Tensor): Tensor {
    if (y.ndim < this.codomain.eventDim) throw tooFew();
    return this.baseTransform.inv.call(y);
  }
  override logAbsDetJacobian(x: Tensor, y: Tensor): Tensor {
    const result = this.baseTransform.logAbsDetJacobian(x, y);
    return sumRightmost(result, this.reinterpretedBatchNdims);
  }
  override forwardShape(shape: Shape) {
    return this.baseTransform.forwardShape(shape);
  }
  override inverseShape(shape: Shape) {
    return this.baseTransform.inverseShape(shape);
  }
  protected override equalsOwn() {
    return false;
  }
  override toString(): string {
    return `IndependentTransform(${this.baseTransform}, ${this.reinterpretedBatchNdims})`;
  }
}

interface ReshapeNeeded {
  inShape: Shape;
  outShape: Shape;
}

/** The last dimensions in another shape. */
export class ReshapeTransform extends Transform {
  readonly inShape: Shape;
  readonly outShape: Shape;

  constructor(...args: Args<'ReshapeTransform', ReshapeNeeded, CacheOptions>) {
    const bound = bind<Bound<ReshapeNeeded, CacheOptions>>('ReshapeTransform', args);
    super(bound.cacheSize);
    this.inShape = [...bound.inShape];
    this.outShape = [...bound.outShape];
    const count = (shape: Shape) => shape.reduce((product, size) => product * size, 1);
    if (count(this.inShape) !== count(this.outShape)) {
      throw new TorchError('in_shape, out_shape have different numbers of elements', 'ValueError');
    }
  }
  get domain() {
    return constraints.independent(constraints.real, this.inShape.length);
  }
  get codomain() {
    return constraints.independent(constraints.real, this.outShape.length);
  }
  override get bijective() {
    return true;
  }
  private batch(x: Tensor, shape: Shape): number[] {
    return x.shape.slice(0, x.ndim - shape.length);
  }
  protected apply(x: Tensor): Tensor {
    return x.reshape([...this.batch(x, this.inShape), ...this.outShape]);
  }
  protected override inverse(y: Tensor): Tensor {
    return y.reshape([...this.batch(y, this.outShape), ...this.inShape]);
  }
  override logAbsDetJacobian(x: Tensor): Tensor {
    return x.newZeros(this.batch(x, this.inShape));
  }
  private exchange(shape: Shape, from: Shape, to: Shape): Shape {
    if (shape.length < from.length) throw tooFew();
    const cut = shape.length - from.length;
    if (String(shape.slice(cut)) !== String(from)) {
      throw new TorchError(
        `Shape mismatch: expected (${shape.slice(cut).join(', ')}) but got (${from.join(', ')})`,
        'ValueError',
      );
    }
    return [...shape.slice(0, cut), ...to];
  }
  override forwardShape(shape: Shape) {
    return this.exchange(shape, this.inShape, this.outShape);
  }
  override inverseShape(shape: Shape) {
    return this.exchange(shape, this.outShape, this.inShape);
  }
  protected override equalsOwn() {
    return false;
  }
}

/** A transform of single numbers that grows. */
abstract class Growing extends Transform {
  get domain() {
    return constraints.real;
  }
  override get bijective() {
    return true;
  }
  override get sign(): number | Tensor {
    return 1;
  }
}

/** `exp(x)`. */
export class ExpTransform extends Growing {
  get codomain() {
    return constraints.positive;
  }
  protected apply(x: Tensor) {
    return x.exp();
  }
  protected override inverse(y: Tensor) {
    return y.log();
  }
  override logAbsDetJacobian(x: Tensor) {
    return x;
  }
}

/** `x ** exponent`. */
export class PowerTransform extends Transform {
  readonly exponent: Tensor;

  constructor(...args: Args<'PowerTransform', Record<'exponent', Param>, CacheOptions>) {
    const { exponent, cacheSize } = bind<Bound<Record<'exponent', Param>, CacheOptions>>(
      'PowerTransform',
      args,
    );
    super(cacheSize);
    this.exponent = broadcastAll({ exponent }).exponent;
  }
  get domain() {
    return constraints.positive;
  }
  get codomain() {
    return constraints.positive;
  }
  override get bijective() {
    return true;
  }
  override get sign() {
    return this.exponent.sign();
  }
  protected apply(x: Tensor) {
    return x.pow(this.exponent);
  }
  protected override inverse(y: Tensor) {
    return y.pow(over(1, this.exponent));
  }
  override logAbsDetJacobian(x: Tensor, y: Tensor) {
    return this.exponent.mul(y).div(x).abs().log();
  }
  override forwardShape(shape: Shape) {
    return broadcastShapes(shape, this.exponent.shape);
  }
  override inverseShape(shape: Shape) {
    return broadcastShapes(shape, this.exponent.shape);
  }
  protected override equalsOwn(other: Transform) {
    return this.exponent
      .eq((other as PowerTransform).exponent)
      .all()
      .item() as never as boolean;
  }
}

function clippedSigmoid(x: Tensor): Tensor {
  const { tiny, eps } = finfo(x.dtype);
  return sigmoid(x).clamp(tiny, 1 - eps);
}

/** `1 / (1 + exp(-x))`, kept off 0 and 1. */
export class SigmoidTransform extends Growing {
  get codomain() {
    return constraints.unitInterval;
  }
  protected apply(x: Tensor) {
    return clippedSigmoid(x);
  }
  protected override inverse(y: Tensor) {
    const { tiny, eps } = finfo(y.dtype);
    const clamped = y.clamp(tiny, 1 - eps);
    return clamped.log().sub(clamped.neg().log1p());
  }
  override logAbsDetJacobian(x: Tensor) {
    return F.softplus(x.neg()).neg().sub(F.softplus(x));
  }
}

/** `log(1 + exp(x))`. */
export class SoftplusTransform extends Growing {
  get codomain() {
    return constraints.positive;
  }
  protected apply(x: Tensor) {
    return F.softplus(x);
  }
  protected override inverse(y: Tensor) {
    return y.neg().expm1().neg().log().add(y);
  }
  override logAbsDetJacobian(x: Tensor) {
    return F.softplus(x.neg()).neg();
  }
}

/** `tanh(x)`. */
export class TanhTransform extends Growing {
  get codomain() {
    return constraints.interval(-1, 1);
  }
  protected apply(x: Tensor) {
    return x.tanh();
  }
  protected override inverse(y: Tensor) {
    return y.atanh();
  }
  override logAbsDetJacobian(x: Tensor) {
    return sub(Math.log(2), x)
      .sub(F.softplus(x.mul(-2)))
      .mul(2);
  }
}

/** `|x|`; the way back takes the positive one. */
export class AbsTransform extends Transform {
  get domain() {
    return constraints.real;
  }
  get codomain() {
    return constraints.positive;
  }
  protected apply(x: Tensor) {
    return x.abs();
  }
  protected override inverse(y: Tensor) {
    return y;
  }
}

interface AffineNeeded {
  loc: Param;
  scale: Param;
}
interface AffineOptions extends CacheOptions {
  eventDim?: number;
}

/** `loc + scale · x`. */
export class AffineTransform extends Transform {
  readonly loc: Param;
  readonly scale: Param;
  private readonly dims: number;

  constructor(...args: Args<'AffineTransform', AffineNeeded, AffineOptions>) {
    const bound = bind<Bound<AffineNeeded, AffineOptions>>('AffineTransform', args);
    super(bound.cacheSize);
    this.loc = bound.loc;
    this.scale = bound.scale;
    this.dims = bound.eventDim;
  }
  override get eventDim() {
    return this.dims;
  }
  get domain() {
    return this.dims === 0
      ? constraints.real
      : constraints.independent(constraints.real, this.dims);
  }
  get codomain() {
    return this.domain;
  }
  override get bijective() {
    return true;
  }
  override get sign() {
    return typeof this.scale === 'number' ? Math.sign(this.scale) : this.scale.sign();
  }
  protected apply(x: Tensor) {
    return (times(this.scale, x) as Tensor).add(this.loc);
  }
  protected override inverse(y: Tensor) {
    return y.sub(this.loc).div(this.scale);
  }
  override logAbsDetJacobian(x: Tensor) {
    const { dims, scale } = this;
    const result =
      typeof scale === 'number' ? fullLike(x, Math.log(Math.abs(scale))) : scale.abs().log();
    if (dims === 0) return result.expand(x.shape);
    const summed = result.view([...result.shape.slice(0, -dims), -1]).sum(-1);
    return summed.expand(x.shape.slice(0, -dims));
  }
  private shapes(): Shape[] {
    return [this.loc, this.scale].map((each) => (typeof each === 'number' ? [] : each.shape));
  }
  override forwardShape(shape: Shape) {
    return broadcastShapes(shape, ...this.shapes());
  }
  override inverseShape(shape: Shape) {
    return broadcastShapes(shape, ...this.shapes());
  }
  protected override equalsOwn(other: Transform) {
    const { loc, scale } = other as AffineTransform;
    const same = (a: Param, b: Param): boolean => {
      if (typeof a === 'number' && typeof b === 'number') return a === b;
      const [tensor, value] = a instanceof Tensor ? [a, b] : [b as Tensor, a];
      return Boolean(
        tensor
          .eq(value as number)
          .all()
          .item(),
      );
    };
    return same(this.loc, loc) && same(this.scale, scale);
  }
}

/** Real vectors to the Cholesky factors of correlation matrices. */
export class CorrCholeskyTransform extends Transform {
  get domain() {
    return constraints.realVector;
  }
  get codomain() {
    return constraints.corrCholesky;
  }
  override get bijective() {
    return true;
  }
  protected apply(vector: Tensor) {
    const { eps } = finfo(vector.dtype);
    const x = vector.tanh().clamp(-1 + eps, 1 - eps);
    const r = vecToTrilMatrix(x, -1);
    const roots = sub(1, r.pow(2)).sqrt().cumprod(-1);
    const n = r.shape.at(-1)!;
    const whole = r.add(eye(n, { dtype: r.dtype, device: r.device }));
    return whole.mul(F.pad(roots.index('..., :-1'), [1, 0], { value: 1 }));
  }
  protected override inverse(y: Tensor) {
    const rest = sub(1, cumsum(y.mul(y), -1));
    const shifted = F.pad(rest.index('..., :-1'), [1, 0], { value: 1 });
    const t = trilMatrixToVec(y, -1).div(trilMatrixToVec(shifted, -1).sqrt());
    return t.log1p().sub(t.neg().log1p()).div(2);
  }
  override logAbsDetJacobian(x: Tensor, y: Tensor) {
    const rest = sub(1, y.mul(y).cumsum(-1));
    const breaking = trilMatrixToVec(rest, -2).log().sum(-1).mul(0.5);
    const bending = x
      .add(F.softplus(x.mul(-2)))
      .sub(Math.log(2))
      .sum(-1)
      .mul(-2);
    return breaking.add(bending);
  }
  override forwardShape(shape: Shape) {
    if (shape.length < 1) throw tooFew();
    const n = shape.at(-1)!;
    const d = Math.round((0.25 + 2 * n) ** 0.5 + 0.5);
    if ((d * (d - 1)) / 2 !== n) {
      throw new TorchError('Input is not a flattened lower-diagonal number', 'ValueError');
    }
    return [...shape.slice(0, -1), d, d];
  }
  override inverseShape(shape: Shape) {
    if (shape.length < 2) throw tooFew();
    const d = shape.at(-1)!;
    if (shape.at(-2) !== d) throw new TorchError('Input is not square', 'ValueError');
    return [...shape.slice(0, -2), (d * (d - 1)) / 2];
  }
}

/** Logits to probabilities; the way back takes their logarithms. */
export class SoftmaxTransform extends Transform {
  get domain() {
    return constraints.realVector;
  }
  get codomain() {
    return constraints.simplex;
  }
  protected apply(x: Tensor) {
    const probs = x.sub(x.max(-1, true)[0]).exp();
    return probs.div(probs.sum(-1, true));
  }
  protected override inverse(y: Tensor) {
    return y.log();
  }
  override forwardShape(shape: Shape) {
    if (shape.length < 1) throw tooFew();
    return shape;
  }
  override inverseShape(shape: Shape) {
    return this.forwardShape(shape);
  }
}

/** Real vectors to probabilities of one number more, each taking its part of what is left. */
export class StickBreakingTransform extends Transform {
  get domain() {
    return constraints.realVector;
  }
  get codomain() {
    return constraints.simplex;
  }
  override get bijective() {
    return true;
  }
  private offset(x: Tensor): Tensor {
    const n = x.shape.at(-1)!;
    return sub(n + 1, x.newOnes([n]).cumsum(-1));
  }
  protected apply(x: Tensor) {
    const z = clippedSigmoid(x.sub(this.offset(x).log()));
    const rest = sub(1, z).cumprod(-1);
    return F.pad(z, [0, 1], { value: 1 }).mul(F.pad(rest, [1, 0], { value: 1 }));
  }
  protected override inverse(y: Tensor) {
    const cropped = y.index('..., :-1');
    const offset = sub(y.shape.at(-1)!, y.newOnes([cropped.shape.at(-1)!]).cumsum(-1));
    const rest = sub(1, cropped.cumsum(-1)).clamp({ min: finfo(y.dtype).tiny });
    return cropped.log().sub(rest.log()).add(offset.log());
  }
  override logAbsDetJacobian(input: Tensor, y: Tensor) {
    const x = input.sub(this.offset(input).log());
    return x.neg().add(F.logsigmoid(x)).add(y.index('..., :-1').log()).sum(-1);
  }
  override forwardShape(shape: Shape) {
    if (shape.length < 1) throw tooFew();
    return [...shape.slice(0, -1), shape.at(-1)! + 1];
  }
  override inverseShape(shape: Shape) {
    if (shape.length < 1) throw tooFew();
    return [...shape.slice(0, -1), shape.at(-1)! - 1];
  }
}

/** Any matrix to a lower triangular one with a positive diagonal. */
export class LowerCholeskyTransform extends Transform {
  get domain() {
    return constraints.independent(constraints.real, 2);
  }
  get codomain() {
    return constraints.lowerCholesky;
  }
  protected apply(x: Tensor) {
    return x.tril(-1).add(x.diagonal({ dim1: -2, dim2: -1 }).exp().diagEmbed());
  }
  protected override inverse(y: Tensor) {
    return y.tril(-1).add(y.diagonal({ dim1: -2, dim2: -1 }).log().diagEmbed());
  }
}

/** Any matrix to a positive definite one. */
export class PositiveDefiniteTransform extends Transform {
  get domain() {
    return constraints.independent(constraints.real, 2);
  }
  get codomain() {
    return constraints.positiveDefinite;
  }
  protected apply(x: Tensor) {
    const factor = new LowerCholeskyTransform().call(x);
    return factor.matmul(factor.mT);
  }
  protected override inverse(y: Tensor) {
    return new LowerCholeskyTransform().inv.call(cholesky(y));
  }
}

interface SequenceNeeded {
  tseq: readonly Transform[];
}
interface CatOptions extends CacheOptions {
  dim?: number;
  lengths?: readonly number[] | null;
}

/** A transform for each piece of a tensor along a dimension. */
export class CatTransform extends Transform {
  readonly transforms: readonly Transform[];
  readonly dim: number;
  readonly lengths: readonly number[];

  constructor(...args: Args<'CatTransform', SequenceNeeded, CatOptions>) {
    const bound = bind<Bound<SequenceNeeded, CatOptions>>('CatTransform', args);
    super(bound.cacheSize);
    const { tseq, cacheSize } = bound;
    this.transforms = cacheSize ? tseq.map((each) => each.withCache(cacheSize)) : [...tseq];
    this.lengths = bound.lengths ?? tseq.map(() => 1);
    this.dim = bound.dim;
  }
  override get eventDim() {
    return Math.max(...this.transforms.map((each) => each.eventDim));
  }
  /** The sum of the lengths. */
  get length(): number {
    return this.lengths.reduce((sum, each) => sum + each, 0);
  }
  get domain() {
    return constraints.cat(
      this.transforms.map((each) => each.domain),
      this.dim,
      this.lengths,
    );
  }
  get codomain() {
    return constraints.cat(
      this.transforms.map((each) => each.codomain),
      this.dim,
      this.lengths,
    );
  }
  override get bijective() {
    return this.transforms.every((each) => each.bijective);
  }
  private pieces<T>(run: (transform: Transform, start: number, length: number) => T): T[] {
    let start = 0;
    return this.transforms.map((each, i) => {
      const result = run(each, start, this.lengths[i]!);
      start += this.lengths[i]!;
      return result;
    });
  }
  protected apply(x: Tensor) {
    return cat(
      this.pieces((each, start, length) => each.call(x.narrow(this.dim, start, length))),
      this.dim,
    );
  }
  protected override inverse(y: Tensor) {
    return cat(
      this.pieces((each, start, length) => each.inv.call(y.narrow(this.dim, start, length))),
      this.dim,
    );
  }
  override logAbsDetJacobian(x: Tensor, y: Tensor) {
    const { eventDim } = this;
    const parts = this.pieces((each, start, length) => {
      const part = each.logAbsDetJacobian(
        x.narrow(this.dim, start, length),
        y.narrow(this.dim, start, length),
      );
      return sumRightmost(part, Math.max(0, eventDim - each.eventDim));
    });
    const dim = (this.dim >= 0 ? this.dim - x.ndim : this.dim) + eventDim;
    return dim < 0 ? cat(parts, dim) : parts.reduce((a, b) => a.add(b));
  }
  protected override equalsOwn() {
    return false;
  }
}

interface StackOptions extends CacheOptions {
  dim?: number;
}

/** A transform for each slice of a tensor along a dimension. */
export class StackTransform extends Transform {
  readonly transforms: readonly Transform[];
  readonly dim: number;

  constructor(...args: Args<'StackTransform', SequenceNeeded, StackOptions>) {
    const { tseq, dim, cacheSize } = bind<Bound<SequenceNeeded, StackOptions>>(
      'StackTransform',
      args,
    );
    super(cacheSize);
    this.transforms = cacheSize ? tseq.map((each) => each.withCache(cacheSize)) : [...tseq];
    this.dim = dim;
  }
  get domain() {
    return constraints.stack(
      this.transforms.map((each) => each.domain),
      this.dim,
    );
  }
  get codomain() {
    return constraints.stack(
      this.transforms.map((each) => each.codomain),
      this.dim,
    );
  }
  override get bijective() {
    return this.transforms.every((each) => each.bijective);
  }
  protected apply(x: Tensor) {
    return stack(
      this.transforms.map((each, i) => each.call(x.select(this.dim, i))),
      this.dim,
    );
  }
  protected override inverse(y: Tensor) {
    return stack(
      this.transforms.map((each, i) => each.inv.call(y.select(this.dim, i))),
      this.dim,
    );
  }
  override logAbsDetJacobian(x: Tensor, y: Tensor) {
    return stack(
      this.transforms.map((each, i) =>
        each.logAbsDetJacobian(x.select(this.dim, i), y.select(this.dim, i)),
      ),
      this.dim,
    );
  }
  protected override equalsOwn() {
    return false;
  }
}

interface CumulativeNeeded {
  distribution: Distribution;
}

/** A distribution's cumulative probability. */
export class CumulativeDistributionTransform extends Transform {
  readonly distribution: Distribution;

  constructor(...args: Args<'CumulativeDistributionTransform', CumulativeNeeded, CacheOptions>) {
    const { distribution, cacheSize } = bind<Bound<CumulativeNeeded, CacheOptions>>(
      'CumulativeDistributionTransform',
      args,
    );
    super(cacheSize);
    this.distribution = distribution;
  }
  get domain() {
    return this.distribution.support;
  }
  get codomain() {
    return constraints.unitInterval;
  }
  override get bijective() {
    return true;
  }
  override get sign() {
    return 1;
  }
  protected apply(x: Tensor) {
    return this.distribution.cdf(x);
  }
  protected override inverse(y: Tensor) {
    return this.distribution.icdf(y);
  }
  override logAbsDetJacobian(x: Tensor) {
    return this.distribution.logProb(x);
  }
  protected override equalsOwn() {
    return false;
  }
}

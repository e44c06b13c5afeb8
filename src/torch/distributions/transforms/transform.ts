import { type Args, type Bound, bind } from '../../arguments';
import { TorchError } from '../../errors';
import type { Tensor } from '../../tensor';
import type { Constraint } from '../constraints';

export interface CacheOptions {
  /** 1 keeps the last value and its image, so that going back gives the same object. Default 0. */
  cacheSize?: number;
}

export type Shape = readonly number[];

export const tooFew = () => new TorchError('Too few dimensions on input', 'ValueError');

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
  /** Whether another one is known to be the same function: the same object, or one of the same class and settings. */
  equals(other: Transform): boolean {
    return this === other || (other.constructor === this.constructor && this.equalsOwn(other));
  }
  protected equalsOwn(_other: Transform): boolean {
    return false;
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

/** @internal */
export interface Mapping {
  readonly domain: Constraint;
  readonly codomain: Constraint;
}

/** @internal The base of a class of transforms between two regions; those without settings are all equal. */
export function between(
  domain: Constraint,
  codomain: Constraint,
  traits: { bijective?: true; sign?: number } = {},
): abstract new (
  ...args: Args<'Transform', unknown, CacheOptions>
) => Mapping & Transform {
  abstract class Between extends Transform {
    protected override equalsOwn(_other: Transform): boolean {
      return true;
    }
  }
  for (const [name, value] of Object.entries({ domain, codomain, ...traits })) {
    Object.defineProperty(Between.prototype, name, { value });
  }
  return Between as never;
}

/** @internal What holds for a function of single numbers that grows. */
export const growing = { bijective: true, sign: 1 } as const;

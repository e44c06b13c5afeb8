/** What parameters and values of distributions must be (`torch.distributions.constraints`). */
import { TorchError } from '../errors';
import { cat as concatenate, full, isclose, stack as stackTensors } from '../generated/functions';
import { choleskyEx, eigvalsh, norm } from '../generated/linalg';
import { finfo } from '../number-info';
import type { Tensor } from '../tensor';
import type { Param } from './distribution';

/** A region of values (`constraints.Constraint`). */
export abstract class Constraint {
  /** Whether its values are discrete. */
  get isDiscrete(): boolean {
    return false;
  }
  /** Dimensions of one value. */
  get eventDim(): number {
    return 0;
  }
  /** For each value in a batch, whether it lies in the region. */
  abstract check(value: Tensor): Tensor;

  toString(): string {
    return `${this.constructor.name}()`;
  }
}

const bound = (value: Param): string =>
  typeof value === 'number' && Number.isInteger(value) ? `${value}.0` : String(value);

class Boolean_ extends Constraint {
  override get isDiscrete() {
    return true;
  }
  check(value: Tensor): Tensor {
    return value.eq(0).logicalOr(value.eq(1));
  }
}

class OneHot extends Boolean_ {
  override get eventDim() {
    return 1;
  }
  override check(value: Tensor): Tensor {
    return super.check(value).all(-1).logicalAnd(value.sum(-1).eq(1));
  }
}

/** Numbers between bounds, each of which may be missing, count or not. */
class Range extends Constraint {
  constructor(
    private readonly name: string,
    readonly lowerBound: Param | null,
    readonly upperBound: Param | null,
    private readonly rule: { whole?: boolean; above?: boolean; below?: boolean } = {},
  ) {
    super();
  }
  override get isDiscrete() {
    return this.rule.whole ?? false;
  }
  check(value: Tensor): Tensor {
    const { lowerBound, upperBound, rule } = this;
    const checks: Tensor[] = [];
    if (rule.whole) checks.push(value.remainder(1).eq(0));
    if (lowerBound !== null) {
      checks.push(rule.above ? value.gt(lowerBound as number) : value.ge(lowerBound as number));
    }
    if (upperBound !== null) {
      checks.push(rule.below ? value.lt(upperBound as number) : value.le(upperBound as number));
    }
    return checks.reduce((a, b) => a.logicalAnd(b));
  }
  override toString(): string {
    const show = this.rule.whole ? String : bound;
    const lower = this.lowerBound === null ? [] : [`lower_bound=${show(this.lowerBound)}`];
    const upper = this.upperBound === null ? [] : [`upper_bound=${show(this.upperBound)}`];
    return `${this.name}(${[...lower, ...upper].join(', ')})`;
  }
}

export const integerInterval = (lowerBound: Param, upperBound: Param): Constraint =>
  new IntegerInterval('IntegerInterval', lowerBound, upperBound, { whole: true });
export const interval = (lowerBound: Param, upperBound: Param): Constraint =>
  new Interval('Interval', lowerBound, upperBound);
export const halfOpenInterval = (lowerBound: Param, upperBound: Param): Constraint =>
  new Interval('HalfOpenInterval', lowerBound, upperBound, { below: true });
export const greaterThan = (lowerBound: Param): Constraint =>
  new GreaterThan('GreaterThan', lowerBound, null, { above: true });
export const greaterThanEq = (lowerBound: Param): Constraint =>
  new GreaterThan('GreaterThanEq', lowerBound, null);
export const lessThan = (upperBound: Param): Constraint =>
  new LessThan('LessThan', null, upperBound, { below: true });

/** @internal The kinds of ranges that have transforms of their own. */
export class Interval extends Range {}
/** @internal */
export class GreaterThan extends Range {}
/** @internal */
export class LessThan extends Range {}
class IntegerInterval extends Range {}

/** @internal */
export class Real extends Constraint {
  check(value: Tensor): Tensor {
    return value.eq(value);
  }
}

/** @internal */
export class Independent extends Constraint {
  constructor(
    readonly baseConstraint: Constraint,
    readonly reinterpretedBatchNdims: number,
  ) {
    super();
  }
  override get isDiscrete() {
    return this.baseConstraint.isDiscrete;
  }
  override get eventDim() {
    return this.baseConstraint.eventDim + this.reinterpretedBatchNdims;
  }
  check(value: Tensor): Tensor {
    const result = this.baseConstraint.check(value);
    if (result.ndim < this.reinterpretedBatchNdims) {
      throw new TorchError(
        `Expected value.dim() >= ${this.eventDim} but got ${value.ndim}`,
        'ValueError',
      );
    }
    const kept = result.shape.slice(0, result.ndim - this.reinterpretedBatchNdims);
    return result.reshape([...kept, -1]).all(-1);
  }
  override toString(): string {
    return `IndependentConstraint(${this.baseConstraint}, ${this.reinterpretedBatchNdims})`;
  }
}

/** A constraint whose last batch dimensions belong to the value. */
export const independent = (base: Constraint, reinterpretedBatchNdims: number): Constraint =>
  new Independent(base, reinterpretedBatchNdims);

/** The support of a mixture: that of its components. */
export class MixtureSameFamilyConstraint extends Constraint {
  constructor(readonly baseConstraint: Constraint) {
    super();
  }
  override get isDiscrete() {
    return this.baseConstraint.isDiscrete;
  }
  override get eventDim() {
    return this.baseConstraint.eventDim;
  }
  check(value: Tensor): Tensor {
    const result = this.baseConstraint.check(value.unsqueeze(-1 - this.eventDim));
    const kept = result.shape.slice(0, value.ndim - this.eventDim);
    return result.reshape([...kept, -1]).all(-1);
  }
  override toString(): string {
    return `MixtureSameFamilyConstraint(${this.baseConstraint})`;
  }
}

/** @internal */
export class Simplex extends Constraint {
  override get eventDim() {
    return 1;
  }
  check(value: Tensor): Tensor {
    return value.ge(0).all(-1).logicalAnd(value.sum(-1).sub(1).abs().lt(1e-6));
  }
}

class Multinomial extends Constraint {
  constructor(readonly upperBound: Param) {
    super();
  }
  override get isDiscrete() {
    return true;
  }
  override get eventDim() {
    return 1;
  }
  check(value: Tensor): Tensor {
    return value
      .ge(0)
      .all(-1)
      .logicalAnd(value.sum(-1).le(this.upperBound as number));
  }
}
export const multinomial = (upperBound: Param): Constraint => new Multinomial(upperBound);

abstract class Matrix extends Constraint {
  override get eventDim() {
    return 2;
  }
}

class LowerTriangular extends Matrix {
  check(value: Tensor): Tensor {
    return value.tril().eq(value).flatten(-2).all(-1);
  }
}

/** @internal */
export class LowerCholesky extends LowerTriangular {
  override check(value: Tensor): Tensor {
    const diagonal = value.diagonal({ dim1: -2, dim2: -1 });
    return super.check(value).logicalAnd(diagonal.gt(0).all(-1));
  }
}

/** @internal */
export class CorrCholesky extends LowerCholesky {
  override check(value: Tensor): Tensor {
    const tolerance = finfo(value.dtype).eps * value.size(-1) * 10;
    const rows = norm(value.detach(), { dim: [-1] });
    return super.check(value).logicalAnd(rows.sub(1).abs().le(tolerance).all(-1));
  }
}

class Square extends Matrix {
  check(value: Tensor): Tensor {
    const [rows, columns] = value.shape.slice(-2);
    return full(value.shape.slice(0, -2), rows === columns, {
      dtype: 'bool',
      device: value.device,
    });
  }
}

class Symmetric extends Square {
  override check(value: Tensor): Tensor {
    const isSquare = super.check(value);
    if (!isSquare.all().item()) return isSquare;
    return isclose(value, value.mT, { atol: 1e-6 }).all(-2).all(-1);
  }
}

/** @internal */
export class PositiveSemidefinite extends Symmetric {
  override check(value: Tensor): Tensor {
    const isSymmetric = super.check(value);
    if (!isSymmetric.all().item()) return isSymmetric;
    return eigvalsh(value).ge(0).all(-1);
  }
}

/** @internal */
export class PositiveDefinite extends Symmetric {
  override check(value: Tensor): Tensor {
    const isSymmetric = super.check(value);
    if (!isSymmetric.all().item()) return isSymmetric;
    return choleskyEx(value).info.eq(0);
  }
}

/** @internal */
export class Cat extends Constraint {
  constructor(
    readonly parts: readonly Constraint[],
    readonly dim: number,
    readonly lengths: readonly number[],
  ) {
    super();
  }
  override get isDiscrete() {
    return this.parts.some((part) => part.isDiscrete);
  }
  override get eventDim() {
    return Math.max(...this.parts.map((part) => part.eventDim));
  }
  check(value: Tensor): Tensor {
    let start = 0;
    const checks = this.parts.map((part, i) => {
      const checked = part.check(value.narrow(this.dim, start, this.lengths[i]!));
      start += this.lengths[i]!;
      return checked;
    });
    return concatenate(checks, this.dim);
  }
}

/** @internal */
export class Stack extends Constraint {
  constructor(
    readonly parts: readonly Constraint[],
    readonly dim: number,
  ) {
    super();
  }
  override get isDiscrete() {
    return this.parts.some((part) => part.isDiscrete);
  }
  override get eventDim() {
    const dim = Math.max(...this.parts.map((part) => part.eventDim));
    return this.dim + dim < 0 ? dim + 1 : dim;
  }
  check(value: Tensor): Tensor {
    const checks = this.parts.map((part, i) => part.check(value.select(this.dim, i)));
    return stackTensors(checks, this.dim);
  }
}

/** Constraints of the pieces of a value along a dimension; each piece has length 1 unless given. */
export const cat = (
  parts: readonly Constraint[],
  dim = 0,
  lengths: readonly number[] = parts.map(() => 1),
): Constraint => new Cat(parts, dim, lengths);
/** Constraints of the slices of a value along a dimension. */
export const stack = (parts: readonly Constraint[], dim = 0): Constraint => new Stack(parts, dim);

const named = <C extends Constraint>(constraint: C, name: string): C =>
  Object.assign(constraint, { toString: () => `${name}()` });

export const boolean: Constraint = named(new Boolean_(), 'Boolean');
export const oneHot: Constraint = new OneHot();
export const nonnegativeInteger: Constraint = new IntegerInterval('IntegerGreaterThan', 0, null, {
  whole: true,
});
export const positiveInteger: Constraint = new IntegerInterval('IntegerGreaterThan', 1, null, {
  whole: true,
});
export const real: Constraint = new Real();
export const realVector: Constraint = independent(real, 1);
export const positive: Constraint = greaterThan(0);
export const nonnegative: Constraint = greaterThanEq(0);
export const unitInterval: Constraint = interval(0, 1);
export const simplex: Constraint = new Simplex();
export const lowerTriangular: Constraint = new LowerTriangular();
export const lowerCholesky: Constraint = new LowerCholesky();
export const corrCholesky: Constraint = new CorrCholesky();
export const square: Constraint = new Square();
export const symmetric: Constraint = new Symmetric();
export const positiveSemidefinite: Constraint = new PositiveSemidefinite();
export const positiveDefinite: Constraint = new PositiveDefinite();

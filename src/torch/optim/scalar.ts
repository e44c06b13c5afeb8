import { rsub } from '../generated/functions';
import { Tensor } from '../tensor';

/**
 * A number of LBFGS: a Python float, or a tensor without dimensions, whose arithmetic is float32. What
 * comes out of both is a tensor, as in Python.
 */
export type Value = number | Tensor;

export const add = (a: Value, b: Value): Value => {
  if (a instanceof Tensor) return a.add(b);
  return b instanceof Tensor ? b.add(a) : a + b;
};

export const sub = (a: Value, b: Value): Value => {
  if (a instanceof Tensor) return a.sub(b);
  return b instanceof Tensor ? rsub(b, a) : a - b;
};

export const mul = (a: Value, b: Value): Value => {
  if (a instanceof Tensor) return a.mul(b);
  return b instanceof Tensor ? b.mul(a) : a * b;
};

/** Python divides a number by a tensor through its reciprocal. */
export const div = (a: Value, b: Value): Value => {
  if (a instanceof Tensor) return a.div(b);
  return b instanceof Tensor ? b.reciprocal().mul(a) : a / b;
};

export const abs = (a: Value): Value => (a instanceof Tensor ? a.abs() : Math.abs(a));

const holds = (comparison: Tensor): boolean => Boolean(comparison.item());

/** `a < b` */
export const less = (a: Value, b: Value): boolean => {
  if (a instanceof Tensor) return holds(a.lt(b as number));
  return b instanceof Tensor ? holds(b.gt(a)) : a < b;
};

/** `a <= b` */
export const atMost = (a: Value, b: Value): boolean => {
  if (a instanceof Tensor) return holds(a.le(b as number));
  return b instanceof Tensor ? holds(b.ge(a)) : a <= b;
};

/** Python's `min(a, b)`: the first unless the second is less. */
export const min = (a: Value, b: Value): Value => (less(b, a) ? b : a);

/** Python's `max(a, b)`: the first unless the second is greater. */
export const max = (a: Value, b: Value): Value => (less(a, b) ? b : a);

import { operator } from '../dispatch';
import type { Tensor } from '../tensor';
import type { Scalar } from '../types';

type List = readonly Tensor[];

/** PyTorch's `_foreach` operators on lists of tensors, as its optimizers call them. */
export const foreach = {
  abs: operator<(self: List) => Tensor[]>('_foreach_abs', ['']),
  abs_: operator<(self: List) => void>('_foreach_abs_', ['']),
  /** Adds a number. */
  plus: operator<(self: List, scalar: Scalar) => Tensor[]>('_foreach_add', ['Scalar']),
  plus_: operator<(self: List, scalar: Scalar) => void>('_foreach_add_', ['Scalar']),
  plusEach_: operator<(self: List, scalars: Scalar[]) => void>('_foreach_add_', ['ScalarList']),
  add: operator<(self: List, other: List, options: { alpha: Scalar }) => Tensor[]>('_foreach_add', [
    'List',
  ]),
  add_: operator<(self: List, other: List, options: { alpha: Scalar }) => void>('_foreach_add_', [
    'List',
  ]),
  addcdiv_: operator<(self: List, a: List, b: List, value?: Scalar) => void>('_foreach_addcdiv_', [
    'Scalar',
  ]),
  addcdivEach_: operator<(self: List, a: List, b: List, values: readonly Scalar[]) => void>(
    '_foreach_addcdiv_',
    ['ScalarList'],
  ),
  addcmul: operator<(self: List, a: List, b: List, value: Scalar) => Tensor[]>('_foreach_addcmul', [
    'Scalar',
  ]),
  addcmul_: operator<(self: List, a: List, b: List, value?: Scalar) => void>('_foreach_addcmul_', [
    'Scalar',
  ]),
  copy_: operator<(self: List, source: List) => void>('_foreach_copy_', ['']),
  div_: operator<(self: List, other: List) => void>('_foreach_div_', ['List']),
  divEach_: operator<(self: List, scalars: readonly Scalar[]) => void>('_foreach_div_', [
    'ScalarList',
  ]),
  lerp_: operator<(self: List, end: List, weight: Scalar) => void>('_foreach_lerp_', ['Scalar']),
  maximum_: operator<(self: List, other: List) => void>('_foreach_maximum_', ['List']),
  mul: operator<(self: List, other: List) => Tensor[]>('_foreach_mul', ['List']),
  mul_: operator<(self: List, other: List) => void>('_foreach_mul_', ['List']),
  scale_: operator<(self: List, scalar: Scalar) => void>('_foreach_mul_', ['Scalar']),
  scaleEach: operator<(self: List, scalars: readonly Scalar[]) => Tensor[]>('_foreach_mul', [
    'ScalarList',
  ]),
  scaleEach_: operator<(self: List, scalars: readonly Scalar[]) => void>('_foreach_mul_', [
    'ScalarList',
  ]),
  neg: operator<(self: List) => Tensor[]>('_foreach_neg', ['']),
  neg_: operator<(self: List) => void>('_foreach_neg_', ['']),
  reciprocal_: operator<(self: List) => void>('_foreach_reciprocal_', ['']),
  sign_: operator<(self: List) => void>('_foreach_sign_', ['']),
  sqrt: operator<(self: List) => Tensor[]>('_foreach_sqrt', ['']),
  sqrt_: operator<(self: List) => void>('_foreach_sqrt_', ['']),
  sub_: operator<(self: List, other: List) => void>('_foreach_sub_', ['List']),
  sub: operator<(self: List, other: List) => Tensor[]>('_foreach_sub', ['List']),
  zero_: operator<(self: List) => void>('_foreach_zero_', ['']),
};

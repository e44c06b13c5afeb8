import { named } from '../arguments';
import { operator } from '../dispatch';
import { TorchError } from '../errors';
import type { Tensor } from '../tensor';
import type { Integer } from '../types';

const sumOfProducts = operator<
  (equation: string, operands: readonly Tensor[], options?: { path: readonly Integer[] }) => Tensor
>('einsum', ['']);

/**
 * A sum of products in Einstein's notation, `einsum('ij,jk->ik', a, b)` (`torch.einsum`). Three and more operands are
 * multiplied from left to right, as PyTorch does without the package opt_einsum.
 */
export const einsum = (equation: string, ...operands: Tensor[] | [readonly Tensor[]]): Tensor =>
  sumOfProducts(
    equation,
    Array.isArray(operands[0]) ? (operands[0] as Tensor[]) : (operands as Tensor[]),
  );

type TensordotDims = number | readonly [a: readonly number[], b: readonly number[]];

const contract = operator<
  (
    a: Tensor,
    b: Tensor,
    dimsA: readonly number[],
    dimsB: readonly number[],
    options?: { out: Tensor },
  ) => Tensor
>('tensordot', ['', 'out']);

/**
 * Sums products over some dimensions of both tensors: over the last `dims` of `a` and the first of `b`, or over the
 * dimensions that two lists name (`torch.tensordot`).
 */
export const tensordot = named<
  'tensordot',
  { a: Tensor; b: Tensor },
  { dims?: TensordotDims; out?: Tensor }
>('tensordot', (a: Tensor, b: Tensor, dims: TensordotDims, out?: Tensor) => {
  const [dimsA, dimsB] = typeof dims === 'number' ? inner(dims, a, b) : dims;
  return out ? contract(a, b, dimsA, dimsB, { out }) : contract(a, b, dimsA, dimsB);
});

function inner(count: number, a: Tensor, b: Tensor): [number[], number[]] {
  const refuse = (what: string) =>
    new TorchError(
      `tensordot expects dims ${what}, but got dims=${count}`,
      'RuntimeError',
      'tensordot',
    );
  if (count < 0) throw refuse('>= 0');
  if (count > Math.min(a.ndim, b.ndim)) throw refuse('< ndim_a or ndim_b');
  return [
    Array.from({ length: count }, (_, i) => i - count),
    Array.from({ length: count }, (_, i) => i),
  ];
}

const distances = operator<(x1: Tensor, x2: Tensor, p: number, mode: number | null) => Tensor>(
  'cdist',
  [''],
);

const computeModes = {
  use_mm_for_euclid_dist_if_necessary: null,
  use_mm_for_euclid_dist: 1,
  donot_use_mm_for_euclid_dist: 2,
} as const;

type ComputeMode = keyof typeof computeModes;

/** The p-norm distances of all rows of `x1` `[*, P, M]` from all of `x2` `[*, R, M]`: `[*, P, R]` (`torch.cdist`). */
export const cdist = named<
  'cdist',
  { x1: Tensor; x2: Tensor },
  { p?: number; computeMode?: ComputeMode }
>('cdist', (x1: Tensor, x2: Tensor, p: number, computeMode: ComputeMode) => {
  const mode = computeModes[computeMode];
  if (mode === undefined) {
    throw new TorchError(
      `${computeMode} is not a valid value for compute_mode`,
      'ValueError',
      'cdist',
    );
  }
  return distances(x1, x2, p, mode);
});

import { named } from '../arguments';
import { tensor } from '../creation';
import { operator } from '../dispatch';
import { TorchError } from '../errors';
import type { Tensor } from '../tensor';
import type { Integer } from '../types';

type Three = [values: Tensor, inverse: Tensor, counts: Tensor];

const ofAll = operator<(x: Tensor, sorted: boolean, inverse: boolean, counts: boolean) => Three>(
  '_unique2',
  [''],
);
const ofSlices = operator<
  (x: Tensor, dim: number, sorted: boolean, inverse: boolean, counts: boolean) => Three
>('unique_dim', ['']);
const ofRuns = operator<
  (x: Tensor, inverse: boolean, counts: boolean, dim: number | null) => Three
>('unique_consecutive', ['']);

export interface UniqueConsecutiveOptions {
  /** Also give, for each element of the input, its place among the values. */
  returnInverse?: boolean;
  /** Also give how often each value occurs. */
  returnCounts?: boolean;
  /** Compare slices along this dimension in place of elements. */
  dim?: number | null;
}

export interface UniqueOptions extends UniqueConsecutiveOptions {
  /** Sort the values. Default: true. */
  sorted?: boolean;
}

type Yes<Flag extends string> = { [K in Flag]: true };

/** What the flags ask for: the values alone, or a list with inverse and counts. */
interface Unique<Options> {
  (
    input: Tensor,
    options: Options & Yes<'returnInverse' | 'returnCounts'>,
  ): [values: Tensor, inverse: Tensor, counts: Tensor];
  (input: Tensor, options: Options & Yes<'returnInverse'>): [values: Tensor, inverse: Tensor];
  (input: Tensor, options: Options & Yes<'returnCounts'>): [values: Tensor, counts: Tensor];
  (input: Tensor, options?: Options): Tensor;
}

function chosen([values, inverse, counts]: Three, returnInverse: boolean, returnCounts: boolean) {
  if (!returnInverse) inverse.dispose();
  if (!returnCounts) counts.dispose();
  if (!returnInverse && !returnCounts) return values;
  return [values, ...(returnInverse ? [inverse] : []), ...(returnCounts ? [counts] : [])];
}

/** The distinct elements of a tensor, or slices along a dimension (`torch.unique`). */
export const unique = named<Unique<UniqueOptions>>(
  'unique',
  (
    input: Tensor,
    sorted: boolean,
    returnInverse: boolean,
    returnCounts: boolean,
    dim: number | null,
  ) =>
    chosen(
      dim === null
        ? ofAll(input, sorted, returnInverse, returnCounts)
        : ofSlices(input, dim, sorted, returnInverse, returnCounts),
      returnInverse,
      returnCounts,
    ),
);

/** One element of each run of equal ones (`torch.unique_consecutive`). */
export const uniqueConsecutive = named<Unique<UniqueConsecutiveOptions>>(
  'unique_consecutive',
  (input: Tensor, returnInverse: boolean, returnCounts: boolean, dim: number | null) =>
    chosen(ofRuns(input, returnInverse, returnCounts, dim), returnInverse, returnCounts),
);

const asRows = operator<(x: Tensor, options?: { out: Tensor }) => Tensor>('nonzero', ['', 'out']);
const asTuples = operator<(x: Tensor) => Tensor[]>('nonzero_numpy', ['']);

/**
 * The indices of all elements that are not zero, int64 `[count, dimensions]`; with `asTuple` a vector for each
 * dimension (`torch.nonzero`).
 */
export const nonzero = named<{
  (input: Tensor, options: { asTuple: true }): Tensor[];
  (input: Tensor, options?: { asTuple?: false; out?: Tensor }): Tensor;
}>('nonzero', (input: Tensor, out: Tensor | null, asTuple: boolean) =>
  asTuple ? asTuples(input) : out ? asRows(input, { out }) : asRows(input),
);

/** Flat indices as indices into a shape, a tensor for each dimension (`torch.unravel_index`). */
export const unravelIndex = named<
  'unravel_index',
  { indices: Tensor; shape: Integer | readonly Integer[] },
  unknown,
  Tensor[]
>('unravel_index', (indices: Tensor, shape: Integer | readonly Integer[]) => {
  if (indices.isFloatingPoint() || indices.isComplex() || indices.dtype === 'bool') {
    throw new TorchError(
      `expected 'indices' to be integer dtype, but got torch.${indices.dtype}`,
      'TypeError',
      'unravel_index',
    );
  }
  const sizes = (Array.isArray(shape) ? shape : [shape]).map(BigInt);
  if (sizes.some((size) => size < 0n)) {
    throw new TorchError(
      `'shape' cannot have negative values, but got (${sizes.join(', ')})`,
      'ValueError',
      'unravel_index',
    );
  }
  const steps = sizes.map((_, i) => sizes.slice(i + 1).reduce((a, b) => a * b, 1n));
  const int64 = (values: bigint[]) => tensor(values, { dtype: 'int64' });
  return indices.unsqueeze(-1).floorDivide(int64(steps)).remainder(int64(sizes)).unbind(-1);
});

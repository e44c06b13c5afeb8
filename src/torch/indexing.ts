import { tensor as makeTensor } from './creation';
import { lookUp } from './dispatch';
import { TorchError } from './errors';
import { parseIndices } from './index-text';
import { Tensor } from './tensor';
import { ellipsis, type Index, type Integer, type Nested, type Scalar, Slice } from './types';

const indexOperator = lookUp('index', ['Tensor']);
const indexPut = lookUp('index_put_', ['']);
const sliceOperator = lookUp('slice', ['Tensor']);
const selectOperator = lookUp('select', ['int']);
const alias = lookUp('alias', ['']);

const refuse = (message: string, code = 'IndexError') => new TorchError(message, code, 'index');

/** A mask takes as many dimensions as it has, in place of one. */
const isMask = (index: Tensor): boolean => index.dtype === 'bool' || index.dtype === 'uint8';

const isWhole = (index: Tensor): boolean => /^u?int(8|16|32|64)$/.test(index.dtype);

/** Dimensions that an index takes. */
function taken(index: Index): number {
  if (index === null || index === ellipsis || typeof index === 'boolean') return 0;
  return index instanceof Tensor && isMask(index) ? index.ndim : 1;
}

function select(self: Tensor, dim: number, index: Integer): Tensor {
  try {
    return selectOperator([self, dim, index]) as Tensor;
  } catch (error) {
    if (!(error instanceof TorchError) || error.code !== 'IndexError') throw error;
    throw refuse(
      `index ${index} is out of bounds for dimension ${dim} with size ${self.size(dim)}`,
    );
  }
}

/** A bound of a slice, where as in Python any number is as good as the nearest that counts. */
const within = <Bound>(bound: Bound): Bound | number =>
  typeof bound === 'number' && Number.isInteger(bound)
    ? Math.max(-Number.MAX_SAFE_INTEGER, Math.min(bound, Number.MAX_SAFE_INTEGER))
    : bound;

function slice(self: Tensor, dim: number, { start, stop, step }: Slice): Tensor {
  if (step !== null && step <= 0) throw refuse('step must be greater than zero', 'ValueError');
  return sliceOperator([self, dim, within(start), within(stop), step ?? 1]) as Tensor;
}

/** A list as an index; an empty one has no elements from which to infer that it is whole. */
const listed = (index: readonly Nested<Integer | boolean>[]): Tensor =>
  makeTensor(index as Nested<number>, index.length === 0 ? { dtype: 'int64' } : {});

/**
 * Applies the basic indices (numbers, slices, null, the ellipsis) one dimension after the other and
 * gathers the tensor indices, as PyTorch's `applySlicing` does.
 */
function applyBasic(self: Tensor, indices: readonly Index[]): [Tensor, (Tensor | null)[]] {
  const count = indices.reduce<number>((sum, index) => sum + taken(index), 0);
  if (count > self.ndim) {
    throw refuse(
      self.ndim === 0
        ? 'invalid index of a 0-dim tensor. Use `tensor.item()` to convert a 0-dim tensor to a number'
        : `too many indices for tensor of dimension ${self.ndim}`,
    );
  }
  const advanced: (Tensor | null)[] = [];
  const put = (dim: number, index: Tensor) => {
    while (advanced.length <= dim) advanced.push(null);
    advanced[dim] = index;
  };
  let result = self;
  let dim = 0;
  for (const index of indices) {
    if (index === ellipsis) {
      dim += self.ndim - count;
    } else if (index === null) {
      result = result.unsqueeze(dim++);
    } else if (typeof index === 'boolean') {
      result = result.unsqueeze(dim);
      put(dim++, makeTensor([index]));
    } else if (typeof index === 'number' || typeof index === 'bigint') {
      if (typeof index === 'number' && !Number.isInteger(index)) {
        throw refuse(
          `only whole numbers, slices, the ellipsis, null and tensors are valid indices (got ${index})`,
        );
      }
      result = select(result, dim, index);
    } else if (index instanceof Slice) {
      result = slice(result, dim++, index);
    } else {
      const at = index instanceof Tensor ? index : listed(index as readonly Nested<Integer>[]);
      if (at.ndim === 0 && isWhole(at) && !isMask(at)) {
        result = select(result, dim, at.item());
      } else {
        put(dim, at);
        dim += isMask(at) ? at.ndim : 1;
      }
    }
  }
  return [result, advanced];
}

const parsed = (indices: readonly Index[]): readonly Index[] =>
  indices.some((index) => typeof index === 'string')
    ? indices.flatMap((index) => (typeof index === 'string' ? parseIndices(index) : [index]))
    : indices;

export function getIndex(self: Tensor, indices: readonly Index[]): Tensor {
  const [part, advanced] = applyBasic(self, parsed(indices));
  if (advanced.length > 0) return indexOperator([part, advanced]) as Tensor;
  // Like Python, a new tensor object even where nothing was taken away.
  return part === self ? (alias([self]) as Tensor) : part;
}

/** A scalar as `tensor` takes it. */
const plain = (value: Scalar) =>
  typeof value === 'object' && 'float' in value ? value.float : value;

export function setIndex(self: Tensor, indices: readonly Index[], value: Tensor | Scalar): void {
  const [part, advanced] = applyBasic(self, parsed(indices));
  const source = value instanceof Tensor ? value : makeTensor(plain(value), { dtype: self.dtype });
  if (advanced.length > 0) indexPut([part, advanced, source]);
  else copyInto(part, source);
}

/** Assignment broadcasts; it ignores leading dimensions of size one. */
function copyInto(part: Tensor, source: Tensor): void {
  if (source.ndim === 0) {
    part.fill_(source);
    return;
  }
  let rest = source;
  while (rest.ndim > 0 && rest.shape[0] === 1) rest = rest.squeeze(0);
  part.copy_(rest.expandAs(part));
}

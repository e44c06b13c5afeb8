import { tensor as makeTensor } from './creation';
import { lookUp } from './dispatch';
import { Tensor } from './tensor';
import { ellipsis, type Index, type Nested, type Scalar, Slice } from './types';

const indexOperator = lookUp('index', ['Tensor']);
const indexPut = lookUp('index_put_', ['']);

/**
 * Applies the basic indices (numbers, slices, null, the ellipsis) one dimension after the other and
 * gathers the tensor indices, as PyTorch's `applySlicing` does.
 */
function applyBasic(self: Tensor, indices: readonly Index[]): [Tensor, (Tensor | null)[]] {
  const taken = indices.reduce<number>((count, index) => {
    if (index === null || index === ellipsis || typeof index === 'boolean') return count;
    return count + (index instanceof Tensor && /bool|uint8/.test(index.dtype) ? index.ndim : 1);
  }, 0);
  if (taken > self.ndim) {
    throw new RangeError(`too many indices for tensor of dimension ${self.ndim}`);
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
      dim += self.ndim - taken;
    } else if (index === null) {
      result = result.unsqueeze(dim++);
    } else if (typeof index === 'boolean') {
      result = result.unsqueeze(dim);
      put(dim, makeTensor([index]));
      dim++;
    } else if (typeof index === 'number' || typeof index === 'bigint') {
      result = result.select(dim, index);
    } else if (index instanceof Slice) {
      const { start, stop, step } = index;
      result = sliceOperator([result, dim, start, stop, step ?? 1]) as Tensor;
      dim++;
    } else {
      const at = index instanceof Tensor ? index : makeTensor(index as Nested<number>);
      if (at.ndim === 0 && /^u?int(8|16|32|64)$/.test(at.dtype) && at.dtype !== 'uint8') {
        result = result.select(dim, at.item());
      } else {
        put(dim, at);
        dim += /bool|uint8/.test(at.dtype) ? at.ndim : 1;
      }
    }
  }
  return [result, advanced];
}

const sliceOperator = lookUp('slice', ['Tensor']);

export function getIndex(self: Tensor, indices: readonly Index[]): Tensor {
  const [part, advanced] = applyBasic(self, indices);
  if (advanced.length > 0) return indexOperator([part, advanced]) as Tensor;
  // Like Python, a new tensor object even where nothing was taken away.
  return part === self ? (lookUp('alias', [''])([self]) as Tensor) : part;
}

/** A scalar as `tensor` takes it. */
const plain = (value: Scalar) =>
  typeof value === 'object' && 'float' in value ? value.float : value;

export function setIndex(self: Tensor, indices: readonly Index[], value: Tensor | Scalar): void {
  const [part, advanced] = applyBasic(self, indices);
  const source = value instanceof Tensor ? value : makeTensor(plain(value), { dtype: self.dtype });
  if (advanced.length > 0) indexPut([part, advanced, source]);
  else part.copy_(dropLeadingOnes(source, part.ndim));
}

/** Assignment ignores leading dimensions of size one that the target lacks. */
function dropLeadingOnes(source: Tensor, ndim: number): Tensor {
  let result = source;
  while (result.ndim > ndim && result.shape[0] === 1) result = result.squeeze(0);
  return result;
}

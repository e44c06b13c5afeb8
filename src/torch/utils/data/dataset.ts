import { tensor } from '../../creation';
import { TorchError } from '../../errors';
import type { Tensor } from '../../tensor';

/**
 * Samples by index (`torch.utils.data.Dataset`): derive from it, or give any object that has these.
 *
 * @example
 * class Squares extends Dataset<torch.Tensor> {
 *   readonly length = 100;
 *   get(index: number) { return torch.tensor(index ** 2); }
 * }
 */
export abstract class Dataset<Sample> {
  /** Python's `__len__`. */
  abstract readonly length: number;
  /** Python's `__getitem__`. */
  abstract get(index: number): Sample;
  /** The samples of one batch, collated (Python's `__getitems__`); a DataLoader uses it where a dataset offers it. */
  getBatch?(indices: readonly number[]): unknown;
}

/** Samples by index that have to be waited for: files, downloads. Iterate its loader by `for await`. */
export type AsyncDataset<Sample> = Dataset<Promise<Sample>>;

/**
 * Samples one after the other, where there is no index (`torch.utils.data.IterableDataset`). Any other
 * iterable or async iterable will do as well; where it has a `length`, its DataLoader has one.
 */
export abstract class IterableDataset<Sample> implements Iterable<Sample> {
  abstract [Symbol.iterator](): Iterator<Sample>;
}

/** A row of each tensor. */
type Rows<Tensors extends readonly Tensor[]> = { -readonly [K in keyof Tensors]: Tensor };

/** Tensors whose first dimensions run over the samples (`torch.utils.data.TensorDataset`). */
export class TensorDataset<Tensors extends Tensor[] = Tensor[]> implements Dataset<Rows<Tensors>> {
  readonly tensors: Tensors;
  readonly length: number;

  /** Throws TorchError if the tensors' first dimensions differ. */
  constructor(...tensors: Tensors) {
    const [first] = tensors;
    if (!first) throw new TorchError('tuple index out of range', 'IndexError');
    const length = first.size(0);
    if (tensors.some((each) => each.size(0) !== length)) {
      throw new TorchError('Size mismatch between tensors', 'AssertionError');
    }
    this.tensors = tensors;
    this.length = length;
  }

  get(index: number): Rows<Tensors> {
    return this.tensors.map((each) => each.select(0, index)) as Rows<Tensors>;
  }

  /** A batch at once, in no time where the indices follow each other: a view of the tensors. */
  getBatch(indices: readonly number[]): Rows<Tensors> {
    const start = indices[0] ?? 0;
    const consecutive = start >= 0 && indices.every((index, i) => index === start + i);
    if (consecutive) {
      return this.tensors.map((each) => each.narrow(0, start, indices.length)) as Rows<Tensors>;
    }
    const from = indices.map((index) => (index < 0 ? index + this.length : index));
    const at = tensor(BigInt64Array.from(from, BigInt), { device: 'cpu' });
    const rows = this.tensors.map((each) =>
      each.indexSelect(0, at.to(each.device)),
    ) as Rows<Tensors>;
    at.dispose();
    return rows;
  }
}

import { tensor } from '../../creation';
import { TorchError } from '../../errors';
import type { Tensor } from '../../tensor';

/** Samples by index (`torch.utils.data.Dataset`). */
export interface Dataset<Sample> {
  readonly length: number;
  get(index: number): Sample;
  /** The samples of one batch, collated; a DataLoader uses it where a dataset offers it. */
  getBatch?(indices: readonly number[]): Sample;
}

/** Tensors whose first dimensions run over the samples (`torch.utils.data.TensorDataset`). */
export class TensorDataset implements Dataset<Tensor[]> {
  readonly tensors: readonly Tensor[];
  readonly length: number;

  constructor(...tensors: Tensor[]) {
    const [first] = tensors;
    if (!first || tensors.some((t) => t.shape[0] !== first.shape[0])) {
      throw new TorchError('Size mismatch between tensors', 'ValueError');
    }
    this.tensors = tensors;
    this.length = first.shape[0]!;
  }

  get(index: number): Tensor[] {
    return this.tensors.map((t) => t.select(0, index));
  }

  /** A batch at once: a view where the indices follow each other, else one gather. */
  getBatch(indices: readonly number[]): Tensor[] {
    const start = indices[0] ?? 0;
    if (indices.every((index, i) => index === start + i)) {
      return this.tensors.map((t) => t.narrow(0, start, indices.length));
    }
    const at = tensor(indices);
    return this.tensors.map((t) => t.indexSelect(0, at));
  }
}

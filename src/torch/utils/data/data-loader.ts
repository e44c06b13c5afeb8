import { TorchError } from '../../errors';
import { stack } from '../../generated/functions';
import type { Generator } from '../../random';
import type { Tensor } from '../../tensor';
import type { Dataset } from './dataset';
import { drawSeed, RandomSampler, type Sampler, SequentialSampler } from './sampler';

export interface DataLoaderOptions<Sample> {
  /** Samples in a batch. Default 1. */
  batchSize?: number;
  /** Draw a new order at each iteration. */
  shuffle?: boolean;
  sampler?: Sampler;
  /** Leave out a last batch that is not full. */
  dropLast?: boolean;
  /** Where the orders are drawn from; the default generator if absent. */
  generator?: Generator;
  collate?: (samples: Sample[]) => Sample;
}

/** Batches of a dataset, in Python's order for the same seed (`torch.utils.data.DataLoader`). */
export class DataLoader<Sample = Tensor[]> implements Iterable<Sample> {
  readonly batchSize: number;
  readonly #sampler: Sampler;

  constructor(
    readonly dataset: Dataset<Sample>,
    private readonly options: DataLoaderOptions<Sample> = {},
  ) {
    const { batchSize = 1, shuffle = false, sampler, generator } = options;
    if (!Number.isInteger(batchSize) || batchSize < 1) {
      throw new TorchError(
        `batch_size should be a positive integer value, but got batch_size=${batchSize}`,
        'ValueError',
      );
    }
    if (sampler && shuffle) {
      throw new TorchError('sampler option is mutually exclusive with shuffle', 'ValueError');
    }
    this.batchSize = batchSize;
    this.#sampler =
      sampler ??
      (shuffle
        ? new RandomSampler(dataset.length, generator)
        : new SequentialSampler(dataset.length));
  }

  /** Number of batches. */
  get length(): number {
    const batches = this.#sampler.length / this.batchSize;
    return this.options.dropLast ? Math.floor(batches) : Math.ceil(batches);
  }

  *[Symbol.iterator](): Iterator<Sample> {
    // Python draws a base seed for its workers at each iteration, workers or not.
    drawSeed(this.options.generator);
    let indices: number[] = [];
    for (const index of this.#sampler) {
      indices.push(index);
      if (indices.length < this.batchSize) continue;
      yield this.#batch(indices);
      indices = [];
    }
    if (indices.length > 0 && !this.options.dropLast) yield this.#batch(indices);
  }

  #batch(indices: number[]): Sample {
    const { dataset, options } = this;
    if (dataset.getBatch && !options.collate) return dataset.getBatch(indices);
    const samples = indices.map((index) => dataset.get(index));
    return (options.collate ?? (collate as never))(samples);
  }
}

/** Stacks the samples' tensors (`default_collate` for tuples of tensors). */
function collate(samples: Tensor[][]): Tensor[] {
  return samples[0]!.map((_, i) => stack(samples.map((sample) => sample[i]!)));
}

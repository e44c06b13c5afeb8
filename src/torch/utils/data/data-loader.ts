import { type Args, type Bound, bind } from '../../arguments';
import { TorchError } from '../../errors';
import type { Generator } from '../../random';
import { Tensor } from '../../tensor';
import { type Collated, defaultCollate, defaultConvert } from './collate';
import { lengthOf } from './combined';
import { TensorDataset } from './dataset';
import { pinMemory, pins } from './pin-memory';
import { BatchSampler, drawSeed, RandomSampler, SequentialSampler } from './sampler';

/** Samples by index, at once or to be waited for. */
interface Indexed<Sample> {
  readonly length: number;
  get(index: number): Sample | Promise<Sample>;
  getBatch?(indices: readonly number[]): unknown;
}

/** What a DataLoader reads: samples by index, or one after the other. */
export type DataSource<Sample> =
  | Indexed<Sample>
  | readonly Sample[]
  | Iterable<Sample>
  | AsyncIterable<Sample>;

export interface DataLoaderOptions<Sample, Batch> {
  /** Samples in a batch; null for single samples that are not collated. Default 1. */
  batchSize?: number | null;
  /** Draw a new order at each iteration. */
  shuffle?: boolean | null;
  /** The order of the samples. */
  sampler?: Iterable<number> | null;
  /** The batches' indices, in place of `batchSize`, `shuffle`, `sampler` and `dropLast`. */
  batchSampler?: Iterable<readonly number[]> | null;
  /** Leave out a last batch that is not full. */
  dropLast?: boolean;
  /** Where the orders are drawn from; the default generator if absent. */
  generator?: Generator | null;
  /** Makes a batch of its samples. Default {@link defaultCollate}. */
  collateFn?: ((samples: Sample[]) => Batch) | null;
  /** Batches of an async dataset that are prepared ahead. Default 2. */
  prefetchFactor?: number | null;
  /** Have batches in pinned memory, where there is a GPU, to which `nonBlocking` copies of them are asynchronous. */
  pinMemory?: boolean;
  /**
   * Python's worker processes, and what belongs to them. Taken so that ported calls work, and
   * without effect: batches are made whole in this process, in the same order and with the same bits.
   */
  numWorkers?: number;
  timeout?: number;
  workerInitFn?: ((worker: number) => void) | null;
  multiprocessingContext?: string | null;
  persistentWorkers?: boolean;
  pinMemoryDevice?: string;
  inOrder?: boolean;
}

const refuse = (message: string) => new TorchError(message, 'ValueError');

/**
 * Batches of a dataset, in Python's order for the same seed (`torch.utils.data.DataLoader`). Datasets
 * whose samples have to be waited for are iterated by `for await`, and their next batches are prepared
 * meanwhile. Throws TorchError for settings that exclude each other, with PyTorch's messages.
 *
 * @example
 * const loader = new DataLoader(new TensorDataset(x, y), { batchSize: 32, shuffle: true });
 * for (const [images, labels] of loader) train(images, labels);
 */
export class DataLoader<Sample = Tensor[], Batch = Collated<Sample>>
  implements Iterable<Batch>, AsyncIterable<Batch>
{
  readonly batchSize: number | null;
  readonly dropLast: boolean;
  /** The samples' order; null for a dataset without indices. */
  readonly sampler: Iterable<number> | null;
  readonly batchSampler: Iterable<readonly number[]> | null;
  readonly dataset: DataSource<Sample>;
  readonly #options: Required<DataLoaderOptions<Sample, Batch>>;
  readonly #indexed: Indexed<Sample> | null;

  constructor(
    ...args: Args<'DataLoader', { dataset: DataSource<Sample> }, DataLoaderOptions<Sample, Batch>>
  ) {
    const { dataset, ...options } = bind<
      Bound<{ dataset: DataSource<Sample> }, DataLoaderOptions<Sample, Batch>>
    >('DataLoader', args);
    this.dataset = dataset;
    this.#options = options;
    this.#indexed = indexed(dataset);
    check(options, this.#indexed !== null);
    const { batchSize, shuffle, sampler, batchSampler, generator } = options;
    this.batchSize = batchSampler ? null : batchSize;
    this.dropLast = options.dropLast;
    this.sampler = null;
    this.batchSampler = batchSampler;
    if (this.#indexed) {
      const source = this.#indexed;
      this.sampler =
        sampler ??
        (shuffle ? new RandomSampler(source, { generator }) : new SequentialSampler(source));
      if (batchSize !== null) {
        this.batchSampler ??= new BatchSampler(this.sampler, batchSize, this.dropLast);
      }
    }
  }

  /** Number of batches; throws TorchError where the dataset or the sampler has no length. */
  get length(): number {
    if (this.#indexed) return lengthOf(this.batchSampler ?? this.sampler!);
    const samples = lengthOf(this.dataset);
    const batches = samples / (this.batchSize ?? 1);
    return this.dropLast ? Math.floor(batches) : Math.ceil(batches);
  }

  [Symbol.iterator](): IterableIterator<Batch> {
    // Python draws a base seed for its workers at each iteration, workers or not.
    drawSeed(this.#options.generator);
    return this.#pins() ? pinned(this.#batches()) : this.#batches();
  }

  #pins(): boolean {
    return pins(this.#options.pinMemory, this.#options.pinMemoryDevice);
  }

  *#batches(): IterableIterator<Batch> {
    const requests = this.#indexed ? (this.batchSampler ?? this.sampler!) : this.#groups();
    for (const request of requests) {
      const batch = this.#fetch(request);
      if (batch instanceof Promise) {
        batch.catch(() => {});
        throw new TorchError(
          'the dataset’s samples have to be waited for: iterate the DataLoader by `for await`',
          'TypeError',
        );
      }
      yield batch;
    }
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<Batch> {
    drawSeed(this.#options.generator);
    const batches = Symbol.asyncIterator in this.dataset ? this.#asyncGroups() : this.#prefetched();
    return this.#pins() ? pinnedLater(batches) : batches;
  }

  /** Batches in order, with the next of an async dataset under way. */
  async *#prefetched(): AsyncIterableIterator<Batch> {
    const ahead = this.#options.prefetchFactor ?? 2;
    const requests = this.#indexed ? (this.batchSampler ?? this.sampler!) : this.#groups();
    const iterator = requests[Symbol.iterator]() as Iterator<never>;
    const pending: (Batch | Promise<Batch>)[] = [];
    let ended = false;
    for (;;) {
      while (!ended && pending.length <= ahead) {
        const next = iterator.next();
        ended = next.done ?? false;
        if (ended) break;
        const batch = this.#fetch(next.value);
        pending.push(batch);
        // What is ready at once needs no preparation, and may draw random numbers in its turn.
        if (!(batch instanceof Promise)) break;
        // A failure is reported in its turn; until then it is not unhandled.
        batch.catch(() => {});
      }
      if (pending.length === 0) return;
      yield await pending.shift()!;
    }
  }

  /** A batch by what the sampler gives: indices, one index, or samples that need only be collated. */
  #fetch(request: readonly number[] | number | Samples<Sample>): Batch | Promise<Batch> {
    if (request instanceof Samples) return this.#collate(request.samples);
    const dataset = this.#indexed!;
    if (typeof request === 'number') {
      const sample = dataset.get(request);
      return sample instanceof Promise
        ? sample.then((value) => this.#convert(value))
        : this.#convert(sample);
    }
    if (dataset.getBatch && !this.#options.collateFn) {
      return dataset.getBatch(request) as Batch;
    }
    const samples = request.map((index) => dataset.get(index));
    return samples.some((sample) => sample instanceof Promise)
      ? Promise.all(samples).then((all) => this.#collate(all as Sample[]))
      : this.#collate(samples as Sample[]);
  }

  #collate(samples: Sample[]): Batch {
    if (this.batchSize === null && !this.batchSampler) return this.#convert(samples[0]!);
    const { collateFn } = this.#options;
    return collateFn ? collateFn(samples) : (defaultCollate(samples) as Batch);
  }

  #convert(sample: Sample): Batch {
    // Without batches Python's collate_fn gets the sample itself.
    const { collateFn } = this.#options;
    return (collateFn ? collateFn(sample as never) : defaultConvert(sample)) as Batch;
  }

  /** The samples of an iterable dataset, batch by batch. */
  *#groups(): Iterable<Samples<Sample>> {
    const size = this.batchSize ?? 1;
    let samples: Sample[] = [];
    for (const sample of this.dataset as Iterable<Sample>) {
      samples.push(sample);
      if (samples.length < size) continue;
      yield new Samples(samples);
      samples = [];
    }
    if (samples.length > 0 && !this.dropLast) yield new Samples(samples);
  }

  async *#asyncGroups(): AsyncIterableIterator<Batch> {
    const size = this.batchSize ?? 1;
    let samples: Sample[] = [];
    for await (const sample of this.dataset as AsyncIterable<Sample>) {
      samples.push(sample);
      if (samples.length < size) continue;
      yield this.#collate(samples);
      samples = [];
    }
    if (samples.length > 0 && !this.dropLast) yield this.#collate(samples);
  }
}

function* pinned<Batch>(batches: Iterable<Batch>): IterableIterator<Batch> {
  for (const batch of batches) yield pinMemory(batch) as Batch;
}
async function* pinnedLater<Batch>(batches: AsyncIterable<Batch>): AsyncIterableIterator<Batch> {
  for await (const batch of batches) yield pinMemory(batch) as Batch;
}

/** The samples of one batch of an iterable dataset. */
class Samples<Sample> {
  constructor(readonly samples: Sample[]) {}
}

/** A dataset with indices, where the source is one. */
function indexed<Sample>(source: DataSource<Sample>): Indexed<Sample> | null {
  if (source instanceof Tensor) {
    const rows = new TensorDataset(source);
    return {
      length: rows.length,
      get: (index: number) => rows.get(index)[0],
      getBatch: (indices: readonly number[]) => rows.getBatch(indices)[0],
    } as unknown as Indexed<Sample>;
  }
  if (Array.isArray(source)) {
    return { length: source.length, get: (index: number) => source[index] };
  }
  return 'get' in source && 'length' in source ? source : null;
}

function check<Sample, Batch>(
  options: Required<DataLoaderOptions<Sample, Batch>>,
  hasIndices: boolean,
) {
  const { batchSize, shuffle, sampler, batchSampler, dropLast, prefetchFactor } = options;
  if (prefetchFactor !== null && prefetchFactor < 0) {
    throw refuse('prefetch_factor option should be non-negative');
  }
  if (!hasIndices) {
    const given = shuffle ? 'shuffle' : sampler ? 'sampler' : batchSampler ? 'batch_sampler' : null;
    if (given) {
      const value = shuffle ? 'True' : String(sampler ?? batchSampler);
      throw refuse(
        `DataLoader with IterableDataset: expected unspecified ${given} option, but got ${given}=${value}`,
      );
    }
  }
  if (sampler && shuffle) throw refuse('sampler option is mutually exclusive with shuffle');
  if (batchSampler && (batchSize !== 1 || shuffle || sampler || dropLast)) {
    throw refuse(
      'batch_sampler option is mutually exclusive with batch_size, shuffle, sampler, and drop_last',
    );
  }
  if (batchSize === null && dropLast) {
    throw refuse(
      'batch_size=None option disables auto-batching and is mutually exclusive with drop_last',
    );
  }
  if (batchSize !== null && !(batchSize > 0 && Number.isInteger(batchSize))) {
    throw refuse(`batch_size should be a positive integer value, but got batch_size=${batchSize}`);
  }
}

import { type Args, bind } from '../../arguments';
import { TorchError } from '../../errors';
import { type Dataset, IterableDataset } from './dataset';

type SampleOf<D> = D extends { get(index: number): infer Sample } ? Sample : never;

/** The element at an index that may count from the end; throws TorchError where there is none. */
function at<T>(list: readonly T[], index: number): T {
  const element = list.at(index);
  if (element === undefined) throw new TorchError('list index out of range', 'IndexError');
  return element;
}

interface SubsetNeeded<Sample> {
  dataset: Dataset<Sample>;
  indices: readonly number[];
}

/** Some samples of a dataset, in an order of its own (`torch.utils.data.Subset`). */
export class Subset<Sample> implements Dataset<Sample> {
  readonly getBatch?: (indices: readonly number[]) => unknown;

  readonly dataset: Dataset<Sample>;
  readonly indices: readonly number[];

  constructor(...args: Args<'Subset', SubsetNeeded<Sample>>) {
    const { dataset, indices } = bind<SubsetNeeded<Sample>>('Subset', args);
    this.dataset = dataset;
    this.indices = indices;
    if (!dataset.getBatch) return;
    this.getBatch = (batch) => dataset.getBatch!(batch.map((index) => at(indices, index)));
  }

  get length(): number {
    return this.indices.length;
  }

  get(index: number): Sample {
    return this.dataset.get(at(this.indices, index));
  }
}

/** Datasets one behind the other (`torch.utils.data.ConcatDataset`). */
export class ConcatDataset<Sample> implements Dataset<Sample> {
  readonly datasets: readonly Dataset<Sample>[];
  /** The length up to the end of each dataset. */
  readonly cumulativeSizes: readonly number[];

  /** Throws TorchError for no datasets, or one without indices. */
  constructor(...args: Args<'ConcatDataset', { datasets: Iterable<Dataset<Sample>> }>) {
    this.datasets = [
      ...bind<{ datasets: Iterable<Dataset<Sample>> }>('ConcatDataset', args).datasets,
    ];
    if (this.datasets.length === 0) {
      throw new TorchError('datasets should not be an empty iterable', 'AssertionError');
    }
    if (this.datasets.some((dataset) => dataset instanceof IterableDataset)) {
      throw new TorchError('ConcatDataset does not support IterableDataset', 'AssertionError');
    }
    let size = 0;
    this.cumulativeSizes = this.datasets.map(({ length }) => {
      size += length;
      return size;
    });
  }

  get length(): number {
    return this.cumulativeSizes.at(-1)!;
  }

  get(index: number): Sample {
    if (-index > this.length) {
      throw new TorchError(
        'absolute value of index should not exceed dataset length',
        'ValueError',
      );
    }
    const from = index < 0 ? index + this.length : index;
    const place = this.cumulativeSizes.findIndex((size) => from < size);
    if (place < 0) throw new TorchError('list index out of range', 'IndexError');
    return this.datasets[place]!.get(from - (this.cumulativeSizes[place - 1] ?? 0));
  }
}

type Members = readonly Dataset<unknown>[] | Readonly<Record<string, Dataset<unknown>>>;

/** A sample of each member, by its place or its name. */
type Stacked<M extends Members> = { -readonly [K in keyof M]: SampleOf<M[K]> };

/**
 * Datasets side by side: sample i is the sample i of each (`torch.utils.data.StackDataset`).
 *
 * @example
 * new StackDataset([images, labels]);
 * new StackDataset({ image: images, label: labels });
 */
export class StackDataset<const M extends Members> implements Dataset<Stacked<M>> {
  readonly length: number;

  /** Throws TorchError for no datasets, or such of different lengths. */
  constructor(readonly datasets: M) {
    const members: Dataset<unknown>[] = Object.values(datasets);
    if (members.length === 0) {
      throw new TorchError('At least one dataset should be passed', 'ValueError');
    }
    this.length = members[0]!.length;
    if (members.some(({ length }) => length !== this.length)) {
      throw new TorchError('Size mismatch between datasets', 'ValueError');
    }
  }

  get(index: number): Stacked<M> {
    const { datasets } = this;
    if (Array.isArray(datasets)) {
      return datasets.map((dataset: Dataset<unknown>) => dataset.get(index)) as Stacked<M>;
    }
    const samples = Object.entries(datasets).map(([name, dataset]) => [name, dataset.get(index)]);
    return Object.fromEntries(samples);
  }
}

/** Iterable datasets one behind the other (`torch.utils.data.ChainDataset`). */
export class ChainDataset<Sample> extends IterableDataset<Sample> {
  readonly datasets: Iterable<IterableDataset<Sample>>;
  constructor(...args: Args<'ChainDataset', { datasets: Iterable<IterableDataset<Sample>> }>) {
    super();
    this.datasets = bind<{ datasets: Iterable<IterableDataset<Sample>> }>(
      'ChainDataset',
      args,
    ).datasets;
  }

  /** The sum of the lengths, where all have one. */
  get length(): number {
    return [...this.datasets].reduce((sum, dataset) => sum + lengthOf(dataset), 0);
  }

  *[Symbol.iterator](): Iterator<Sample> {
    for (const dataset of this.datasets) {
      if (!(dataset instanceof IterableDataset)) {
        throw new TorchError('ChainDataset only supports IterableDataset', 'AssertionError');
      }
      yield* dataset;
    }
  }
}

/** The length of an iterable dataset; throws TorchError where it has none. */
export function lengthOf(dataset: object): number {
  const length = (dataset as { length?: number }).length;
  if (typeof length === 'number') return length;
  throw new TorchError(`object of type '${dataset.constructor.name}' has no len()`, 'TypeError');
}

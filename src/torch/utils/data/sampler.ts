import { type Args, type Bound, bind } from '../../arguments';
import { tensor } from '../../creation';
import { TorchError } from '../../errors';
import { empty, multinomial, randint, randperm } from '../../generated/functions';
import { Generator } from '../../random';
import { Tensor } from '../../tensor';

/**
 * The order of a dataset's samples (`torch.utils.data.Sampler`): derive from it, or give any iterable of indices.
 * Where it has a `length`, its DataLoader has one.
 */
export abstract class Sampler<T = number> implements Iterable<T> {
  abstract [Symbol.iterator](): Iterator<T>;
}

/** What has a length: a dataset. */
type Sized = { readonly length: number };

interface SizedNeeded {
  dataSource: Sized;
}

/** The numbers in a tensor, which is disposed of. */
function numbersOf(indices: Tensor): number[] {
  const numbers = indices.toArray() as number[];
  indices.dispose();
  return numbers;
}

function checkCount(name: string, count: number): void {
  if (count > 0 && Number.isInteger(count)) return;
  throw new TorchError(
    `${name} should be a positive integer value, but got ${name}=${count}`,
    'ValueError',
  );
}

/** One after the other (`torch.utils.data.SequentialSampler`). */
export class SequentialSampler extends Sampler {
  readonly dataSource: Sized;

  constructor(...args: Args<'SequentialSampler', SizedNeeded>) {
    super();
    this.dataSource = bind<SizedNeeded>('SequentialSampler', args).dataSource;
  }

  get length(): number {
    return this.dataSource.length;
  }

  *[Symbol.iterator](): Iterator<number> {
    for (let i = 0; i < this.length; i++) yield i;
  }
}

/** A seed drawn from a generator, the default one if none is given. */
export function drawSeed(generator: Generator | null = null): number | bigint {
  const drawn = empty([], { dtype: 'int64' }).random_({ generator });
  const seed: number | bigint = drawn.item();
  drawn.dispose();
  return seed;
}

export interface RandomSamplerOptions {
  /** Draw each sample from all of them, so that one may come twice. */
  replacement?: boolean;
  /** Samples to draw. Default: the dataset's length. */
  numSamples?: number | null;
  /** Where the order is drawn from; by default one that is seeded from the default generator. */
  generator?: Generator | null;
}

/** A new random order at each iteration (`torch.utils.data.RandomSampler`). */
export class RandomSampler extends Sampler {
  readonly dataSource: Sized;
  readonly #options: Required<RandomSamplerOptions>;

  /** Throws TorchError if there is nothing to draw. */
  constructor(...args: Args<'RandomSampler', SizedNeeded, RandomSamplerOptions>) {
    super();
    const { dataSource, ...options } = bind<Bound<SizedNeeded, RandomSamplerOptions>>(
      'RandomSampler',
      args,
    );
    this.dataSource = dataSource;
    this.#options = options;
    checkCount('num_samples', this.length);
  }

  get length(): number {
    return this.#options.numSamples ?? this.dataSource.length;
  }

  *[Symbol.iterator](): Iterator<number> {
    const { replacement } = this.#options;
    const generator = this.#options.generator ?? new Generator().manualSeed(drawSeed());
    const n = this.dataSource.length;
    const chunk = replacement ? 32 : n;
    const draw = (count: number) =>
      numbersOf(
        replacement
          ? randint(n, [count], { dtype: 'int64', generator })
          : randperm(n, { generator }),
      );
    for (let i = 0; i < Math.floor(this.length / chunk); i++) yield* draw(chunk);
    // PyTorch draws for the rest even where nothing is left, which moves the generator on.
    const rest = this.length % chunk;
    yield* draw(rest).slice(0, rest);
  }
}

interface IndicesNeeded {
  indices: readonly number[];
}
interface GeneratorOptions {
  /** Where the order is drawn from; the default generator if absent. */
  generator?: Generator | null;
}

/** The given indices in a random order (`torch.utils.data.SubsetRandomSampler`). */
export class SubsetRandomSampler extends Sampler {
  readonly indices: readonly number[];
  readonly #generator: Generator | null;

  constructor(...args: Args<'SubsetRandomSampler', IndicesNeeded, GeneratorOptions>) {
    super();
    const { indices, generator } = bind<Bound<IndicesNeeded, GeneratorOptions>>(
      'SubsetRandomSampler',
      args,
    );
    this.indices = indices;
    this.#generator = generator;
  }

  get length(): number {
    return this.indices.length;
  }

  *[Symbol.iterator](): Iterator<number> {
    const generator = this.#generator;
    for (const i of numbersOf(randperm(this.length, { generator }))) yield this.indices[i]!;
  }
}

interface WeightsNeeded {
  weights: Tensor | readonly number[];
  numSamples: number;
}
interface WeightedOptions extends GeneratorOptions {
  /** Default true. */
  replacement?: boolean;
}

/** Indices drawn by their weights (`torch.utils.data.WeightedRandomSampler`). */
export class WeightedRandomSampler extends Sampler {
  readonly weights: Tensor;
  readonly length: number;
  readonly #options: Required<WeightedOptions>;

  /** Weights `[N]`, not negative, of any sum; throws TorchError for another shape. */
  constructor(...args: Args<'WeightedRandomSampler', WeightsNeeded, WeightedOptions>) {
    super();
    const { weights, numSamples, ...options } = bind<Bound<WeightsNeeded, WeightedOptions>>(
      'WeightedRandomSampler',
      args,
    );
    this.#options = options;
    checkCount('num_samples', numSamples);
    this.weights =
      weights instanceof Tensor ? weights.type('float64') : tensor(weights, { dtype: 'float64' });
    if (this.weights.ndim !== 1) {
      const [first, ...rest] = this.weights.shape;
      const shape = rest.length ? [first, ...rest].join(', ') : `${first ?? ''}`;
      throw new TorchError(
        `weights should be a 1d sequence but given weights have shape (${shape})`,
        'ValueError',
      );
    }
    this.length = numSamples;
  }

  *[Symbol.iterator](): Iterator<number> {
    const { replacement, generator } = this.#options;
    yield* numbersOf(multinomial(this.weights, this.length, replacement, { generator }));
  }
}

interface BatchNeeded {
  sampler: Iterable<number>;
  batchSize: number;
  dropLast: boolean;
}

/** The indices of a sampler in batches (`torch.utils.data.BatchSampler`). */
export class BatchSampler extends Sampler<number[]> {
  readonly sampler: Iterable<number>;
  readonly batchSize: number;
  readonly dropLast: boolean;

  /** Throws TorchError for a batch size that is no whole number from 1. */
  constructor(...args: Args<'BatchSampler', BatchNeeded>) {
    super();
    const { sampler, batchSize, dropLast } = bind<BatchNeeded>('BatchSampler', args);
    checkCount('batch_size', batchSize);
    this.sampler = sampler;
    this.batchSize = batchSize;
    this.dropLast = dropLast;
  }

  get length(): number {
    const batches = (this.sampler as unknown as Sized).length / this.batchSize;
    return this.dropLast ? Math.floor(batches) : Math.ceil(batches);
  }

  *[Symbol.iterator](): Iterator<number[]> {
    let batch: number[] = [];
    for (const index of this.sampler) {
      batch.push(index);
      if (batch.length < this.batchSize) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0 && !this.dropLast) yield batch;
  }
}

/** `torch.utils.data.distributed`. */
import { type Args, type Bound, bind } from '../../arguments';
import { getRank, getWorldSize } from '../../distributed/process-group';
import { TorchError } from '../../errors';
import { randperm } from '../../generated/functions';
import { Generator } from '../../random';
import { Sampler } from './sampler';

interface Needed {
  dataset: { readonly length: number };
}
export interface DistributedSamplerOptions {
  /** Processes that share the dataset. Default: all of them. */
  numReplicas?: number | null;
  rank?: number | null;
  shuffle?: boolean;
  /** The same in all processes. */
  seed?: number;
  /** Whether the last samples are left out, so that all processes have as many, instead of some coming twice. */
  dropLast?: boolean;
}

/**
 * The part of a dataset that belongs to this process (`torch.utils.data.distributed.DistributedSampler`). Call
 * `setEpoch` before each epoch, for another order.
 */
export class DistributedSampler extends Sampler {
  readonly dataset: { readonly length: number };
  readonly numReplicas: number;
  readonly rank: number;
  readonly numSamples: number;
  readonly totalSize: number;
  readonly #options: Required<DistributedSamplerOptions>;
  #epoch = 0;

  /** Throws TorchError (ValueError) for a rank outside of `[0, numReplicas - 1]`. */
  constructor(...args: Args<'DistributedSampler', Needed, DistributedSamplerOptions>) {
    super();
    const { dataset, ...options } = bind<Bound<Needed, DistributedSamplerOptions>>(
      'DistributedSampler',
      args,
    );
    const numReplicas = options.numReplicas ?? getWorldSize();
    const rank = options.rank ?? getRank();
    if (!(rank < numReplicas && rank >= 0)) {
      throw new TorchError(
        `Invalid rank ${rank}, rank should be in the interval [0, ${numReplicas - 1}]`,
        'ValueError',
      );
    }
    const { length } = dataset;
    const even = options.dropLast && length % numReplicas !== 0;
    this.dataset = dataset;
    this.numReplicas = numReplicas;
    this.rank = rank;
    this.numSamples = Math.ceil((even ? length - numReplicas : length) / numReplicas);
    this.totalSize = this.numSamples * numReplicas;
    this.#options = options;
  }

  get length(): number {
    return this.numSamples;
  }

  setEpoch(epoch: number): void {
    this.#epoch = epoch;
  }

  *[Symbol.iterator](): Iterator<number> {
    const { shuffle, seed, dropLast } = this.#options;
    const { length } = this.dataset;
    const order = shuffle ? this.#shuffled(seed) : Array.from({ length }, (_, i) => i);
    // Those at the beginning come again at the end; or the last are left out.
    const size = dropLast ? Math.min(this.totalSize, length) : this.totalSize;
    for (let i = this.rank; i < size; i += this.numReplicas) yield order[i % length]!;
  }

  #shuffled(seed: number): number[] {
    const generator = new Generator().manualSeed(seed + this.#epoch);
    const drawn = randperm(this.dataset.length, { generator });
    const order = drawn.toArray() as number[];
    drawn.dispose();
    return order;
  }
}

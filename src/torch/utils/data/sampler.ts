import { empty, randperm } from '../../generated/functions';
import { Generator } from '../../random';

/** The order of a dataset's samples: an iterable of indices. */
export type Sampler = Iterable<number> & { readonly length: number };

/** One after the other (`torch.utils.data.SequentialSampler`). */
export class SequentialSampler implements Sampler {
  constructor(readonly length: number) {}

  *[Symbol.iterator](): Iterator<number> {
    for (let i = 0; i < this.length; i++) yield i;
  }
}

/** A seed drawn from a generator, the default one if none is given. */
export function drawSeed(generator?: Generator): number {
  const drawn = empty([], { dtype: 'int64' }).random_({ generator });
  const seed = drawn.item();
  drawn.dispose();
  return seed;
}

/** A new random order at each iteration, that of `torch.utils.data.RandomSampler`. */
export class RandomSampler implements Sampler {
  constructor(
    readonly length: number,
    private readonly generator?: Generator,
  ) {}

  *[Symbol.iterator](): Iterator<number> {
    const generator = this.generator ?? new Generator().manualSeed(drawSeed());
    const order = randperm(this.length, { generator });
    const indices = order.toArray() as number[];
    order.dispose();
    yield* indices;
  }
}

import { type Args, bind } from '../../arguments';
import { TorchError } from '../../errors';
import { randperm } from '../../generated/functions';
import { defaultGenerator, type Generator } from '../../random';
import { Subset } from './combined';
import type { Dataset } from './dataset';

/** Python's `math.isclose(total, 1)`. */
const isOne = (total: number): boolean =>
  Math.abs(total - 1) <= 1e-9 * Math.max(Math.abs(total), 1);

/** The whole numbers that fractions of a length come to; what is left goes round from the first. */
function lengthsOf(fractions: readonly number[], length: number): number[] {
  const lengths = fractions.map((fraction, i) => {
    if (fraction < 0 || fraction > 1) {
      throw new TorchError(`Fraction at index ${i} is not between 0 and 1`, 'ValueError');
    }
    return Math.floor(length * fraction);
  });
  const left = length - lengths.reduce((sum, each) => sum + each, 0);
  for (let i = 0; i < left; i++) lengths[i % lengths.length]!++;
  lengths.forEach((each, i) => {
    if (each === 0) {
      process.emitWarning(
        `Length of split at index ${i} is 0. This might result in an empty dataset.`,
      );
    }
  });
  return lengths;
}

interface SplitNeeded<Sample> {
  dataset: Dataset<Sample>;
  lengths: readonly number[];
}

/**
 * A dataset cut at random into parts of the given lengths, or fractions that sum to 1
 * (`torch.utils.data.random_split`). Throws TorchError if they don't add up.
 */
export function randomSplit<Sample>(
  ...args: Args<'random_split', SplitNeeded<Sample>, { generator?: Generator | null }>
): Subset<Sample>[] {
  const bound = bind<SplitNeeded<Sample> & { generator?: Generator | null }>('random_split', args);
  const { dataset, lengths } = bound;
  const generator = bound.generator ?? defaultGenerator;
  const total = lengths.reduce((sum, each) => sum + each, 0);
  const parts = isOne(total) && total <= 1 ? lengthsOf(lengths, dataset.length) : lengths;
  if (parts.reduce((sum, each) => sum + each, 0) !== dataset.length) {
    throw new TorchError(
      'Sum of input lengths does not equal the length of the input dataset!',
      'ValueError',
    );
  }
  const permutation = randperm(dataset.length, { generator });
  const indices = permutation.toArray() as number[];
  permutation.dispose();
  let start = 0;
  return parts.map((length) => {
    const subset = new Subset(dataset, indices.slice(start, start + length));
    start += length;
    return subset;
  });
}

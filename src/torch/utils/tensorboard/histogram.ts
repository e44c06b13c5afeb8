import { TorchError } from '../../errors';
import { dot } from '../../generated/functions';
import type { Tensor } from '../../tensor';
import { double, message, packedDoubles } from './message';

export interface Histogram {
  readonly min: number;
  readonly max: number;
  readonly num: number;
  readonly sum: number;
  readonly sumSquares: number;
  readonly bucketLimits: ArrayLike<number>;
  readonly bucketCounts: ArrayLike<number>;
}

/** TensorBoard's own limits: from -1e20 to 1e20, each 1.1 times the one before. */
const defaultBins = (): number[] => {
  const limits: number[] = [];
  for (let v = 1e-12; v < 1e20; v *= 1.1) limits.push(v);
  return [...limits.map((limit) => -limit).reverse(), 0, ...limits];
};
let known: number[] | undefined;

/** Limits of as many bins of one size, as NumPy's `linspace` gives them. */
function equalBins(values: Float64Array, count: number): number[] {
  let [first, last] = [values[0]!, values.at(-1)!];
  if (first === last) [first, last] = [first - 0.5, last + 0.5];
  const step = (last - first) / count;
  const limits = Array.from({ length: count + 1 }, (_, i) => i * step + first);
  limits[count] = last;
  return limits;
}

/** How many of the sorted values lie before a limit, or up to it. */
function below(sorted: Float64Array, limit: number, inclusive: boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const value = sorted[middle]!;
    if (value < limit || (inclusive && value === limit)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Counts per bin, `numpy.histogram`: the last bin has its upper limit in it. */
function count(sorted: Float64Array, limits: readonly number[]): number[] {
  const places = limits.map((limit, i) => below(sorted, limit, i === limits.length - 1));
  return places.slice(1).map((place, i) => place - places[i]!);
}

/** Joins neighbouring bins, so that there are about `most`. */
function joined(counts: number[], limits: number[], most: number): [number[], number[]] {
  const size = Math.floor(counts.length / most);
  const fewer: number[] = [];
  for (let i = 0; i < counts.length; i += size) {
    fewer.push(counts.slice(i, i + size).reduce((a, b) => a + b, 0));
  }
  const starts = limits.slice(0, -1).filter((_, i) => i % size === 0);
  return [fewer, [...starts, limits.at(-1)!]];
}

export type Bins = 'tensorflow' | number | readonly number[];

/** The histogram of a tensor's values (`torch.utils.tensorboard.summary.make_histogram`). Throws TorchError for none. */
export function histogramOf(values: Tensor, bins: Bins, maxBins: number | null): Histogram {
  const flat = values.detach().to('float64').reshape(-1);
  if (flat.numel() === 0) throw new TorchError('The input has no element.', 'ValueError');
  if (typeof bins === 'string' && bins !== 'tensorflow') {
    throw new TorchError(
      `NumPy's ways to choose bins are not supported: give 'tensorflow', a number or the limits, not '${bins}'`,
      'NotImplementedError',
    );
  }
  const sorted = (flat.toTypedArray() as Float64Array).sort();
  if (bins === 'tensorflow') known ??= defaultBins();
  let limits =
    bins === 'tensorflow' ? known! : typeof bins === 'number' ? equalBins(sorted, bins) : [...bins];
  let counts = count(sorted, limits);
  if (maxBins !== null && counts.length > maxBins) {
    [counts, limits] = joined(counts, limits, maxBins);
  }
  // Empty bins at both ends go, but for one before the first that isn't.
  const start = counts.findIndex((each) => each > 0);
  const end = counts.findLastIndex((each) => each > 0) + 1;
  if (start < 0)
    throw new TorchError('The histogram is empty, please file a bug report.', 'ValueError');
  return {
    min: Number.isNaN(sorted.at(-1)) ? Number.NaN : sorted[0]!,
    max: sorted.at(-1)!,
    num: sorted.length,
    sum: flat.sum().item(),
    sumSquares: dot(flat, flat).item(),
    bucketLimits: limits.slice(start, end + 1),
    bucketCounts: start > 0 ? counts.slice(start - 1, end) : [0, ...counts.slice(0, end)],
  };
}

/** TensorBoard's message of a histogram. */
export const histogramMessage = (histogram: Histogram): Buffer =>
  message(
    double(1, histogram.min),
    double(2, histogram.max),
    double(3, histogram.num),
    double(4, histogram.sum),
    double(5, histogram.sumSquares),
    packedDoubles(6, histogram.bucketLimits),
    packedDoubles(7, histogram.bucketCounts),
  );

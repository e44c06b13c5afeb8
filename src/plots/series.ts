/** Prepares long series of numbers for drawing. */

/** The mean of each value and its neighbours, `radius` on either side as far as there are any. */
export function smoothed(values: readonly number[], radius: number): number[] {
  const sums = [0];
  for (const value of values) sums.push(sums.at(-1)! + value);
  return values.map((_, i) => {
    const from = Math.max(0, i - radius);
    const to = Math.min(values.length, i + radius + 1);
    return (sums[to]! - sums[from]!) / (to - from);
  });
}

/**
 * Indices of at most about `limit` values that keep a series' outline: the lowest and the highest of
 * each stretch, and both ends.
 */
export function outline(values: readonly number[], limit: number): number[] {
  if (values.length <= limit) return values.map((_, i) => i);
  const stretch = Math.ceil((2 * values.length) / limit);
  const kept = new Set([0, values.length - 1]);
  for (let from = 0; from < values.length; from += stretch) {
    let [low, high] = [from, from];
    for (let i = from; i < Math.min(from + stretch, values.length); i++) {
      if (values[i]! < values[low]!) low = i;
      if (values[i]! > values[high]!) high = i;
    }
    kept.add(low).add(high);
  }
  return [...kept].sort((a, b) => a - b);
}

/** The distance of round ticks, 1, 2 or 5 times a power of ten, of which about `count` span `range`. */
export function tickStep(range: number, count: number): number {
  const rough = range / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((multiple) => multiple * power >= rough * (1 - 1e-9))!;
  return factor * power;
}

import { type NDArray, type Numbers, relativeDifference, sizeOf } from './arrays';
import { initialiserOf } from './draws';
import type { Distribution, StartDifference } from './result';
import { labelOf } from './units';
import type { WeightPair } from './weights';

function distribution(data: Numbers): Distribution {
  let [sum, squares, low, high] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of data) {
    sum += value;
    squares += value * value;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const mean = sum / data.length;
  return {
    mean,
    deviation: Math.sqrt(Math.max(0, squares / data.length - mean * mean)),
    low,
    high,
  };
}

const most = 4096;

/** At most some thousands of the values, evenly picked and sorted. */
function sample(data: Numbers): Float64Array {
  const step = Math.max(1, Math.floor(data.length / most));
  return Float64Array.from(
    { length: Math.floor(data.length / step) },
    (_, i) => data[i * step]!,
  ).sort();
}

/** Whether two samples may be of one distribution, by Kolmogorov and Smirnov at one in a million. */
function alike(a: Float64Array, b: Float64Array): boolean {
  let [i, j, distance] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i]!, b[j]!);
    while (i < a.length && a[i]! <= value) i++;
    while (j < b.length && b[j]! <= value) j++;
    distance = Math.max(distance, Math.abs(i / a.length - j / b.length));
  }
  return distance <= 2.7 * Math.sqrt((a.length + b.length) / (a.length * b.length));
}

const constant = (data: Numbers): boolean => data.every((value) => value === data[0]);

/** How the weights of both are drawn, before anything is copied. */
export function startDifferences(
  weights: readonly WeightPair[],
  left: ReadonlyMap<string, NDArray>,
  right: ReadonlyMap<string, NDArray>,
): StartDifference[] {
  return weights.flatMap(({ pair, role, left: a, right: b }) => {
    const [x, y] = [left.get(`start:${a.name}`), right.get(`start:${b.name}`)];
    if (!x || !y) return [];
    const [first, second] = [a.read(x), b.read(y)];
    const [own, other] = [first.data, second.data];
    const { kernel } = pair.left.slots;
    const into = role === 'bias' && kernel ? sizeOf(kernel.shape.slice(1)) : undefined;
    const units = pair.left.settings.units as number | undefined;
    const [drawn, otherwise] = [first, second].map((array) =>
      initialiserOf(role, array, { into, units }),
    );
    return [
      {
        layer: labelOf(pair.left),
        role,
        left: { ...distribution(own), ...(drawn && { drawn }) },
        right: { ...distribution(other), ...(otherwise && { drawn: otherwise }) },
        same: constant(own) === constant(other) && alike(sample(own), sample(other)),
      },
    ];
  });
}

/** Weights of two files that are not the same, with the difference as a share of the largest element. */
export function savedDifferences(
  weights: readonly WeightPair[],
  left: ReadonlyMap<string, NDArray>,
  right: ReadonlyMap<string, NDArray>,
): [string, number][] {
  return weights.flatMap(({ pair, role, left: a, right: b }): [string, number][] => {
    const [x, y] = [left.get(`start:${a.name}`), right.get(`start:${b.name}`)];
    const difference = x && y ? relativeDifference(a.read(x), b.read(y)) : 0;
    return difference > 1e-6 ? [[`saved weights: ${labelOf(pair.left)} ${role}`, difference]] : [];
  });
}

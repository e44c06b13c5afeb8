import { type NDArray, sizeOf } from './arrays';

/** What an initialiser gives: how it is called in Keras and PyTorch, and how far its draws go or spread. */
interface Draw {
  readonly name: string;
  readonly kind: 'uniform' | 'normal';
  /** The bound of a uniform draw, the deviation of a normal one. */
  readonly size: (into: number, out: number) => number;
}

const usual: Draw = {
  name: 'uniform ±1/√n, PyTorch’s default',
  kind: 'uniform',
  size: (i) => Math.sqrt(1 / i),
};
const kernels: readonly Draw[] = [
  usual,
  { name: 'Glorot uniform', kind: 'uniform', size: (i, o) => Math.sqrt(6 / (i + o)) },
  { name: 'Glorot normal', kind: 'normal', size: (i, o) => Math.sqrt(2 / (i + o)) },
  { name: 'Kaiming uniform', kind: 'uniform', size: (i) => Math.sqrt(6 / i) },
  { name: 'Kaiming normal', kind: 'normal', size: (i) => Math.sqrt(2 / i) },
  { name: 'LeCun uniform', kind: 'uniform', size: (i) => Math.sqrt(3 / i) },
  { name: 'LeCun normal', kind: 'normal', size: (i) => Math.sqrt(1 / i) },
];
const any: readonly Draw[] = [
  { name: 'uniform ±0.05', kind: 'uniform', size: () => 0.05 },
  { name: 'normal of deviation 1', kind: 'normal', size: () => 1 },
  { name: 'normal of deviation 0.05', kind: 'normal', size: () => 0.05 },
  { name: 'normal of deviation 0.02', kind: 'normal', size: () => 0.02 },
  { name: 'normal of deviation 0.01', kind: 'normal', size: () => 0.01 },
];

/** Larger matrices are not looked at for being orthogonal. */
const most = 256;

/** Whether the gates of a recurrent kernel side by side are one orthogonal matrix, as Keras draws them. */
function orthogonalGates({ shape, data }: NDArray): boolean {
  const [rows, n] = shape as [number, number];
  if (n < 2 || n > most || rows < n) return false;
  // Keras' is [n, gates·n] with rows that stand upright on each other: here those are columns.
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      let sum = 0;
      for (let k = 0; k < rows; k++) sum += data[k * n + i]! * data[k * n + j]!;
      if (Math.abs(sum - (i === j ? 1 : 0)) > 1e-4) return false;
    }
  }
  return true;
}

/**
 * The initialiser that drew a weight `[out, in, …]`, by its role and its numbers; undefined where none fits.
 * `into` is how many inputs the layer has that a bias belongs to, `units` the size of a recurrent state.
 */
export function initialiserOf(
  role: string,
  array: NDArray,
  { into, units }: { readonly into?: number; readonly units?: number } = {},
): string | undefined {
  const { shape, data } = array;
  const first = data[0]!;
  if (data.every((value) => value === first)) {
    return first === 0 ? 'zeros' : first === 1 ? 'ones' : `all ${Number(first.toPrecision(4))}`;
  }
  const quarter = data.length / 4;
  const gate = (i: number) => data.subarray(i * quarter, (i + 1) * quarter);
  if (/Bias$/.test(role) && Number.isInteger(quarter)) {
    const zero = [0, 2, 3].every((i) => gate(i).every((value) => value === 0));
    if (zero && gate(1).every((value) => value === 1)) return 'zeros, and one for the forget gate';
  }
  if (/ecurrentKernel$/.test(role) && orthogonalGates(array)) return 'orthogonal';
  // A bias has too few numbers to tell a normal draw by.
  const bias = /ias$/.test(role);
  if (data.length < (bias ? 8 : 24)) return undefined;
  const inside = sizeOf(shape.slice(2));
  const [i, o] = [into ?? (shape[1] ?? 1) * inside, shape[0]! * inside];
  let [largest, squares] = [0, 0];
  for (const value of data) {
    largest = Math.max(largest, Math.abs(value));
    squares += value * value;
  }
  const deviation = Math.sqrt(squares / data.length);
  // Of n uniform draws the largest is about n / (n + 1) of the bound; a deviation wavers by 1 / √(2n).
  const near = 4 / data.length;
  const wavers = 4 / Math.sqrt(2 * data.length);
  const uniform = bias || largest / deviation < 1.9;
  const fits = ({ kind, size }: Draw): boolean => {
    const wanted = size(i, o);
    if ((kind === 'uniform') !== uniform) return false;
    return kind === 'uniform'
      ? largest <= wanted * 1.000001 &&
          largest >= wanted * (1 - 2 * near) &&
          Math.abs(deviation / (wanted / Math.sqrt(3)) - 1) < wavers
      : Math.abs(deviation / wanted - 1) < wavers;
  };
  const cell: Draw = {
    name: 'uniform ±1/√units, PyTorch’s default',
    kind: 'uniform',
    size: () => Math.sqrt(1 / units!),
  };
  const all = bias
    ? [units ? cell : usual]
    : role === 'table'
      ? any
      : units
        ? [cell, ...kernels, ...any]
        : [...kernels, ...any];
  const found = all.filter(fits);
  const [best] = found.sort(
    (a, b) =>
      Math.abs(Math.log(measure(a) / a.size(i, o))) - Math.abs(Math.log(measure(b) / b.size(i, o))),
  );
  function measure({ kind }: Draw): number {
    return kind === 'uniform' ? largest : deviation;
  }
  return best?.name ?? (uniform && !bias ? `uniform ±${largest.toPrecision(2)}` : undefined);
}

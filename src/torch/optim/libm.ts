import { operator } from '../dispatch';
import { native } from '../native';
import { Tensor } from '../tensor';

// Python's `**` and `math.cos` are the C library's; V8's differ from them in the last bit of one
// result in twenty. On a single element PyTorch's operators call the C library as well.
const powOf = operator<(base: Tensor, exponent: Tensor) => Tensor>('pow', ['Tensor_Tensor']);
const polar = operator<(abs: Tensor, angle: Tensor) => Tensor>('polar', ['']);

const xlogy = operator<(x: Tensor, y: Tensor) => Tensor>('xlogy', ['Tensor']);

const double = (value: number) =>
  new Tensor(native.fromBytes(Float64Array.of(value), [], 'float64'));

function called<T>(operation: (a: Tensor, b: Tensor) => Tensor, a: number, b: number): T {
  const [x, y] = [double(a), double(b)];
  const result = operation(x, y);
  const value = native.item(result.handle) as T;
  for (const tensor of [x, y, result]) tensor.dispose();
  return value;
}

/** The latest powers of each base: all parameters of a step ask for the same. */
const known = new Map<number, Map<number, number>>();

/** `base ** exponent` of Python's floats, to the last bit. */
export function pow(base: number, exponent: number): number {
  let powers = known.get(base);
  const remembered = powers?.get(exponent);
  if (remembered !== undefined) return remembered;
  const power = called<number>(powOf, base, exponent);
  if (!powers || powers.size === 8) {
    if (known.size === 64) known.clear();
    powers = new Map();
    known.set(base, powers);
  }
  powers.set(exponent, power);
  return power;
}

/** Python's `math.cos`, to the last bit. */
export const cos = (angle: number): number => called<{ re: number }>(polar, 1, angle).re;

/** Python's `math.log`, to the last bit. */
export const log = (x: number): number => called<number>(xlogy, 1, x);

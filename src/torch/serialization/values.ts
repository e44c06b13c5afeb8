import { inspect } from 'node:util';
import type { Tensor } from '../tensor';
import type { Complex, Device, DType, Layout } from '../types';

/** Python's tuple: an array that is saved as a tuple, where plain arrays are saved as lists. */
export class Tuple<T = unknown> extends Array<T> {
  // What map, filter and the like make is a plain array.
  static override get [Symbol.species]() {
    return Array;
  }
}

/** A tuple of some values: `tuple(0.9, 0.999)`. */
export const tuple = <T>(...items: T[]): Tuple<T> => Tuple.from(items) as Tuple<T>;

/** `torch.Size`: a tuple of sizes. */
export class Size extends Tuple<number> {
  /** The product of the sizes. */
  numel(): number {
    return this.reduce((product, size) => product * size, 1);
  }
  [inspect.custom](): string {
    return `torch.Size([${this.join(', ')}])`;
  }
}

/**
 * A dtype, device or layout that is to be saved as such; TypeScript writes them as strings, which
 * would be saved as strings.
 */
export class Named {
  constructor(
    readonly kind: 'dtype' | 'device' | 'layout' | 'qscheme',
    readonly name: string,
  ) {}
}

/** Has a dtype saved as Python's `torch.dtype`. */
export const dtype = (name: DType): Named => new Named('dtype', name);
/** Has a device saved as Python's `torch.device`. */
export const device = (name: Device): Named => new Named('device', String(name));
/** Has a layout saved as Python's `torch.layout`. */
export const layout = (name: Layout): Named => new Named('layout', name);

/** What `torch.save` takes, at any depth. */
export type Saveable =
  | Tensor
  | null
  | undefined
  | boolean
  | number
  | bigint
  | string
  | Complex
  | { readonly float: number }
  | Uint8Array
  | Named
  | readonly Saveable[]
  | ReadonlySet<Saveable>
  | ReadonlyMap<unknown, unknown>
  | { readonly [name: string]: unknown };

/** PyTorch's storage classes by dtype; the dtypes that came later have none of their own. */
export const storageNames: ReadonlyMap<DType, string> = new Map<DType, string>([
  ['float64', 'DoubleStorage'],
  ['float32', 'FloatStorage'],
  ['float16', 'HalfStorage'],
  ['bfloat16', 'BFloat16Storage'],
  ['int64', 'LongStorage'],
  ['int32', 'IntStorage'],
  ['int16', 'ShortStorage'],
  ['int8', 'CharStorage'],
  ['uint8', 'ByteStorage'],
  ['bool', 'BoolStorage'],
  ['complex128', 'ComplexDoubleStorage'],
  ['complex64', 'ComplexFloatStorage'],
]);

/** The dtypes that are saved on an untyped storage, their name beside it. */
export const laterDTypes: readonly DType[] = [
  'uint16',
  'uint32',
  'uint64',
  'complex32',
  'float8_e4m3fn',
  'float8_e5m2',
  'float8_e4m3fnuz',
  'float8_e5m2fnuz',
  'float8_e8m0fnu',
];

const sizes: Partial<Record<DType, number>> = {
  float64: 8,
  float32: 4,
  int64: 8,
  int32: 4,
  uint32: 4,
  uint64: 8,
  complex32: 4,
  complex64: 8,
  complex128: 16,
  float16: 2,
  bfloat16: 2,
  int16: 2,
  uint16: 2,
  qint32: 4,
};

/** Bytes of an element. */
export const itemSize = (dtype: DType): number => sizes[dtype] ?? 1;

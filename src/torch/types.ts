import type { Device } from './device';
import type { Tensor } from './tensor';

export type { Device, DeviceName, DeviceType } from './device';

/** Element types, by PyTorch's names. */
export type DType =
  | 'float32'
  | 'float64'
  | 'float16'
  | 'bfloat16'
  | 'uint8'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'bool'
  | 'complex32'
  | 'complex64'
  | 'complex128'
  | 'float8_e4m3fn'
  | 'float8_e5m2'
  | 'float8_e4m3fnuz'
  | 'float8_e5m2fnuz'
  | 'float8_e8m0fnu'
  | 'qint8'
  | 'quint8'
  | 'qint32';

export type Layout =
  | 'strided'
  | 'sparse_coo'
  | 'sparse_csr'
  | 'sparse_csc'
  | 'sparse_bsr'
  | 'sparse_bsc'
  | '_mkldnn';

export type MemoryFormat =
  | 'contiguous_format'
  | 'preserve_format'
  | 'channels_last'
  | 'channels_last_3d';

/**
 * A tensor's sizes: an array of numbers, which also takes apart as such under strict settings,
 * `const [batch, length, width] = x.size()`.
 */
export interface Sizes extends Array<number> {
  0: number;
  1: number;
  2: number;
  3: number;
  4: number;
  5: number;
  6: number;
  7: number;
}

/** A whole number; bigint where it exceeds 2^53. */
export type Integer = number | bigint;

/** A complex number. */
export interface Complex {
  readonly re: number;
  readonly im: number;
}

/**
 * A number as an operator's argument. A whole JavaScript number counts as Python's int and any
 * other as its float; `{ float: 2 }` is Python's `2.0`.
 */
export type Scalar = Integer | boolean | Complex | { readonly float: number };

/** Options of the functions that create a tensor. */
export interface TensorOptions {
  dtype?: DType | null;
  layout?: Layout | null;
  device?: Device | null;
  pinMemory?: boolean | null;
  requiresGrad?: boolean;
}

/** Options of which `dim` may be called `axis`, and `keepdim` `keepdims`, as Python allows it for NumPy's sake. */
export type NumpyNames<Options> =
  | Options
  | Renamed<Options, { dim: 'axis'; keepdim: 'keepdims' }>
  | Renamed<Options, { dim: 'axis' }>
  | Renamed<Options, { keepdim: 'keepdims' }>;

type Renamed<Options, Names extends Record<string, string>> = {
  [Name in keyof Options as Name extends keyof Names ? Names[Name] : Name]: Options[Name];
};

/** Where a module's parameters are made, and of which type. */
export interface FactoryOptions {
  device?: Device | null;
  dtype?: DType | null;
}

/** A JavaScript array of any depth, as `torch.tensor` takes it. */
export type Nested<T> = T | readonly Nested<T>[];

/**
 * One index in `x.index(…)`: a whole number, a boolean, null for a new dimension, a slice, the ellipsis,
 * a tensor or list of indices, a mask, or a text with what Python writes between brackets, `'1:3, ..., None'`.
 */
export type Index =
  | Integer
  | string
  | boolean
  | null
  | Slice
  | typeof ellipsis
  | Tensor
  | readonly Nested<Integer | boolean>[];

/** Stands for as many full slices as are needed, Python's `...`. */
export const ellipsis: unique symbol = Symbol('ellipsis');

/** Python's `start:stop:step`. */
export class Slice {
  constructor(
    readonly start: Integer | null = null,
    readonly stop: Integer | null = null,
    readonly step: Integer | null = null,
  ) {}
}

/**
 * A slice of one dimension: `slice(3)` is `:3`, `slice(1, 3)` is `1:3`, `slice(null, null, 2)` is
 * `::2`, `slice()` is `:`.
 */
export function slice(stop?: Integer | null): Slice;
export function slice(start: Integer | null, stop: Integer | null, step?: Integer | null): Slice;
export function slice(...bounds: (Integer | null | undefined)[]): Slice {
  if (bounds.length <= 1) return new Slice(null, bounds[0] ?? null);
  return new Slice(bounds[0] ?? null, bounds[1] ?? null, bounds[2] ?? null);
}

import { TorchError } from './errors';
import type { DType } from './types';

/** What a floating dtype can hold (`torch.finfo`). */
export interface FloatInfo {
  readonly dtype: DType;
  readonly bits: number;
  /** The distance from 1 to the next larger number. */
  readonly eps: number;
  readonly max: number;
  readonly min: number;
  /** The least positive number of full precision. */
  readonly tiny: number;
  readonly smallestNormal: number;
  /** A decimal step that the precision holds. */
  readonly resolution: number;
}

/** What a whole dtype can hold (`torch.iinfo`); bounds beyond 2^53 are bigints. */
export interface IntegerInfo {
  readonly dtype: DType;
  readonly bits: number;
  readonly min: number | bigint;
  readonly max: number | bigint;
}

/** Bits of the exponent and of the fraction. */
const formats: Partial<Record<DType, readonly [exponent: number, fraction: number]>> = {
  float64: [11, 52],
  float32: [8, 23],
  float16: [5, 10],
  bfloat16: [8, 7],
};

/** What a floating dtype, or the parts of a complex one, can hold (`torch.finfo`). Throws TorchError for others. */
export function finfo(dtype: DType = 'float32'): FloatInfo {
  const parts: Partial<Record<DType, DType>> = {
    complex32: 'float16',
    complex64: 'float32',
    complex128: 'float64',
  };
  const own = parts[dtype] ?? dtype;
  const format = formats[own];
  if (!format) {
    throw new TorchError(
      `torch.finfo() requires a floating point input type. Use torch.iinfo to handle '${dtype}'`,
      'TypeError',
      'finfo',
    );
  }
  const [exponent, fraction] = format;
  const top = 2 ** (exponent - 1) - 1;
  const max = (2 - 2 ** -fraction) * 2 ** top;
  const tiny = 2 ** (1 - top);
  const resolution = Number(`1e-${Math.floor(fraction * Math.log10(2))}`);
  const eps = 2 ** -fraction;
  return {
    dtype: own,
    bits: 1 + exponent + fraction,
    eps,
    max,
    min: -max,
    tiny,
    smallestNormal: tiny,
    resolution,
  };
}

/** What a whole dtype can hold (`torch.iinfo`). Throws TorchError for others. */
export function iinfo(dtype: DType): IntegerInfo {
  const match = /^(u?)int(8|16|32|64)$/.exec(dtype);
  if (!match) {
    throw new TorchError(
      `torch.iinfo() requires an integer input type. Use torch.finfo to handle '${dtype}'`,
      'TypeError',
      'iinfo',
    );
  }
  const bits = Number(match[2]);
  const [least, most] = match[1]
    ? [0n, 2n ** BigInt(bits) - 1n]
    : [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n];
  const [min, max] = [least, most].map((bound) =>
    bits === 64 && bound !== 0n ? bound : Number(bound),
  );
  return { dtype, bits, min: min!, max: max! };
}

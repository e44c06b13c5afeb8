/** One number for every spatial dimension, or one for each. */
export type Size<N extends number> =
  | number
  | (N extends 1
      ? readonly [number]
      : N extends 2
        ? readonly [number, number]
        : N extends 3
          ? readonly [number, number, number]
          : readonly number[]);

/** A size written out for each of `n` dimensions. */
export const expand = (size: number | readonly number[], n: number): number[] =>
  typeof size === 'number' ? new Array<number>(n).fill(size) : [...size];

/** Python's way to write a tuple. */
export const tuple = (size: readonly (number | string)[]): string =>
  size.length === 1 ? `(${size[0]},)` : `(${size.join(', ')})`;

/** Python's way to write a size: a number as it was given, a list as a tuple. */
export const sizeText = (size: number | readonly number[]): string =>
  typeof size === 'number' ? String(size) : tuple(size);

import type { Tensor } from '../tensor';

/** Height and width of images `[…, H, W]`. */
export function sizeOf(images: Tensor): [number, number] {
  const shape = images.shape;
  return [shape.at(-2)!, shape.at(-1)!];
}

/** One number for both directions. */
export const pair = (size: number | readonly [number, number]): [number, number] =>
  typeof size === 'number' ? [size, size] : [...size];

/** Python's `round`: halves go to the even number. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

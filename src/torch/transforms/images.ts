import { TorchError } from '../errors';
import type { Tensor } from '../tensor';

/** Refuses settings of torchvision's that these transforms don't have. */
export function only(
  name: string,
  settings: Record<string, [given: unknown, only: unknown]>,
): void {
  for (const [setting, [given, possible]] of Object.entries(settings)) {
    if (given === possible) continue;
    throw new TorchError(
      `transforms.${name}: ${setting} is always ${String(possible)} here, not ${String(given)}`,
      'NotImplementedError',
    );
  }
}

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

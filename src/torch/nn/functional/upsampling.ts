/** Deprecated names of Python's. */

import { named } from '../../arguments';
import type { Tensor } from '../../tensor';
import { type InterpolationMode, interpolate } from './interpolation';
import { warn } from './warning';

type Size = number | readonly number[] | null;

const deprecated = (op: string): void =>
  warn(`\`nn.functional.${op}\` is deprecated. Use \`nn.functional.interpolate\` instead.`);

/** @deprecated Use `interpolate` (`torch.nn.functional.upsample`). */
export const upsample = named<
  'upsample',
  { input: Tensor },
  { size?: Size; scaleFactor?: Size; mode?: InterpolationMode; alignCorners?: boolean | null }
>(
  'upsample',
  (
    input: Tensor,
    size: Size,
    scaleFactor: Size,
    mode: InterpolationMode,
    alignCorners: boolean | null,
  ) => {
    deprecated('upsample');
    return interpolate(input, { size, scaleFactor, mode, alignCorners });
  },
);
/** @deprecated Use `interpolate` (`torch.nn.functional.upsample_nearest`). */
export const upsampleNearest = named<
  'upsample_nearest',
  { input: Tensor },
  { size?: Size; scaleFactor?: Size }
>('upsample_nearest', (input: Tensor, size: Size, scaleFactor: Size) => {
  deprecated('upsample_nearest');
  return interpolate(input, { size, scaleFactor });
});
/** @deprecated Use `interpolate` with `alignCorners` (`torch.nn.functional.upsample_bilinear`). */
export const upsampleBilinear = named<
  'upsample_bilinear',
  { input: Tensor },
  { size?: Size; scaleFactor?: Size }
>('upsample_bilinear', (input: Tensor, size: Size, scaleFactor: Size) => {
  deprecated('upsample_bilinear');
  return interpolate(input, { size, scaleFactor, mode: 'bilinear', alignCorners: true });
});

/** What Python has under older names. */
import type { Tensor } from '../../tensor';
import { type InterpolationMode, interpolate } from './interpolation';
import { named } from './named';
import { warn } from './warning';

type Size = number | readonly number[] | null;

interface Upsample {
  (input: Tensor, size?: Size, scaleFactor?: Size): Tensor;
  (input: Tensor, options: { size?: Size; scaleFactor?: Size }): Tensor;
}

const deprecated = (op: string): void =>
  warn(`\`nn.functional.${op}\` is deprecated. Use \`nn.functional.interpolate\` instead.`);

/** @deprecated Use `interpolate` (`torch.nn.functional.upsample`). */
export const upsample = named<typeof interpolate>(
  'upsample',
  ['input', 'size', 'scaleFactor', 'mode', 'alignCorners'],
  (
    input: Tensor,
    size: Size = null,
    scaleFactor: Size = null,
    mode: InterpolationMode = 'nearest',
    alignCorners: boolean | null = null,
  ) => {
    deprecated('upsample');
    return interpolate(input, { size, scaleFactor, mode, alignCorners });
  },
);
/** @deprecated Use `interpolate` (`torch.nn.functional.upsample_nearest`). */
export const upsampleNearest = named<Upsample>(
  'upsample_nearest',
  ['input', 'size', 'scaleFactor'],
  (input: Tensor, size: Size = null, scaleFactor: Size = null) => {
    deprecated('upsample_nearest');
    return interpolate(input, { size, scaleFactor });
  },
);
/** @deprecated Use `interpolate` with `alignCorners` (`torch.nn.functional.upsample_bilinear`). */
export const upsampleBilinear = named<Upsample>(
  'upsample_bilinear',
  ['input', 'size', 'scaleFactor'],
  (input: Tensor, size: Size = null, scaleFactor: Size = null) => {
    deprecated('upsample_bilinear');
    return interpolate(input, { size, scaleFactor, mode: 'bilinear', alignCorners: true });
  },
);

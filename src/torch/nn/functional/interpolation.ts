/** Resizing by interpolation. */

import { named } from '../../arguments';
import { operator } from '../../dispatch';
import { TorchError } from '../../errors';
import { adaptiveAvgPool1d } from '../../generated/functions';
import * as n from '../../generated/nn';
import type { Tensor } from '../../tensor';

export type InterpolationMode =
  | 'nearest'
  | 'nearest-exact'
  | 'area'
  | 'linear'
  | 'bilinear'
  | 'trilinear'
  | 'bicubic'
  | 'lanczos';

type Exact = (
  input: Tensor,
  size: readonly number[] | null,
  scales: readonly number[] | null,
) => Tensor;
type Smooth = (
  input: Tensor,
  size: readonly number[] | null,
  alignCorners: boolean,
  scales: readonly number[] | null,
) => Tensor;

/** Operators by mode and by the input's dimensions. */
const exact: Record<string, Record<number, Exact>> = {
  nearest: { 3: n.upsampleNearest1d, 4: n.upsampleNearest2d, 5: n.upsampleNearest3d },
  'nearest-exact': {
    3: operator('_upsample_nearest_exact1d', ['vec']),
    4: operator('_upsample_nearest_exact2d', ['vec']),
    5: operator('_upsample_nearest_exact3d', ['vec']),
  },
  area: {
    3: (input, size) => adaptiveAvgPool1d(input, size!),
    4: (input, size) => n.adaptiveAvgPool2d(input, size!),
    5: (input, size) => n.adaptiveAvgPool3d(input, size!),
  },
};
const smooth: Record<string, Record<number, Smooth>> = {
  linear: { 3: n.upsampleLinear1d },
  bilinear: { 4: n.upsampleBilinear2d },
  trilinear: { 5: n.upsampleTrilinear3d },
  bicubic: { 4: n.upsampleBicubic2d },
};
const antialiased: Record<string, Smooth> = {
  bilinear: operator('_upsample_bilinear2d_aa', ['vec']),
  bicubic: operator('_upsample_bicubic2d_aa', ['vec']),
  lanczos: operator('_upsample_lanczos2d_aa', ['vec']),
};
/** The dimensions that a mode needs, for the messages. */
const needed: Record<string, number> = { linear: 3, bilinear: 4, trilinear: 5 };

export interface InterpolateOptions {
  /** The output's spatial size; this or `scaleFactor`. */
  size?: number | readonly number[] | null;
  scaleFactor?: number | readonly number[] | null;
  /** Default nearest. */
  mode?: InterpolationMode;
  /** Whether the corner pixels keep their values, in the linear and cubic modes. */
  alignCorners?: boolean | null;
  /** Compute the scale again from the rounded size. */
  recomputeScaleFactor?: boolean | null;
  /** Average where the output is smaller, in modes bilinear, bicubic and lanczos. */
  antialias?: boolean;
}

/**
 * The input in another size (`torch.nn.functional.interpolate`): `[N, C, L]`, `[N, C, H, W]` or
 * `[N, C, D, H, W]`.
 */
export const interpolate = named<'interpolate', { input: Tensor }, InterpolateOptions>(
  'interpolate',
  (
    input: Tensor,
    size: number | readonly number[] | null,
    scaleFactor: number | readonly number[] | null,
    mode: InterpolationMode,
    alignCorners: boolean | null,
    recomputeScaleFactor: boolean | null,
    antialias: boolean,
  ) => {
    if (mode in exact && alignCorners !== null) {
      throw fail(
        'align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | trilinear',
      );
    }
    if (size !== null && scaleFactor !== null) {
      throw fail('only one of size or scale_factor should be defined');
    }
    let [sizes, scales] = [forEach(input, size, 'size'), forEach(input, scaleFactor, 'scale')];
    if (!sizes && !scales) throw fail('either size or scale_factor should be defined');
    if (recomputeScaleFactor && sizes) {
      throw fail('recompute_scale_factor is not meaningful with an explicit size.');
    }
    if (scales && (recomputeScaleFactor || mode === 'area')) {
      sizes = scales.map((scale, i) => Math.trunc(input.shape[i + 2]! * scale));
      scales = null;
    }
    if (antialias && !(mode in antialiased && input.ndim === 4)) {
      throw fail(
        'Anti-alias option is restricted to bilinear, bicubic, and lanczos modes and requires a 4-D tensor as input',
      );
    }
    const plain = exact[mode]?.[input.ndim];
    if (plain) return plain(input, sizes, scales);
    if (mode === 'lanczos' && input.ndim === 4) {
      if (alignCorners) throw fail('Lanczos mode does not support align_corners=True');
      if (!antialias) throw fail('Lanczos mode requires antialias=True');
    }
    const run = antialias ? antialiased[mode] : smooth[mode]?.[input.ndim];
    if (!run) throw unsupported(input.ndim, mode);
    return run(input, sizes, alignCorners ?? false, scales);
  },
);

const fail = (message: string, code = 'ValueError') => new TorchError(message, code, 'interpolate');

function unsupported(ndim: number, mode: InterpolationMode): TorchError {
  const wanted = needed[mode];
  if (wanted && ndim >= 3 && ndim <= 5) {
    return fail(
      `Got ${ndim}D input, but ${mode} mode needs ${wanted}D input`,
      'NotImplementedError',
    );
  }
  return fail(
    `Input Error: Only 3D, 4D and 5D input Tensors supported (got ${ndim}D) for the modes: nearest | linear | bilinear | bicubic | trilinear | lanczos | area | nearest-exact (got ${mode})`,
    'NotImplementedError',
  );
}

/** A size or scale written out for each spatial dimension. */
function forEach(
  input: Tensor,
  given: number | readonly number[] | null,
  what: 'size' | 'scale',
): readonly number[] | null {
  if (given === null) return null;
  const dims = input.ndim - 2;
  if (typeof given === 'number') return new Array<number>(dims).fill(given);
  if (given.length === dims) return given;
  const [name, of, letter] =
    what === 'size'
      ? ['Input and output', 'output size of', 'output size in (o1, o2, ...,oK)']
      : ['Input and scale_factor', 'scale_factor of shape', 'scale_factor in (s1, s2, ...,sK)'];
  throw fail(
    `${name} must have the same number of spatial dimensions, but got input with spatial ` +
      `dimensions of [${input.shape.slice(2).join(', ')}] and ${of} [${given.join(', ')}]. ` +
      `Please provide input tensor in (N, C, d1, d2, ...,dK) format and ${letter} format.`,
  );
}

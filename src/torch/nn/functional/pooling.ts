/** Poolings: each output is made of a window of the input. */
import { TorchError } from '../../errors';
import * as f from '../../generated/functions';
import * as n from '../../generated/nn';
import type { Tensor } from '../../tensor';
import type { Size } from '../sizes';
import { expand } from '../sizes';
import { named } from './named';

export { adaptiveAvgPool1d, avgPool1d } from '../../generated/functions';
export { avgPool2d, avgPool3d } from '../../generated/nn';

export interface MaxPoolSettings<N extends number> {
  /** Default: the window's size. */
  stride?: Size<N> | null;
  padding?: Size<N>;
  dilation?: Size<N>;
  /** Rounds the output's size up. */
  ceilMode?: boolean;
}

/** A function that also gives where it found its values, when asked with `returnIndices`. */
interface MaxPool<N extends number> {
  (
    input: Tensor,
    kernelSize: Size<N>,
    options: MaxPoolSettings<N> & { returnIndices: true },
  ): [Tensor, Tensor];
  (
    input: Tensor,
    kernelSize: Size<N>,
    options?: MaxPoolSettings<N> & { returnIndices?: false },
  ): Tensor;
  (
    input: Tensor,
    kernelSize: Size<N>,
    stride: Size<N> | null,
    padding?: Size<N>,
    dilation?: Size<N>,
    ceilMode?: boolean,
  ): Tensor;
  (
    input: Tensor,
    kernelSize: Size<N>,
    stride: Size<N> | null,
    options: Omit<MaxPoolSettings<N>, 'stride'>,
  ): Tensor;
}

function maxPool<N extends number>(
  op: string,
  run: typeof f.maxPool2d,
  runWithIndices: typeof n.maxPool2dWithIndices,
): MaxPool<N> {
  return named<MaxPool<N>>(
    op,
    ['input', 'kernelSize', 'stride', 'padding', 'dilation', 'ceilMode', 'returnIndices'],
    (
      input: Tensor,
      kernelSize: Size<N>,
      stride: Size<N> | null = null,
      padding: Size<N> = 0,
      dilation: Size<N> = 1,
      ceilMode = false,
      returnIndices = false,
    ) =>
      (returnIndices ? runWithIndices : run)(
        input,
        kernelSize,
        stride ?? [],
        padding,
        dilation,
        ceilMode,
      ),
  );
}

/** The largest of each window of `[N, C, L]` (`torch.nn.functional.max_pool1d`). */
export const maxPool1d = maxPool<1>('max_pool1d', f.maxPool1d, f.maxPool1dWithIndices);
/** The largest of each window of `[N, C, H, W]` (`torch.nn.functional.max_pool2d`). */
export const maxPool2d = maxPool<2>('max_pool2d', f.maxPool2d, n.maxPool2dWithIndices);
/** The largest of each window of `[N, C, D, H, W]` (`torch.nn.functional.max_pool3d`). */
export const maxPool3d = maxPool<3>('max_pool3d', f.maxPool3d, n.maxPool3dWithIndices);

export const maxPool1dWithIndices = f.maxPool1dWithIndices;
export const maxPool2dWithIndices = n.maxPool2dWithIndices;
export const maxPool3dWithIndices = n.maxPool3dWithIndices;
export const adaptiveMaxPool1dWithIndices = f.adaptiveMaxPool1d;
export const adaptiveMaxPool2dWithIndices = n.adaptiveMaxPool2d;
export const adaptiveMaxPool3dWithIndices = n.adaptiveMaxPool3d;

/** The output's size; null for a dimension keeps the input's. */
export type OutputSize<N extends number> =
  | Size<N>
  | (N extends 2
      ? readonly [number | null, number | null]
      : readonly [number | null, number | null, number | null]);

/** The output's size with the input's where it says null. */
function sizeOr(size: OutputSize<2> | OutputSize<3>, input: Tensor): number | number[] {
  if (typeof size === 'number') return size;
  if (input.ndim <= size.length) {
    throw new TorchError(`Input dimension should be at least ${size.length + 1}`, 'ValueError');
  }
  const own = input.shape.slice(-size.length);
  return size.map((value, i) => value ?? own[i]!);
}

interface AdaptivePool<N extends number> {
  (input: Tensor, outputSize: OutputSize<N>): Tensor;
  (input: Tensor, options: { outputSize: OutputSize<N> }): Tensor;
}
interface AdaptiveMaxPool<Output> {
  (input: Tensor, outputSize: Output, options: { returnIndices: true }): [Tensor, Tensor];
  (input: Tensor, outputSize: Output, options?: { returnIndices?: false }): Tensor;
}

/** The mean of windows that give the output's size (`torch.nn.functional.adaptive_avg_pool2d`). */
export const adaptiveAvgPool2d = named<AdaptivePool<2>>(
  'adaptive_avg_pool2d',
  ['input', 'outputSize'],
  (input: Tensor, size: OutputSize<2>) => n.adaptiveAvgPool2d(input, sizeOr(size, input)),
);
/** The mean of windows that give the output's size (`torch.nn.functional.adaptive_avg_pool3d`). */
export const adaptiveAvgPool3d = named<AdaptivePool<3>>(
  'adaptive_avg_pool3d',
  ['input', 'outputSize'],
  (input: Tensor, size: OutputSize<3>) => n.adaptiveAvgPool3d(input, sizeOr(size, input)),
);

/** The largest of windows that give the output's size (`torch.nn.functional.adaptive_max_pool1d`). */
export const adaptiveMaxPool1d = named<AdaptiveMaxPool<Size<1>>>(
  'adaptive_max_pool1d',
  ['input', 'outputSize', 'returnIndices'],
  (input: Tensor, size: Size<1>, returnIndices = false) => {
    const results = f.adaptiveMaxPool1d(input, size);
    return returnIndices ? results : results[0];
  },
);
/** The largest of windows that give the output's size (`torch.nn.functional.adaptive_max_pool2d`). */
export const adaptiveMaxPool2d = named<AdaptiveMaxPool<OutputSize<2>>>(
  'adaptive_max_pool2d',
  ['input', 'outputSize', 'returnIndices'],
  (input: Tensor, size: OutputSize<2>, returnIndices = false) => {
    const results = n.adaptiveMaxPool2d(input, sizeOr(size, input));
    return returnIndices ? results : results[0];
  },
);
/** The largest of windows that give the output's size (`torch.nn.functional.adaptive_max_pool3d`). */
export const adaptiveMaxPool3d = named<AdaptiveMaxPool<OutputSize<3>>>(
  'adaptive_max_pool3d',
  ['input', 'outputSize', 'returnIndices'],
  (input: Tensor, size: OutputSize<3>, returnIndices = false) => {
    const results = n.adaptiveMaxPool3d(input, sizeOr(size, input));
    return returnIndices ? results : results[0];
  },
);

interface LpPool<N extends number> {
  (
    input: Tensor,
    normType: number | { float: number },
    kernelSize: Size<N>,
    stride?: Size<N> | null,
    ceilMode?: boolean,
  ): Tensor;
  (
    input: Tensor,
    normType: number | { float: number },
    kernelSize: Size<N>,
    options: { stride?: Size<N> | null; ceilMode?: boolean },
  ): Tensor;
}

function lpPool<N extends 1 | 2 | 3>(
  op: string,
  dims: N,
  max: MaxPool<N>,
  average: typeof n.avgPool2d,
): LpPool<N> {
  return named<LpPool<N>>(
    op,
    ['input', 'normType', 'kernelSize', 'stride', 'ceilMode'],
    (
      input: Tensor,
      normType: number | { float: number },
      kernelSize: Size<N>,
      stride: Size<N> | null = null,
      ceilMode = false,
    ) => {
      const power = typeof normType === 'object' ? normType.float : normType;
      if (power === Infinity) return max(input.abs(), kernelSize, stride, 0, 1, ceilMode);
      if (power === -Infinity) {
        return max(input.abs().neg(), kernelSize, stride, 0, 1, ceilMode).neg();
      }
      const mean = average(input.pow(normType), kernelSize, stride ?? [], 0, ceilMode);
      const count = expand(kernelSize, dims).reduce((product, size) => product * size, 1);
      return mean
        .sign()
        .mul(mean.abs().relu())
        .mul(count)
        .pow({ float: 1 / power });
    },
  );
}

/** The power mean of each window of `[N, C, L]`, without its division (`torch.nn.functional.lp_pool1d`). */
export const lpPool1d = lpPool<1>('lp_pool1d', 1, maxPool1d, f.avgPool1d as typeof n.avgPool2d);
/** The same over `[N, C, H, W]` (`torch.nn.functional.lp_pool2d`). */
export const lpPool2d = lpPool<2>('lp_pool2d', 2, maxPool2d, n.avgPool2d);
/** The same over `[N, C, D, H, W]` (`torch.nn.functional.lp_pool3d`). */
export const lpPool3d = lpPool<3>('lp_pool3d', 3, maxPool3d, n.avgPool3d);

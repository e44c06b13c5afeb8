/** Poolings: each output is computed from a window of the input. */

import { type Args, type Callable, type Callee, named } from '../../arguments';
import { TorchError } from '../../errors';
import * as f from '../../generated/functions';
import * as n from '../../generated/nn';
import type { Tensor } from '../../tensor';
import type { Size } from '../sizes';
import { expand } from '../sizes';

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
  (...args: Args<'max_pool2d', Windowed<N>, Asked<MaxPoolSettings<N>, false>>): Tensor;
  (...args: Args<'max_pool2d', Windowed<N>, Asked<MaxPoolSettings<N>, true>>): [Tensor, Tensor];
}

interface Windowed<N extends number> {
  input: Tensor;
  kernelSize: Size<N>;
}
/** Options that say whether to give indices as well. */
type Asked<Options, Indices extends boolean> = Options &
  (Indices extends true ? { returnIndices: true } : { returnIndices?: false });

function maxPool<N extends number>(
  op: Callee,
  run: typeof f.maxPool2d,
  runWithIndices: typeof n.maxPool2dWithIndices,
): MaxPool<N> {
  return named<MaxPool<N>>(
    op,
    (
      input: Tensor,
      kernelSize: Size<N>,
      stride: Size<N> | null,
      padding: Size<N>,
      dilation: Size<N>,
      ceilMode: boolean,
      returnIndices: boolean,
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

type WithIndices<Name extends Callee, Needed, Options = unknown> = Callable<
  Name,
  Needed,
  Options & { returnIndices?: boolean },
  [Tensor, Tensor]
>;

const maxPoolWithIndices = <N extends number>(op: Callee, pool: MaxPool<N>) =>
  named<WithIndices<'max_pool2d', Windowed<N>, MaxPoolSettings<N>>>(
    op,
    (
      input: Tensor,
      kernelSize: Size<N>,
      stride: Size<N> | null,
      padding: Size<N>,
      dilation: Size<N>,
      ceilMode: boolean,
    ) => pool(input, kernelSize, stride, padding, dilation, ceilMode, true),
  );

/** `[values, indices]` of `maxPool1d`, and so on (`torch.nn.functional.max_pool1d_with_indices`). */
export const maxPool1dWithIndices = maxPoolWithIndices('max_pool1d_with_indices', maxPool1d);
export const maxPool2dWithIndices = maxPoolWithIndices('max_pool2d_with_indices', maxPool2d);
export const maxPool3dWithIndices = maxPoolWithIndices('max_pool3d_with_indices', maxPool3d);

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

interface AdaptiveMaxPool<Output> {
  (...args: Args<'adaptive_max_pool2d', Sized<Output>, Asked<unknown, false>>): Tensor;
  (...args: Args<'adaptive_max_pool2d', Sized<Output>, Asked<unknown, true>>): [Tensor, Tensor];
}
interface Sized<Output> {
  input: Tensor;
  outputSize: Output;
}

/** The mean of windows that give the output's size (`torch.nn.functional.adaptive_avg_pool2d`). */
export const adaptiveAvgPool2d = named<'adaptive_avg_pool2d', Sized<OutputSize<2>>>(
  'adaptive_avg_pool2d',
  (input: Tensor, size: OutputSize<2>) => n.adaptiveAvgPool2d(input, sizeOr(size, input)),
);
/** The mean of windows that give the output's size (`torch.nn.functional.adaptive_avg_pool3d`). */
export const adaptiveAvgPool3d = named<'adaptive_avg_pool3d', Sized<OutputSize<3>>>(
  'adaptive_avg_pool3d',
  (input: Tensor, size: OutputSize<3>) => n.adaptiveAvgPool3d(input, sizeOr(size, input)),
);

/** The largest of windows that give the output's size (`torch.nn.functional.adaptive_max_pool1d`). */
export const adaptiveMaxPool1d = named<AdaptiveMaxPool<Size<1>>>(
  'adaptive_max_pool1d',
  (input: Tensor, size: Size<1>, returnIndices: boolean) => {
    const results = f.adaptiveMaxPool1d(input, size);
    return returnIndices ? results : results[0];
  },
);
/** The largest of windows that give the output's size (`torch.nn.functional.adaptive_max_pool2d`). */
export const adaptiveMaxPool2d = named<AdaptiveMaxPool<OutputSize<2>>>(
  'adaptive_max_pool2d',
  (input: Tensor, size: OutputSize<2>, returnIndices: boolean) => {
    const results = n.adaptiveMaxPool2d(input, sizeOr(size, input));
    return returnIndices ? results : results[0];
  },
);
/** The largest of windows that give the output's size (`torch.nn.functional.adaptive_max_pool3d`). */
export const adaptiveMaxPool3d = named<AdaptiveMaxPool<OutputSize<3>>>(
  'adaptive_max_pool3d',
  (input: Tensor, size: OutputSize<3>, returnIndices: boolean) => {
    const results = n.adaptiveMaxPool3d(input, sizeOr(size, input));
    return returnIndices ? results : results[0];
  },
);

const adaptiveWithIndices = <Output>(op: Callee, pool: AdaptiveMaxPool<Output>) =>
  named<WithIndices<'adaptive_max_pool2d', Sized<Output>>>(
    op,
    (input: Tensor, outputSize: Output) => pool(input, outputSize, true),
  );

/** `[values, indices]` of `adaptiveMaxPool1d`, and so on. */
export const adaptiveMaxPool1dWithIndices = adaptiveWithIndices(
  'adaptive_max_pool1d_with_indices',
  adaptiveMaxPool1d,
);
export const adaptiveMaxPool2dWithIndices = adaptiveWithIndices(
  'adaptive_max_pool2d_with_indices',
  adaptiveMaxPool2d,
);
export const adaptiveMaxPool3dWithIndices = adaptiveWithIndices(
  'adaptive_max_pool3d_with_indices',
  adaptiveMaxPool3d,
);

interface LpPoolNeeded<N extends number> extends Windowed<N> {
  normType: number | { float: number };
}
interface LpPoolOptions<N extends number> {
  /** Default: the window's size. */
  stride?: Size<N> | null;
  /** Rounds the output's size up. */
  ceilMode?: boolean;
}
type LpPool<N extends number> = Callable<'lp_pool2d', LpPoolNeeded<N>, LpPoolOptions<N>>;

function lpPool<N extends 1 | 2 | 3>(
  op: Callee,
  dims: N,
  max: MaxPool<N>,
  average: typeof n.avgPool2d,
): LpPool<N> {
  return named<LpPool<N>>(
    op,
    (
      input: Tensor,
      normType: number | { float: number },
      kernelSize: Size<N>,
      stride: Size<N> | null,
      ceilMode: boolean,
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

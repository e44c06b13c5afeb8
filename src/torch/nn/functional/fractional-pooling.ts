/** Max poolings whose windows are drawn at random (Graham 2015). */

import { type Args, type Callable, type Callee, named } from '../../arguments';
import { TorchError } from '../../errors';
import { rand } from '../../generated/functions';
import * as n from '../../generated/nn';
import type { Tensor } from '../../tensor';
import { expand, type Size } from '../sizes';

/** One of `outputSize` and `outputRatio` is needed. */
export interface FractionalPoolOptions<N extends number> {
  outputSize?: Size<N> | null;
  /** Share of the input's size, between 0 and 1. */
  outputRatio?: Size<N> | null;
  /** Where the windows start, `[N, C, dimensions]` in `[0, 1)`; drawn unless given. */
  _randomSamples?: Tensor | null;
}

interface Windowed<N extends number> {
  input: Tensor;
  kernelSize: Size<N>;
}
interface FractionalPool<N extends number> {
  (
    ...args: Args<
      'fractional_max_pool2d',
      Windowed<N>,
      FractionalPoolOptions<N> & { returnIndices?: false }
    >
  ): Tensor;
  (
    ...args: Args<
      'fractional_max_pool2d',
      Windowed<N>,
      FractionalPoolOptions<N> & { returnIndices: true }
    >
  ): [Tensor, Tensor];
}

function fractionalMaxPool<N extends 2 | 3>(
  dims: N,
  run: typeof n.fractionalMaxPool2d,
): FractionalPool<N> {
  const op = `fractional_max_pool${dims}d` as const;
  return named<FractionalPool<N>>(
    op,
    (
      input: Tensor,
      kernelSize: Size<N>,
      outputSize: Size<N> | null,
      outputRatio: Size<N> | null,
      returnIndices: boolean,
      randomSamples: Tensor | null,
    ) => {
      if (outputSize === null && outputRatio === null) {
        throw new TorchError(
          `${op} requires specifying either an output_size or an output_ratio`,
          'ValueError',
          op,
        );
      }
      const { shape, dtype, device } = input;
      const ratio = expand(outputRatio ?? 1, dims);
      const size =
        outputSize ?? shape.slice(-dims).map((length, i) => Math.trunc(length * ratio[i]!));
      const batch = shape.length === dims + 1 ? 1 : shape[0]!;
      const samples = randomSamples ?? rand([batch, shape.at(-dims - 1)!, dims], { dtype, device });
      const results = run(input, kernelSize, size, samples);
      return returnIndices ? results : results[0];
    },
  );
}

const withIndices = <N extends number>(op: Callee, pool: FractionalPool<N>) =>
  named<
    Callable<
      'fractional_max_pool2d',
      Windowed<N>,
      FractionalPoolOptions<N> & { returnIndices?: boolean },
      [Tensor, Tensor]
    >
  >(
    op,
    (
      input: Tensor,
      kernelSize: Size<N>,
      outputSize: Size<N> | null,
      outputRatio: Size<N> | null,
      _: boolean,
      _randomSamples: Tensor | null,
    ) => pool(input, kernelSize, outputSize, outputRatio, true, _randomSamples),
  );

/** The largest of windows of `[N, C, H, W]` drawn at random (`torch.nn.functional.fractional_max_pool2d`). */
export const fractionalMaxPool2d = fractionalMaxPool(2, n.fractionalMaxPool2d);
/** The same over `[N, C, D, H, W]` (`torch.nn.functional.fractional_max_pool3d`). */
export const fractionalMaxPool3d = fractionalMaxPool(3, n.fractionalMaxPool3d);

export const fractionalMaxPool2dWithIndices = withIndices(
  'fractional_max_pool2d_with_indices',
  fractionalMaxPool2d,
);
export const fractionalMaxPool3dWithIndices = withIndices(
  'fractional_max_pool3d_with_indices',
  fractionalMaxPool3d,
);

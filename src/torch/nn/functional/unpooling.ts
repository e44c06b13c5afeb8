/** Max unpoolings: the largest values back in their places, zeros around them. */

import { type Callable, named } from '../../arguments';
import { TorchError } from '../../errors';
import * as n from '../../generated/nn';
import type { Tensor } from '../../tensor';
import { expand, type Size } from '../sizes';

export interface UnpoolOptions<N extends number> {
  /** Default: the window's size. */
  stride?: Size<N> | null;
  padding?: Size<N>;
  /** The output's spatial size, or its whole shape, where several would fit. */
  outputSize?: readonly number[] | null;
}

interface UnpoolNeeded<N extends number> {
  input: Tensor;
  indices: Tensor;
  kernelSize: Size<N>;
}
type Unpool<N extends number> = Callable<'max_unpool2d', UnpoolNeeded<N>, UnpoolOptions<N>>;

/** The output's spatial size, checked against what the windows allow. */
function spatialSize(
  op: string,
  input: Tensor,
  kernel: number[],
  stride: number[],
  padding: number[],
  given: readonly number[] | null,
): number[] {
  const dims = kernel.length;
  const fail = (message: string) => new TorchError(message, 'ValueError', op);
  const usual = input.shape
    .slice(-dims)
    .map((length, d) => (length - 1) * stride[d]! + kernel[d]! - 2 * padding[d]!);
  let size: readonly number[] = usual;
  if (given) {
    size = given.length === dims + 2 ? given.slice(2) : given;
    if (size.length !== dims) {
      throw fail(
        `output_size should be a sequence containing ${dims} or ${dims + 2} elements, but it has a length of '${size.length}'`,
      );
    }
    for (let d = 0; d < dims; d++) {
      const [min, max] = [usual[d]! - stride[d]!, usual[d]! + stride[d]!];
      if (!(min < size[d]! && size[d]! < max)) {
        throw fail(
          `invalid output_size "[${size.join(', ')}]" (dim ${d} must be between ${min} and ${max})`,
        );
      }
    }
  }
  const below = size.findIndex((length) => length < 0);
  if (below >= 0) {
    throw fail(
      `max_unpooling: output_size must contain non-negative spatial dimensions, but got output_size[${below}]=${size[below]}`,
    );
  }
  return [...size];
}

function unpool<N extends 1 | 2 | 3>(
  dims: N,
  run: (
    input: Tensor,
    indices: Tensor,
    size: number[],
    stride: number[],
    padding: number[],
  ) => Tensor,
): Unpool<N> {
  const op = `max_unpool${dims}d` as const;
  return named<Unpool<N>>(
    op,
    (
      input: Tensor,
      indices: Tensor,
      kernelSize: Size<N>,
      stride: Size<N> | null,
      padding: Size<N>,
      outputSize: readonly number[] | null,
    ) => {
      const kernel = expand(kernelSize, dims);
      const steps = expand(stride ?? kernelSize, dims);
      const pads = expand(padding, dims);
      const size = spatialSize(op, input, kernel, steps, pads, outputSize);
      return run(input, indices, size, steps, pads);
    },
  );
}

/** Partially inverts `maxPool1d` (`torch.nn.functional.max_unpool1d`). */
export const maxUnpool1d = unpool(1, (input, indices, size) =>
  n.maxUnpool2d(input.unsqueeze(-1), indices.unsqueeze(-1), [...size, 1]).squeeze(-1),
);
/** Partially inverts `maxPool2d` (`torch.nn.functional.max_unpool2d`). */
export const maxUnpool2d = unpool(2, (input, indices, size) => n.maxUnpool2d(input, indices, size));
/** Partially inverts `maxPool3d` (`torch.nn.functional.max_unpool3d`). */
export const maxUnpool3d = unpool(3, (input, indices, size, stride, padding) =>
  n.maxUnpool3d(input, indices, size, stride, padding),
);

import type { Tensor } from '../../tensor';
import * as F from '../functional';
import { Module } from '../module';
import { expand, type Size, tuple } from '../sizes';

export interface MaxUnpoolOptions<N extends number> {
  /** Default: the window's size. */
  stride?: Size<N> | null;
  padding?: Size<N>;
}

/**
 * Puts the largest values back into their places, with zeros around them: `call(values, indices)` of
 * a max pooling with `returnIndices`, and the output's size where several would fit.
 */
abstract class MaxUnpoolNd extends Module {
  readonly kernelSize: number[];
  readonly stride: number[];
  readonly padding: number[];

  constructor(
    dims: number,
    kernelSize: number | readonly number[],
    options: { stride?: number | readonly number[] | null; padding?: number | readonly number[] },
  ) {
    super();
    this.kernelSize = expand(kernelSize, dims);
    this.stride = expand(options.stride ?? kernelSize, dims);
    this.padding = expand(options.padding ?? 0, dims);
  }
  override extraRepr(): string {
    return `kernel_size=${tuple(this.kernelSize)}, stride=${tuple(this.stride)}, padding=${tuple(this.padding)}`;
  }
}

/** `[N, C, L]` (`torch.nn.MaxUnpool1d`). */
export class MaxUnpool1d extends MaxUnpoolNd {
  constructor(kernelSize: Size<1>, options: MaxUnpoolOptions<1> = {}) {
    super(1, kernelSize, options);
  }
  forward(input: Tensor, indices: Tensor, outputSize: readonly number[] | null = null): Tensor {
    const kernel = this.kernelSize as [number];
    const [stride, padding] = [this.stride as [number], this.padding as [number]];
    return F.maxUnpool1d(input, indices, kernel, stride, padding, outputSize);
  }
}
/** `[N, C, H, W]` (`torch.nn.MaxUnpool2d`). */
export class MaxUnpool2d extends MaxUnpoolNd {
  constructor(kernelSize: Size<2>, options: MaxUnpoolOptions<2> = {}) {
    super(2, kernelSize, options);
  }
  forward(input: Tensor, indices: Tensor, outputSize: readonly number[] | null = null): Tensor {
    type Pair = [number, number];
    const kernel = this.kernelSize as Pair;
    const [stride, padding] = [this.stride as Pair, this.padding as Pair];
    return F.maxUnpool2d(input, indices, kernel, stride, padding, outputSize);
  }
}
/** `[N, C, D, H, W]` (`torch.nn.MaxUnpool3d`). */
export class MaxUnpool3d extends MaxUnpoolNd {
  constructor(kernelSize: Size<3>, options: MaxUnpoolOptions<3> = {}) {
    super(3, kernelSize, options);
  }
  forward(input: Tensor, indices: Tensor, outputSize: readonly number[] | null = null): Tensor {
    type Triple = [number, number, number];
    const kernel = this.kernelSize as Triple;
    const [stride, padding] = [this.stride as Triple, this.padding as Triple];
    return F.maxUnpool3d(input, indices, kernel, stride, padding, outputSize);
  }
}

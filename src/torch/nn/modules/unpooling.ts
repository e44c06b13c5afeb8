import { type Args, type Bound, bind } from '../../arguments';
import type { Tensor } from '../../tensor';
import * as F from '../functional';
import { Module } from '../module';
import { expand, type Size, tuple } from '../sizes';

export interface MaxUnpoolOptions<N extends number> {
  /** Default: the window's size. */
  stride?: Size<N> | null;
  padding?: Size<N>;
}

interface Needed<N extends number> {
  kernelSize: Size<N>;
}

/**
 * Puts the largest values back into their places, with zeros around them: `call(values, indices)` of
 * a max pooling with `returnIndices`, and the output's size where several would fit.
 */
abstract class MaxUnpoolNd extends Module {
  readonly kernelSize: number[];
  readonly stride: number[];
  readonly padding: number[];

  constructor(dims: number, settings: Bound<Needed<number>, MaxUnpoolOptions<number>>) {
    super();
    const { kernelSize, stride, padding } = settings;
    this.kernelSize = expand(kernelSize, dims);
    this.stride = expand(stride ?? kernelSize, dims);
    this.padding = expand(padding, dims);
  }
  override extraRepr(): string {
    return `kernel_size=${tuple(this.kernelSize)}, stride=${tuple(this.stride)}, padding=${tuple(this.padding)}`;
  }
}

/** `[N, C, L]` (`torch.nn.MaxUnpool1d`). */
export class MaxUnpool1d extends MaxUnpoolNd {
  constructor(...args: Args<'MaxUnpool1d', Needed<1>, MaxUnpoolOptions<1>>) {
    super(1, bind('MaxUnpool1d', args));
  }
  forward(input: Tensor, indices: Tensor, outputSize: readonly number[] | null = null): Tensor {
    const kernel = this.kernelSize as [number];
    const [stride, padding] = [this.stride as [number], this.padding as [number]];
    return F.maxUnpool1d(input, indices, kernel, stride, padding, outputSize);
  }
}
/** `[N, C, H, W]` (`torch.nn.MaxUnpool2d`). */
export class MaxUnpool2d extends MaxUnpoolNd {
  constructor(...args: Args<'MaxUnpool2d', Needed<2>, MaxUnpoolOptions<2>>) {
    super(2, bind('MaxUnpool2d', args));
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
  constructor(...args: Args<'MaxUnpool3d', Needed<3>, MaxUnpoolOptions<3>>) {
    super(3, bind('MaxUnpool3d', args));
  }
  forward(input: Tensor, indices: Tensor, outputSize: readonly number[] | null = null): Tensor {
    type Triple = [number, number, number];
    const kernel = this.kernelSize as Triple;
    const [stride, padding] = [this.stride as Triple, this.padding as Triple];
    return F.maxUnpool3d(input, indices, kernel, stride, padding, outputSize);
  }
}

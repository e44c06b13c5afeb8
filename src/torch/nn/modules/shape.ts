import { type Args, type Bound, bind } from '../../arguments';
import type { Tensor } from '../../tensor';
import type { WindowOptions } from '../functional';
import * as F from '../functional';
import { Module } from '../module';
import { type Size, sizeText, tuple } from '../sizes';

/** Returns its input, whatever its arguments (`torch.nn.Identity`). */
export class Identity extends Module {
  constructor(..._ignored: unknown[]) {
    super();
  }
  forward(input: Tensor): Tensor {
    return input;
  }
}

interface FlattenOptions {
  /** Default 1. */
  startDim?: number;
  /** Default −1. */
  endDim?: number;
}

/** Makes one dimension of those from `startDim` to `endDim` (`torch.nn.Flatten`). */
export class Flatten extends Module {
  readonly startDim: number;
  readonly endDim: number;
  constructor(...args: Args<'Flatten', unknown, FlattenOptions>) {
    super();
    const { startDim, endDim } = bind<Bound<FlattenOptions>>('Flatten', args);
    this.startDim = startDim;
    this.endDim = endDim;
  }
  forward(input: Tensor): Tensor {
    return input.flatten(this.startDim, this.endDim);
  }
  override extraRepr(): string {
    return `start_dim=${this.startDim}, end_dim=${this.endDim}`;
  }
}

interface UnflattenNeeded {
  dim: number;
  unflattenedSize: readonly number[];
}

/** Splits a dimension into several (`torch.nn.Unflatten`). */
export class Unflatten extends Module {
  readonly dim: number;
  readonly unflattenedSize: readonly number[];
  constructor(...args: Args<'Unflatten', UnflattenNeeded>) {
    super();
    const { dim, unflattenedSize } = bind<UnflattenNeeded>('Unflatten', args);
    this.dim = dim;
    this.unflattenedSize = unflattenedSize;
  }
  forward(input: Tensor): Tensor {
    return input.unflatten(this.dim, this.unflattenedSize);
  }
  override extraRepr(): string {
    return `dim=${this.dim}, unflattened_size=${tuple(this.unflattenedSize)}`;
  }
}

/** `[N, C · r², H, W]` to `[N, C, H · r, W · r]` (`torch.nn.PixelShuffle`; Shi et al. 2016). */
export class PixelShuffle extends Module {
  readonly upscaleFactor: number;
  constructor(...args: Args<'PixelShuffle', { upscaleFactor: number }>) {
    super();
    this.upscaleFactor = bind<{ upscaleFactor: number }>('PixelShuffle', args).upscaleFactor;
  }
  forward(input: Tensor): Tensor {
    return F.pixelShuffle(input, this.upscaleFactor);
  }
  override extraRepr(): string {
    return `upscale_factor=${this.upscaleFactor}`;
  }
}
/** `[N, C, H · r, W · r]` to `[N, C · r², H, W]` (`torch.nn.PixelUnshuffle`). */
export class PixelUnshuffle extends Module {
  readonly downscaleFactor: number;
  constructor(...args: Args<'PixelUnshuffle', { downscaleFactor: number }>) {
    super();
    this.downscaleFactor = bind<{ downscaleFactor: number }>(
      'PixelUnshuffle',
      args,
    ).downscaleFactor;
  }
  forward(input: Tensor): Tensor {
    return F.pixelUnshuffle(input, this.downscaleFactor);
  }
  override extraRepr(): string {
    return `downscale_factor=${this.downscaleFactor}`;
  }
}
/** Spreads each group's channels over all groups, `[N, C, *]` (`torch.nn.ChannelShuffle`). */
export class ChannelShuffle extends Module {
  readonly groups: number;
  constructor(...args: Args<'ChannelShuffle', { groups: number }>) {
    super();
    this.groups = bind<{ groups: number }>('ChannelShuffle', args).groups;
  }
  forward(input: Tensor): Tensor {
    return F.channelShuffle(input, this.groups);
  }
  override extraRepr(): string {
    return `groups=${this.groups}`;
  }
}

interface WindowNeeded {
  kernelSize: Size<2>;
}
interface FoldNeeded extends WindowNeeded {
  outputSize: Size<2>;
}

abstract class Windows extends Module {
  readonly kernelSize: Size<2>;
  readonly dilation: Size<2>;
  readonly padding: Size<2>;
  readonly stride: Size<2>;
  constructor({ kernelSize, dilation, padding, stride }: Bound<WindowNeeded, WindowOptions>) {
    super();
    this.kernelSize = kernelSize;
    this.dilation = dilation;
    this.padding = padding;
    this.stride = stride;
  }
  override extraRepr(): string {
    const { kernelSize, dilation, padding, stride } = this;
    return `kernel_size=${sizeText(kernelSize)}, dilation=${sizeText(dilation)}, padding=${sizeText(padding)}, stride=${sizeText(stride)}`;
  }
}
/** The windows of `[N, C, H, W]` as columns, `[N, C · kernel, L]` (`torch.nn.Unfold`). */
export class Unfold extends Windows {
  constructor(...args: Args<'Unfold', WindowNeeded, WindowOptions>) {
    super(bind('Unfold', args));
  }
  forward(input: Tensor): Tensor {
    return F.unfold(input, this.kernelSize, this.dilation, this.padding, this.stride);
  }
}
/** Sums columns `[N, C · kernel, L]` back into their places, `[N, C, H, W]` (`torch.nn.Fold`). */
export class Fold extends Windows {
  readonly outputSize: Size<2>;
  constructor(...args: Args<'Fold', FoldNeeded, WindowOptions>) {
    const bound = bind<Bound<FoldNeeded, WindowOptions>>('Fold', args);
    super(bound);
    this.outputSize = bound.outputSize;
  }
  forward(input: Tensor): Tensor {
    const { outputSize, kernelSize, dilation, padding, stride } = this;
    return F.fold(input, outputSize, kernelSize, dilation, padding, stride);
  }
  override extraRepr(): string {
    return `output_size=${sizeText(this.outputSize)}, ${super.extraRepr()}`;
  }
}

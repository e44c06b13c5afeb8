import { TorchError } from '../../errors';
import type { Tensor } from '../../tensor';
import type { WindowOptions } from '../functional';
import * as F from '../functional';
import { Module } from '../module';
import { type Size, sizeText, tuple } from '../sizes';

/** Gives its input back, whatever its arguments (`torch.nn.Identity`). */
export class Identity extends Module {
  constructor(..._ignored: unknown[]) {
    super();
  }
  forward(input: Tensor): Tensor {
    return input;
  }
}

/** Makes one dimension of those from `startDim` to `endDim` (`torch.nn.Flatten`). */
export class Flatten extends Module {
  constructor(
    readonly startDim = 1,
    readonly endDim = -1,
  ) {
    super();
  }
  forward(input: Tensor): Tensor {
    return input.flatten(this.startDim, this.endDim);
  }
  override extraRepr(): string {
    return `start_dim=${this.startDim}, end_dim=${this.endDim}`;
  }
}

/** Splits a dimension into several (`torch.nn.Unflatten`). */
export class Unflatten extends Module {
  constructor(
    readonly dim: number,
    readonly unflattenedSize: readonly number[],
  ) {
    super();
    if (!Array.isArray(unflattenedSize)) {
      throw new TorchError(
        `unflattened_size must be a tuple of ints, but found type ${typeof unflattenedSize}`,
        'TypeError',
      );
    }
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
  constructor(readonly upscaleFactor: number) {
    super();
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
  constructor(readonly downscaleFactor: number) {
    super();
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
  constructor(readonly groups: number) {
    super();
  }
  forward(input: Tensor): Tensor {
    return F.channelShuffle(input, this.groups);
  }
  override extraRepr(): string {
    return `groups=${this.groups}`;
  }
}

abstract class Windows extends Module {
  readonly dilation: Size<2>;
  readonly padding: Size<2>;
  readonly stride: Size<2>;
  constructor(
    readonly kernelSize: Size<2>,
    { dilation = 1, padding = 0, stride = 1 }: WindowOptions = {},
  ) {
    super();
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
  forward(input: Tensor): Tensor {
    return F.unfold(input, this.kernelSize, this.dilation, this.padding, this.stride);
  }
}
/** Sums columns `[N, C · kernel, L]` back into their places, `[N, C, H, W]` (`torch.nn.Fold`). */
export class Fold extends Windows {
  constructor(
    readonly outputSize: Size<2>,
    kernelSize: Size<2>,
    options: WindowOptions = {},
  ) {
    super(kernelSize, options);
  }
  forward(input: Tensor): Tensor {
    const { outputSize, kernelSize, dilation, padding, stride } = this;
    return F.fold(input, outputSize, kernelSize, dilation, padding, stride);
  }
  override extraRepr(): string {
    return `output_size=${sizeText(this.outputSize)}, ${super.extraRepr()}`;
  }
}

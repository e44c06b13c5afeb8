import { type Args, bind } from '../../arguments';
import { conv1d, conv2d, conv3d } from '../../generated/functions';
import type { Tensor } from '../../tensor';
import { pad } from '../functional';
import { ConvBase, type ConvNeeded, type ConvOptions } from './conv-base';

/** The padding that `pad` takes for a mode of its own: last dimension first, both sides. */
function padding(conv: ConvBase): number[] {
  if (conv.padding === 'valid') return conv.kernelSize.flatMap(() => [0, 0]);
  if (conv.padding !== 'same') return [...conv.padding].reverse().flatMap((size) => [size, size]);
  return conv.kernelSize
    .map((kernel, i) => conv.dilation[i]! * (kernel - 1))
    .map((total) => [Math.floor(total / 2), total - Math.floor(total / 2)])
    .reverse()
    .flat();
}

type ConvFunction = typeof conv2d;

abstract class ConvNd extends ConvBase {
  protected abstract readonly convolve: ConvFunction;

  forward(input: Tensor): Tensor {
    const { weight, bias, stride, dilation, groups, paddingMode } = this;
    if (paddingMode === 'zeros') {
      return this.convolve(input, weight, bias, stride, this.padding as number[], dilation, groups);
    }
    const padded = pad(input, padding(this), paddingMode);
    return this.convolve(padded, weight, bias, stride, 0, dilation, groups);
  }
}

/** 1-d convolution, `[N, C, L]` to `[N, outChannels, L′]` (`torch.nn.Conv1d`). */
export class Conv1d extends ConvNd {
  protected readonly convolve = conv1d as ConvFunction;
  constructor(...args: Args<'Conv1d', ConvNeeded<1>, ConvOptions<1>>) {
    super(1, false, bind('Conv1d', args));
  }
}

/** 2-d convolution, `[N, C, H, W]` to `[N, outChannels, H′, W′]` (`torch.nn.Conv2d`). */
export class Conv2d extends ConvNd {
  protected readonly convolve = conv2d;
  constructor(...args: Args<'Conv2d', ConvNeeded<2>, ConvOptions<2>>) {
    super(2, false, bind('Conv2d', args));
  }
}

/** 3-d convolution, `[N, C, D, H, W]` to `[N, outChannels, D′, H′, W′]` (`torch.nn.Conv3d`). */
export class Conv3d extends ConvNd {
  protected readonly convolve = conv3d as ConvFunction;
  constructor(...args: Args<'Conv3d', ConvNeeded<3>, ConvOptions<3>>) {
    super(3, false, bind('Conv3d', args));
  }
}

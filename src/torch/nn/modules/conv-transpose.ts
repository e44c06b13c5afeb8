import { type Args, bind } from '../../arguments';
import { TorchError } from '../../errors';
import { convTranspose1d, convTranspose2d, convTranspose3d } from '../../generated/functions';
import type { Tensor } from '../../tensor';
import { shapeText } from '../repr';
import { ConvBase, type ConvNeeded, type ConvTransposeOptions } from './conv-base';

type ConvTransposeFunction = typeof convTranspose2d;

abstract class ConvTransposeNd extends ConvBase {
  protected abstract readonly convolve: ConvTransposeFunction;

  /** `outputSize` is the output's spatial size, or its whole shape, where several would fit. */
  forward(input: Tensor, outputSize: readonly number[] | null = null): Tensor {
    const { weight, bias, stride, groups, dilation } = this;
    const extra = outputSize ? this.extraFor(input, outputSize) : this.outputPadding;
    const size = this.padding as number[];
    return this.convolve(input, weight, bias, stride, size, extra, groups, dilation);
  }

  /** What to add to the output's shape to make it the wished one. */
  private extraFor(input: Tensor, outputSize: readonly number[]): number[] {
    const { stride, dilation, kernelSize } = this;
    const fail = (message: string) => new TorchError(message, 'ValueError');
    const dims = kernelSize.length;
    const others = input.ndim === dims + 2 ? 2 : 1;
    const wished = outputSize.length === others + dims ? outputSize.slice(others) : outputSize;
    if (wished.length !== dims) {
      throw fail(
        `ConvTranspose${dims}D: for ${input.ndim}D input, output_size must have ${dims} or ${others + dims} elements (got ${wished.length})`,
      );
    }
    const spatial = input.shape.slice(others);
    const least = spatial.map((length, d) => {
      const padding = (this.padding as number[])[d]!;
      return (length - 1) * stride[d]! - 2 * padding + dilation[d]! * (kernelSize[d]! - 1) + 1;
    });
    const most = least.map((length, d) => length + stride[d]! - 1);
    if (wished.some((length, d) => length < least[d]! || length > most[d]!)) {
      const list = (sizes: readonly number[]) => `[${sizes.join(', ')}]`;
      throw fail(
        `requested an output size of ${list(wished)}, but valid sizes range from ${list(least)} to ${list(most)} (for an input of ${shapeText(input.shape.slice(2))})`,
      );
    }
    return wished.map((length, d) => length - least[d]!);
  }
}

/** Transposed 1-d convolution (`torch.nn.ConvTranspose1d`). */
export class ConvTranspose1d extends ConvTransposeNd {
  protected readonly convolve = convTranspose1d as ConvTransposeFunction;
  constructor(...args: Args<'ConvTranspose1d', ConvNeeded<1>, ConvTransposeOptions<1>>) {
    super(1, true, bind('ConvTranspose1d', args));
  }
}

/** Transposed 2-d convolution (`torch.nn.ConvTranspose2d`). */
export class ConvTranspose2d extends ConvTransposeNd {
  protected readonly convolve = convTranspose2d;
  constructor(...args: Args<'ConvTranspose2d', ConvNeeded<2>, ConvTransposeOptions<2>>) {
    super(2, true, bind('ConvTranspose2d', args));
  }
}

/** Transposed 3-d convolution (`torch.nn.ConvTranspose3d`). */
export class ConvTranspose3d extends ConvTransposeNd {
  protected readonly convolve = convTranspose3d as ConvTransposeFunction;
  constructor(...args: Args<'ConvTranspose3d', ConvNeeded<3>, ConvTransposeOptions<3>>) {
    super(3, true, bind('ConvTranspose3d', args));
  }
}

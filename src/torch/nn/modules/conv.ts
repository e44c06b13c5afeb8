import {
  conv1d,
  conv2d,
  conv3d,
  convTranspose1d,
  convTranspose2d,
  convTranspose3d,
  empty,
} from '../../generated/functions';
import { pad } from '../../generated/nn';
import type { Tensor } from '../../tensor';
import type { DType } from '../../types';
import { fans, kaimingUniform_, uniform_ } from '../init';
import { Module } from '../module';
import { Parameter } from '../parameter';
import { expand, type Size, tuple } from '../sizes';

export interface ConvOptions<N extends number> {
  stride?: Size<N>;
  /** Zeros added on each side, or `'same'`, `'valid'`. */
  padding?: Size<N> | 'same' | 'valid';
  /** What is added on each side. */
  paddingMode?: 'zeros' | 'reflect' | 'replicate' | 'circular';
  dilation?: Size<N>;
  groups?: number;
  bias?: boolean;
  dtype?: DType;
}

export interface ConvTransposeOptions<N extends number> {
  stride?: Size<N>;
  padding?: Size<N>;
  /** Added to one side of the output's shape. */
  outputPadding?: Size<N>;
  dilation?: Size<N>;
  groups?: number;
  bias?: boolean;
  dtype?: DType;
}

/** Draws weight and bias as PyTorch does: even in ±1/√(fan in). */
function reset(weight: Parameter, bias: Parameter | null): void {
  kaimingUniform_(weight, { a: Math.sqrt(5) });
  const { fanIn } = fans(weight);
  if (bias && fanIn !== 0) uniform_(bias, -1 / Math.sqrt(fanIn), 1 / Math.sqrt(fanIn));
}

/** What plain and transposed convolutions share (`torch.nn.modules.conv._ConvNd`). */
abstract class ConvBase extends Module {
  readonly weight: Parameter;
  readonly bias: Parameter | null;
  readonly kernelSize: number[];
  readonly stride: number[];
  readonly padding: number[] | 'same' | 'valid';
  readonly dilation: number[];
  readonly groups: number;
  readonly paddingMode: string;

  protected constructor(
    n: number,
    transposed: boolean,
    readonly inChannels: number,
    readonly outChannels: number,
    kernelSize: number | readonly number[],
    options: ConvOptions<number> | ConvTransposeOptions<number>,
    readonly outputPadding: number[],
  ) {
    super();
    const { stride = 1, padding = 0, dilation = 1, groups = 1, bias = true, dtype } = options;
    if (inChannels % groups !== 0 || outChannels % groups !== 0) {
      const which = inChannels % groups !== 0 ? 'in_channels' : 'out_channels';
      throw new RangeError(`${which} must be divisible by groups`);
    }
    this.kernelSize = expand(kernelSize, n);
    this.stride = expand(stride, n);
    this.padding = typeof padding === 'string' ? padding : expand(padding, n);
    this.dilation = expand(dilation, n);
    this.groups = groups;
    this.paddingMode = ('paddingMode' in options && options.paddingMode) || 'zeros';
    const channels = transposed
      ? [inChannels, outChannels / groups]
      : [outChannels, inChannels / groups];
    this.weight = new Parameter(empty([...channels, ...this.kernelSize], { dtype }));
    this.bias = bias ? new Parameter(empty([outChannels], { dtype })) : null;
    this.resetParameters();
  }

  resetParameters(): void {
    reset(this.weight, this.bias);
  }

  override extraRepr(): string {
    const { padding, dilation, outputPadding } = this;
    const parts = [
      `${this.inChannels}, ${this.outChannels}, kernel_size=${tuple(this.kernelSize)}, stride=${tuple(this.stride)}`,
    ];
    if (typeof padding === 'string') parts.push(`padding=${padding}`);
    else if (padding.some((size) => size !== 0)) parts.push(`padding=${tuple(padding)}`);
    if (dilation.some((size) => size !== 1)) parts.push(`dilation=${tuple(dilation)}`);
    if (outputPadding.some((size) => size !== 0))
      parts.push(`output_padding=${tuple(outputPadding)}`);
    if (this.groups !== 1) parts.push(`groups=${this.groups}`);
    if (!this.bias) parts.push('bias=False');
    if (this.paddingMode !== 'zeros') parts.push(`padding_mode=${this.paddingMode}`);
    return parts.join(', ');
  }
}

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
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: Size<1>,
    options: ConvOptions<1> = {},
  ) {
    super(1, false, inChannels, outChannels, kernelSize, options, [0]);
  }
}

/** 2-d convolution, `[N, C, H, W]` to `[N, outChannels, H′, W′]` (`torch.nn.Conv2d`). */
export class Conv2d extends ConvNd {
  protected readonly convolve = conv2d;
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: Size<2>,
    options: ConvOptions<2> = {},
  ) {
    super(2, false, inChannels, outChannels, kernelSize, options, [0, 0]);
  }
}

/** 3-d convolution, `[N, C, D, H, W]` to `[N, outChannels, D′, H′, W′]` (`torch.nn.Conv3d`). */
export class Conv3d extends ConvNd {
  protected readonly convolve = conv3d as ConvFunction;
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: Size<3>,
    options: ConvOptions<3> = {},
  ) {
    super(3, false, inChannels, outChannels, kernelSize, options, [0, 0, 0]);
  }
}

type ConvTransposeFunction = typeof convTranspose2d;

abstract class ConvTransposeNd extends ConvBase {
  protected abstract readonly convolve: ConvTransposeFunction;

  forward(input: Tensor): Tensor {
    const { weight, bias, stride, outputPadding, groups, dilation } = this;
    const size = this.padding as number[];
    return this.convolve(input, weight, bias, stride, size, outputPadding, groups, dilation);
  }
}

/** Transposed 1-d convolution (`torch.nn.ConvTranspose1d`). */
export class ConvTranspose1d extends ConvTransposeNd {
  protected readonly convolve = convTranspose1d as ConvTransposeFunction;
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: Size<1>,
    options: ConvTransposeOptions<1> = {},
  ) {
    const extra = expand(options.outputPadding ?? 0, 1);
    super(1, true, inChannels, outChannels, kernelSize, options, extra);
  }
}

/** Transposed 2-d convolution (`torch.nn.ConvTranspose2d`). */
export class ConvTranspose2d extends ConvTransposeNd {
  protected readonly convolve = convTranspose2d;
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: Size<2>,
    options: ConvTransposeOptions<2> = {},
  ) {
    const extra = expand(options.outputPadding ?? 0, 2);
    super(2, true, inChannels, outChannels, kernelSize, options, extra);
  }
}

/** Transposed 3-d convolution (`torch.nn.ConvTranspose3d`). */
export class ConvTranspose3d extends ConvTransposeNd {
  protected readonly convolve = convTranspose3d as ConvTransposeFunction;
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: Size<3>,
    options: ConvTransposeOptions<3> = {},
  ) {
    const extra = expand(options.outputPadding ?? 0, 3);
    super(3, true, inChannels, outChannels, kernelSize, options, extra);
  }
}

import { conv2d, empty } from '../../generated/functions';
import type { Tensor } from '../../tensor';
import type { DType } from '../../types';
import { fans, kaimingUniform_, uniform_ } from '../init';
import { Module } from '../module';
import { Parameter } from '../parameter';

/** One number for every spatial dimension, or one for each. */
export type Size2d = number | readonly [number, number];

const pair = (size: Size2d): [number, number] =>
  typeof size === 'number' ? [size, size] : [size[0], size[1]];

export interface Conv2dOptions {
  stride?: Size2d;
  /** Zeros added on each side, or `'same'`, `'valid'`. */
  padding?: Size2d | 'same' | 'valid';
  dilation?: Size2d;
  groups?: number;
  bias?: boolean;
  dtype?: DType;
}

/** 2-d convolution, from `[N, C, H, W]` to `[N, outChannels, H′, W′]` (`torch.nn.Conv2d`). */
export class Conv2d extends Module {
  readonly kernelSize: [number, number];
  readonly stride: [number, number];
  readonly padding: [number, number] | 'same' | 'valid';
  readonly dilation: [number, number];
  readonly groups: number;
  readonly weight: Parameter;
  readonly bias: Parameter | null;

  constructor(
    readonly inChannels: number,
    readonly outChannels: number,
    kernelSize: Size2d,
    options: Conv2dOptions = {},
  ) {
    super();
    const { stride = 1, padding = 0, dilation = 1, groups = 1, bias = true, dtype } = options;
    this.kernelSize = pair(kernelSize);
    this.stride = pair(stride);
    this.padding = typeof padding === 'string' ? padding : pair(padding);
    this.dilation = pair(dilation);
    this.groups = groups;
    this.weight = new Parameter(
      empty([outChannels, Math.floor(inChannels / groups), ...this.kernelSize], { dtype }),
    );
    this.bias = bias ? new Parameter(empty([outChannels], { dtype })) : null;
    this.resetParameters();
  }

  /** Draws new weights as PyTorch does: even in ±1/√(fan in). */
  resetParameters(): void {
    kaimingUniform_(this.weight, { a: Math.sqrt(5) });
    if (this.bias) {
      const { fanIn } = fans(this.weight);
      if (fanIn !== 0) uniform_(this.bias, -1 / Math.sqrt(fanIn), 1 / Math.sqrt(fanIn));
    }
  }

  forward(input: Tensor): Tensor {
    return conv2d(
      input,
      this.weight,
      this.bias,
      this.stride,
      this.padding as [number, number],
      this.dilation,
      this.groups,
    );
  }

  override extraRepr(): string {
    const tuple = (size: readonly number[]) => `(${size.join(', ')})`;
    return `${this.inChannels}, ${this.outChannels}, kernel_size=${tuple(this.kernelSize)}, stride=${tuple(this.stride)}`;
  }
}

import type { Bound } from '../../arguments';
import { TorchError } from '../../errors';
import { empty } from '../../generated/functions';
import type { FactoryOptions } from '../../types';
import type { PadMode } from '../functional';
import { guard } from '../guard';
import { fans, kaimingUniform_, uniform_ } from '../init';
import { Module } from '../module';
import { Parameter } from '../parameter';
import { expand, type Size, tuple } from '../sizes';

export interface ConvOptions<N extends number> extends FactoryOptions {
  stride?: Size<N>;
  /** Zeros added on each side, or `'same'`, `'valid'`. */
  padding?: Size<N> | 'same' | 'valid';
  /** What is added on each side. */
  paddingMode?: 'zeros' | 'reflect' | 'replicate' | 'circular';
  dilation?: Size<N>;
  groups?: number;
  bias?: boolean;
}

export interface ConvTransposeOptions<N extends number> extends FactoryOptions {
  stride?: Size<N>;
  padding?: Size<N>;
  /** Added to one side of the output's shape. */
  outputPadding?: Size<N>;
  dilation?: Size<N>;
  groups?: number;
  bias?: boolean;
  paddingMode?: 'zeros';
}

export interface ConvNeeded<N extends number> {
  inChannels: number;
  outChannels: number;
  kernelSize: Size<N>;
}

/** A convolution's settings, in however many dimensions. */
type Settings = Bound<ConvNeeded<number>, ConvOptions<number>> & {
  outputPadding?: Size<number>;
};

/** Initialises weight and bias as PyTorch does: uniform in ±1/√(fan in). */
function reset(weight: Parameter, bias: Parameter | null): void {
  kaimingUniform_(weight, { a: Math.sqrt(5) });
  const { fanIn } = fans(weight);
  if (bias && fanIn !== 0) uniform_(bias, -1 / Math.sqrt(fanIn), 1 / Math.sqrt(fanIn));
}

/** Rejects settings that can't work, with PyTorch's messages. */
function check(
  inChannels: number,
  outChannels: number,
  groups: number,
  padding: number | readonly number[] | string,
  stride: readonly number[],
): void {
  const fail = (message: string) => new TorchError(message, 'ValueError');
  if (groups <= 0) throw fail('groups must be a positive integer');
  if (inChannels % groups !== 0) throw fail('in_channels must be divisible by groups');
  if (outChannels % groups !== 0) throw fail('out_channels must be divisible by groups');
  if (typeof padding !== 'string') return;
  if (padding !== 'same' && padding !== 'valid') {
    throw fail(`Invalid padding string '${padding}', should be one of {'same', 'valid'}`);
  }
  if (padding === 'same' && stride.some((step) => step !== 1)) {
    throw fail("padding='same' is not supported for strided convolutions");
  }
}

const paddingModes = ['zeros', 'reflect', 'replicate', 'circular'];

function checkPaddingMode(mode: string, transposed: boolean, name: string): void {
  if (transposed && mode !== 'zeros') {
    throw new TorchError(`Only "zeros" padding mode is supported for ${name}`, 'ValueError');
  }
  if (!paddingModes.includes(mode)) {
    const list = paddingModes.map((each) => `'${each}'`).join(', ');
    throw new TorchError(
      `padding_mode must be one of {${list}}, but got padding_mode='${mode}'`,
      'ValueError',
    );
  }
}

/** What plain and transposed convolutions share (`torch.nn.modules.conv._ConvNd`). */
export abstract class ConvBase extends Module {
  weight: Parameter;
  bias: Parameter | null;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: number[];
  readonly stride: number[];
  readonly padding: number[] | 'same' | 'valid';
  readonly outputPadding: number[];
  readonly dilation: number[];
  readonly groups: number;
  readonly paddingMode: 'zeros' | Exclude<PadMode, 'constant'>;

  protected constructor(n: number, transposed: boolean, settings: Settings) {
    super();
    const { inChannels, outChannels, padding, groups, bias, device, dtype } = settings;
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.kernelSize = expand(settings.kernelSize, n);
    this.stride = expand(settings.stride, n);
    check(inChannels, outChannels, groups, padding, this.stride);
    this.padding = typeof padding === 'string' ? padding : expand(padding, n);
    this.outputPadding = expand(settings.outputPadding ?? 0, n);
    this.dilation = expand(settings.dilation, n);
    this.groups = groups;
    this.paddingMode = settings.paddingMode;
    checkPaddingMode(this.paddingMode, transposed, this.constructor.name);
    const factory = { device, dtype };
    const channels = transposed
      ? [inChannels, outChannels / groups]
      : [outChannels, inChannels / groups];
    this.weight = new Parameter(empty([...channels, ...this.kernelSize], factory));
    this.bias = bias ? new Parameter(empty([outChannels], factory)) : null;
    guard(this, 'weight', 'bias');
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

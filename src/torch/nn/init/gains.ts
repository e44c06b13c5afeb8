import { TorchError } from '../../errors';
import type { Tensor } from '../../tensor';
import { normal_, type RandomOptions, uniform_ } from './fill';

const gainOne = [
  'linear',
  'conv1d',
  'conv2d',
  'conv3d',
  'conv_transpose1d',
  'conv_transpose2d',
  'conv_transpose3d',
  'sigmoid',
] as const;

/** The activations whose gain is known. */
export type Nonlinearity = (typeof gainOne)[number] | 'tanh' | 'relu' | 'leaky_relu' | 'selu';

/**
 * The recommended gain of an activation (`torch.nn.init.calculate_gain`). `param` is the slope of
 * `leaky_relu`, 0.01 by default. Throws TorchError for another activation.
 */
export function calculateGain(nonlinearity: Nonlinearity, param: number | null = null): number {
  switch (nonlinearity) {
    case 'tanh':
      return 5 / 3;
    case 'relu':
      return Math.sqrt(2);
    case 'leaky_relu':
      return Math.sqrt(2 / (1 + (param ?? 0.01) ** 2));
    case 'selu':
      return 3 / 4;
    default:
      if (gainOne.includes(nonlinearity)) return 1;
      throw new TorchError(`Unsupported nonlinearity ${nonlinearity}`, 'ValueError');
  }
}

/** Inputs and outputs that one unit of a weight `[out, in, …kernel]` connects. */
export function fans(tensor: Tensor): { fanIn: number; fanOut: number } {
  const [out, into, ...kernel] = tensor.shape;
  if (out === undefined || into === undefined) {
    throw new TorchError(
      'Fan in and fan out can not be computed for tensor with fewer than 2 dimensions',
      'ValueError',
    );
  }
  const field = kernel.reduce((product, size) => product * size, 1);
  return { fanIn: into * field, fanOut: out * field };
}

export interface KaimingOptions extends RandomOptions {
  /** Negative slope of the rectifier behind, for `leaky_relu`. */
  a?: number;
  /** Keep the size of the outputs (`fan_in`, the default) or of the gradients (`fan_out`). */
  mode?: 'fan_in' | 'fan_out';
  /** What follows the layer. Default `leaky_relu`. */
  nonlinearity?: Nonlinearity;
}

export interface XavierOptions extends RandomOptions {
  gain?: number;
}

function kaimingStd(tensor: Tensor, options: KaimingOptions): number {
  const { a = 0, mode = 'fan_in', nonlinearity = 'leaky_relu' } = options;
  if (mode !== 'fan_in' && mode !== 'fan_out') {
    throw new TorchError(
      `Mode ${mode} not supported, please use one of ['fan_in', 'fan_out']`,
      'ValueError',
    );
  }
  const { fanIn, fanOut } = fans(tensor);
  return calculateGain(nonlinearity, a) / Math.sqrt(mode === 'fan_in' ? fanIn : fanOut);
}

/** He initialisation for rectifiers, uniform (`torch.nn.init.kaiming_uniform_`; He et al. 2015). */
export function kaimingUniform_(tensor: Tensor, options: KaimingOptions = {}): Tensor {
  if (tensor.numel() === 0) return tensor;
  const bound = Math.sqrt(3) * kaimingStd(tensor, options);
  return uniform_(tensor, -bound, bound, { generator: options.generator });
}

/** He initialisation for rectifiers, normal (`torch.nn.init.kaiming_normal_`). */
export function kaimingNormal_(tensor: Tensor, options: KaimingOptions = {}): Tensor {
  if (tensor.numel() === 0) return tensor;
  return normal_(tensor, 0, kaimingStd(tensor, options), { generator: options.generator });
}

function xavierStd(tensor: Tensor, { gain = 1 }: XavierOptions): number {
  const { fanIn, fanOut } = fans(tensor);
  return gain * Math.sqrt(2 / (fanIn + fanOut));
}

/** Glorot initialisation, uniform (`torch.nn.init.xavier_uniform_`; Glorot and Bengio 2010). */
export function xavierUniform_(tensor: Tensor, options: XavierOptions = {}): Tensor {
  const bound = Math.sqrt(3) * xavierStd(tensor, options);
  return uniform_(tensor, -bound, bound, { generator: options.generator });
}

/** Glorot initialisation, normal (`torch.nn.init.xavier_normal_`). */
export function xavierNormal_(tensor: Tensor, options: XavierOptions = {}): Tensor {
  return normal_(tensor, 0, xavierStd(tensor, options), { generator: options.generator });
}

import { named } from '../../arguments';
import { TorchError } from '../../errors';
import type { Generator } from '../../random';
import type { Tensor } from '../../tensor';
import { type Filled, normal_, type RandomOptions, uniform_ } from './fill';

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
export const calculateGain = named<
  'calculate_gain',
  { nonlinearity: Nonlinearity },
  { param?: number | null },
  number
>('calculate_gain', gainOf);

function gainOf(nonlinearity: Nonlinearity, param: number | null): number {
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

type Mode = 'fan_in' | 'fan_out';

function kaimingStd(tensor: Tensor, a: number, mode: Mode, nonlinearity: Nonlinearity): number {
  if (mode !== 'fan_in' && mode !== 'fan_out') {
    throw new TorchError(
      `Mode ${mode} not supported, please use one of ['fan_in', 'fan_out']`,
      'ValueError',
    );
  }
  const { fanIn, fanOut } = fans(tensor);
  return gainOf(nonlinearity, a) / Math.sqrt(mode === 'fan_in' ? fanIn : fanOut);
}

/** He initialisation for rectifiers, uniform (`torch.nn.init.kaiming_uniform_`; He et al. 2015). */
export const kaimingUniform_ = named<'kaiming_uniform_', Filled, KaimingOptions>(
  'kaiming_uniform_',
  (
    tensor: Tensor,
    a: number,
    mode: Mode,
    nonlinearity: Nonlinearity,
    generator: Generator | null,
  ) => {
    if (tensor.numel() === 0) return tensor;
    const bound = Math.sqrt(3) * kaimingStd(tensor, a, mode, nonlinearity);
    return uniform_(tensor, -bound, bound, generator);
  },
);

/** He initialisation for rectifiers, normal (`torch.nn.init.kaiming_normal_`). */
export const kaimingNormal_ = named<'kaiming_normal_', Filled, KaimingOptions>(
  'kaiming_normal_',
  (
    tensor: Tensor,
    a: number,
    mode: Mode,
    nonlinearity: Nonlinearity,
    generator: Generator | null,
  ) => {
    if (tensor.numel() === 0) return tensor;
    return normal_(tensor, 0, kaimingStd(tensor, a, mode, nonlinearity), generator);
  },
);

function xavierStd(tensor: Tensor, gain: number): number {
  const { fanIn, fanOut } = fans(tensor);
  return gain * Math.sqrt(2 / (fanIn + fanOut));
}

/** Glorot initialisation, uniform (`torch.nn.init.xavier_uniform_`; Glorot and Bengio 2010). */
export const xavierUniform_ = named<'xavier_uniform_', Filled, XavierOptions>(
  'xavier_uniform_',
  (tensor: Tensor, gain: number, generator: Generator | null) => {
    const bound = Math.sqrt(3) * xavierStd(tensor, gain);
    return uniform_(tensor, -bound, bound, generator);
  },
);

/** Glorot initialisation, normal (`torch.nn.init.xavier_normal_`). */
export const xavierNormal_ = named<'xavier_normal_', Filled, XavierOptions>(
  'xavier_normal_',
  (tensor: Tensor, gain: number, generator: Generator | null) =>
    normal_(tensor, 0, xavierStd(tensor, gain), generator),
);

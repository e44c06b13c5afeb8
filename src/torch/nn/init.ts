import { noGrad } from '../autograd';
import { TorchError } from '../errors';
import type { Generator } from '../random';
import type { Tensor } from '../tensor';

/** The activations whose gain is known. */
export type Nonlinearity =
  | 'linear'
  | 'conv1d'
  | 'conv2d'
  | 'conv3d'
  | 'convTranspose1d'
  | 'convTranspose2d'
  | 'convTranspose3d'
  | 'sigmoid'
  | 'tanh'
  | 'relu'
  | 'leakyRelu'
  | 'selu';

/** The recommended gain of an activation (`torch.nn.init.calculate_gain`). */
export function calculateGain(nonlinearity: Nonlinearity, param?: number): number {
  switch (nonlinearity) {
    case 'tanh':
      return 5 / 3;
    case 'relu':
      return Math.sqrt(2);
    case 'leakyRelu':
      return Math.sqrt(2 / (1 + (param ?? 0.01) ** 2));
    case 'selu':
      return 3 / 4;
    default:
      return 1;
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

export interface RandomOptions {
  generator?: Generator;
}
export interface KaimingOptions extends RandomOptions {
  /** Negative slope of the rectifier behind, for `leakyRelu`. */
  a?: number;
  mode?: 'fanIn' | 'fanOut';
  nonlinearity?: Nonlinearity;
}
export interface XavierOptions extends RandomOptions {
  gain?: number;
}

/** Fills with numbers drawn evenly from `[a, b)`. */
export function uniform_(tensor: Tensor, a = 0, b = 1, options: RandomOptions = {}): Tensor {
  return noGrad(() => tensor.uniform_(a, b, options));
}
export function normal_(tensor: Tensor, mean = 0, std = 1, options: RandomOptions = {}): Tensor {
  return noGrad(() => tensor.normal_(mean, std, options));
}
export function constant_(tensor: Tensor, value: number): Tensor {
  return noGrad(() => tensor.fill_(value));
}
export const ones_ = (tensor: Tensor): Tensor => constant_(tensor, 1);
export const zeros_ = (tensor: Tensor): Tensor => noGrad(() => tensor.zero_());

/** He initialisation for rectifiers, uniform (`torch.nn.init.kaiming_uniform_`; He et al. 2015). */
export function kaimingUniform_(tensor: Tensor, options: KaimingOptions = {}): Tensor {
  const bound = Math.sqrt(3) * kaimingStd(tensor, options);
  return uniform_(tensor, -bound, bound, { generator: options.generator });
}
/** He initialisation for rectifiers, normal. */
export function kaimingNormal_(tensor: Tensor, options: KaimingOptions = {}): Tensor {
  return normal_(tensor, 0, kaimingStd(tensor, options), { generator: options.generator });
}
function kaimingStd(tensor: Tensor, options: KaimingOptions): number {
  const { a = 0, mode = 'fanIn', nonlinearity = 'leakyRelu' } = options;
  return calculateGain(nonlinearity, a) / Math.sqrt(fans(tensor)[mode]);
}

/** Glorot initialisation, uniform (`torch.nn.init.xavier_uniform_`; Glorot and Bengio 2010). */
export function xavierUniform_(tensor: Tensor, options: XavierOptions = {}): Tensor {
  const bound = Math.sqrt(3) * xavierStd(tensor, options);
  return uniform_(tensor, -bound, bound, { generator: options.generator });
}
/** Glorot initialisation, normal. */
export function xavierNormal_(tensor: Tensor, options: XavierOptions = {}): Tensor {
  return normal_(tensor, 0, xavierStd(tensor, options), { generator: options.generator });
}
function xavierStd(tensor: Tensor, { gain = 1 }: XavierOptions): number {
  const { fanIn, fanOut } = fans(tensor);
  return gain * Math.sqrt(2 / (fanIn + fanOut));
}

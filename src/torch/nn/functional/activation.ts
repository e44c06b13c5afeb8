/** Activations. */

import { type Callable, type Callee, named } from '../../arguments';
import { TorchError } from '../../errors';
import * as f from '../../generated/functions';
import * as n from '../../generated/nn';
import type { Tensor } from '../../tensor';
import type { Scalar } from '../../types';

export { prelu } from '../../generated/functions';
export { gelu, softplus, softshrink } from '../../generated/nn';

/** Whether to write the result into the input and return that. */
export interface InPlace {
  inplace?: boolean;
}

/** The input of an in-place operator, which it returns in Python. */
export function written(input: Tensor, result: Tensor): Tensor {
  result.dispose();
  return input;
}

/** A function of the input alone. */
type Plain = Callable<'relu', { input: Tensor }, InPlace>;

const plain = (
  op: Callee,
  run: (input: Tensor) => Tensor,
  run_: (input: Tensor) => Tensor,
): Plain =>
  named<Plain>(op, (input: Tensor, inplace: boolean) =>
    inplace ? written(input, run_(input)) : run(input),
  );

/** `max(0, x)` (`torch.nn.functional.relu`). */
export const relu: Plain = plain('relu', f.relu, f.relu_);
/** `min(max(0, x), 6)` (`torch.nn.functional.relu6`). */
export const relu6: Plain = plain('relu6', n.relu6, n.relu6_);
/** ELU with the constants that keep mean and variance (`torch.nn.functional.selu`). */
export const selu: Plain = plain('selu', f.selu, f.selu_);
/** `x · sigmoid(x)` (`torch.nn.functional.silu`). */
export const silu: Plain = plain('silu', n.silu, n.silu_);
/** `x · tanh(softplus(x))` (`torch.nn.functional.mish`). */
export const mish: Plain = plain('mish', n.mish, n.mish_);
/** `x · relu6(x + 3) / 6` (`torch.nn.functional.hardswish`). */
export const hardswish: Plain = plain('hardswish', n.hardswish, n.hardswish_);
/** `relu6(x + 3) / 6` (`torch.nn.functional.hardsigmoid`). */
export const hardsigmoid: Plain = plain('hardsigmoid', n.hardsigmoid, n.hardsigmoid_);

/** `1 / (1 + exp(−x))` (`torch.nn.functional.sigmoid`). */
export const sigmoid = named<'sigmoid', { input: Tensor }>('sigmoid', (input: Tensor) =>
  input.sigmoid(),
);
/** The hyperbolic tangent (`torch.nn.functional.tanh`). */
export const tanh = named<'tanh', { input: Tensor }>('tanh', (input: Tensor) => input.tanh());
/** `log(sigmoid(x))` (`torch.nn.functional.logsigmoid`). */
export const logsigmoid: (typeof n)['logSigmoid'] = n.logSigmoid;
/** `x − tanh(x)` (`torch.nn.functional.tanhshrink`). */
export const tanhshrink = named<'tanhshrink', { input: Tensor }>('tanhshrink', (input: Tensor) =>
  input.sub(input.tanh()),
);
/** `x / (1 + |x|)` (`torch.nn.functional.softsign`). */
export const softsign = named<'softsign', { input: Tensor }>('softsign', (input: Tensor) =>
  input.div(input.abs().add(1)),
);

/** `x` where `|x| > lambd`, 0 elsewhere (`torch.nn.functional.hardshrink`). */
export const hardshrink: {
  (input: Tensor, lambd?: Scalar): Tensor;
  (input: Tensor, options: { lambd?: Scalar }): Tensor;
} = f.hardshrink;

/** `x` where positive, `alpha · (exp(x) − 1)` elsewhere (`torch.nn.functional.elu`). */
export const elu = named<'elu', { input: Tensor }, { alpha?: Scalar; inplace?: boolean }>(
  'elu',
  (input: Tensor, alpha: Scalar, inplace: boolean) =>
    inplace ? written(input, n.elu_(input, alpha)) : n.elu(input, alpha),
);

/** ELU whose slope is continuous for every `alpha` (`torch.nn.functional.celu`). */
export const celu = named<'celu', { input: Tensor }, { alpha?: Scalar; inplace?: boolean }>(
  'celu',
  (input: Tensor, alpha: Scalar, inplace: boolean) =>
    inplace ? written(input, f.celu_(input, alpha)) : f.celu(input, alpha),
);

/** `x` where positive, `negativeSlope · x` elsewhere (`torch.nn.functional.leaky_relu`). */
export const leakyRelu = named<
  'leaky_relu',
  { input: Tensor },
  { negativeSlope?: Scalar; inplace?: boolean }
>('leaky_relu', (input: Tensor, negativeSlope: Scalar, inplace: boolean) =>
  inplace ? written(input, n.leakyRelu_(input, negativeSlope)) : n.leakyRelu(input, negativeSlope),
);

/** Limits `x` to `[minVal, maxVal]` (`torch.nn.functional.hardtanh`). */
export const hardtanh = named<
  'hardtanh',
  { input: Tensor },
  { minVal?: Scalar; maxVal?: Scalar; inplace?: boolean }
>('hardtanh', (input: Tensor, minVal: Scalar, maxVal: Scalar, inplace: boolean) => {
  if (toNumber(minVal) > toNumber(maxVal)) {
    throw new TorchError('min_val cannot be greater than max_val', 'ValueError', 'hardtanh');
  }
  return inplace
    ? written(input, n.hardtanh_(input, minVal, maxVal))
    : n.hardtanh(input, minVal, maxVal);
});

const toNumber = (scalar: Scalar): number =>
  typeof scalar === 'object' && 'float' in scalar ? scalar.float : Number(scalar);

/** `x` where above `threshold`, `value` elsewhere (`torch.nn.functional.threshold`). */
export const threshold = named<
  '_threshold',
  { input: Tensor; threshold: Scalar; value: Scalar },
  { inplace?: boolean }
>('_threshold', (input: Tensor, limit: Scalar, value: Scalar, inplace: boolean) =>
  inplace ? written(input, f.threshold_(input, limit, value)) : f.threshold(input, limit, value),
);

/**
 * Leaky ReLU whose slope is drawn evenly from `[lower, upper)` while training and is their mean
 * otherwise (`torch.nn.functional.rrelu`).
 */
export const rrelu = named<
  'rrelu',
  { input: Tensor },
  { lower?: Scalar; upper?: Scalar; training?: boolean; inplace?: boolean }
>('rrelu', (input: Tensor, lower: Scalar, upper: Scalar, training: boolean, inplace: boolean) =>
  inplace
    ? written(input, f.rrelu_(input, lower, upper, training))
    : f.rrelu(input, lower, upper, training),
);

/** The first half of a dimension times the sigmoid of the second (`torch.nn.functional.glu`). */
export const glu = named<'glu', { input: Tensor }, { dim?: number }>(
  'glu',
  (input: Tensor, dim: number) => {
    if (input.ndim === 0) {
      throw new TorchError(
        'glu does not support scalars because halving size must be even',
        'RuntimeError',
        'glu',
      );
    }
    return n.glu(input, dim);
  },
);

/** The in-place forms, which change and return the input. */
export const relu_ = (input: Tensor): Tensor => relu(input, true);
export const selu_ = (input: Tensor): Tensor => selu(input, true);
export const elu_ = (input: Tensor, alpha?: Scalar): Tensor => elu(input, alpha, true);
export const celu_ = (input: Tensor, alpha?: Scalar): Tensor => celu(input, alpha, true);
export const leakyRelu_ = (input: Tensor, negativeSlope?: Scalar): Tensor =>
  leakyRelu(input, negativeSlope, true);
export const hardtanh_ = (input: Tensor, minVal?: Scalar, maxVal?: Scalar): Tensor =>
  hardtanh(input, minVal, maxVal, true);
export const threshold_ = (input: Tensor, limit: Scalar, value: Scalar): Tensor =>
  threshold(input, limit, value, true);
export const rrelu_ = (input: Tensor, lower?: Scalar, upper?: Scalar, training?: boolean): Tensor =>
  rrelu(input, lower, upper, training, true);

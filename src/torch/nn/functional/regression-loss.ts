/** Regression losses. */

import { named } from '../../arguments';
import { noGrad } from '../../autograd';
import { TorchError } from '../../errors';
import { onesLike, poissonNllLoss as poisson } from '../../generated/functions';
import * as n from '../../generated/nn';
import type { Tensor } from '../../tensor';
import { shapeText } from '../repr';
import { broadcast, type LossOptions, type Reduction, reduce, reductionNumber } from './reduction';
import { warn } from './warning';

export interface ElementLossOptions extends LossOptions {
  /** Weight of each element, of the input's shape. */
  weight?: Tensor | null;
}

const sameShape = (a: Tensor, b: Tensor): boolean => String(a.shape) === String(b.shape);

/** Input and target in one shape; warns where they differ, which is mostly a mistake. */
function asOne(input: Tensor, target: Tensor): [Tensor, Tensor] {
  if (!sameShape(input, target)) {
    warn(
      `Using a target size (${shapeText(target.shape)}) that is different to the input size ` +
        `(${shapeText(input.shape)}). This will likely lead to incorrect results due to ` +
        'broadcasting. Please ensure they have the same size.',
    );
  }
  return broadcast([input, target]);
}

/** The mean of a weighted loss divides by the weights' sum, except in Huber's. */
function weigh(
  op: string,
  loss: Tensor,
  weight: Tensor,
  input: Tensor,
  reduction: Reduction,
  byWeight: boolean,
): Tensor {
  if (!sameShape(weight, input)) {
    throw new TorchError('Weights and input must have the same size.', 'ValueError', op);
  }
  const weighted = loss.mul(weight);
  if (reduction === 'mean' && byWeight) return weighted.sum().div(weight.sum());
  const expected = "Expected one of 'none', 'mean', 'sum'.";
  return reduce(op, weighted, reduction, `Invalid reduction mode: ${reduction}. ${expected}`);
}

/** The absolute error (`torch.nn.functional.l1_loss`). */
export const l1Loss = named<'l1_loss', { input: Tensor; target: Tensor }, ElementLossOptions>(
  'l1_loss',
  (input: Tensor, target: Tensor, reduction: Reduction, weight: Tensor | null) => {
    const [x, y] = asOne(input, target);
    if (weight) return weigh('l1_loss', x.sub(y).abs(), weight, input, reduction, true);
    return n.l1Loss(x, y, reductionNumber('l1_loss', reduction));
  },
);

/** The squared error (`torch.nn.functional.mse_loss`). */
export const mseLoss = named<'mse_loss', { input: Tensor; target: Tensor }, ElementLossOptions>(
  'mse_loss',
  (input: Tensor, target: Tensor, reduction: Reduction, weight: Tensor | null) => {
    const [x, y] = asOne(input, target);
    if (weight) return weigh('mse_loss', x.sub(y).pow(2), weight, input, reduction, true);
    return n.mseLoss(x, y, reductionNumber('mse_loss', reduction));
  },
);

interface HuberOptions extends Omit<ElementLossOptions, 'sizeAverage' | 'reduce'> {
  /** Default 1. */
  delta?: number;
}

/** Squared below `delta`, straight above (`torch.nn.functional.huber_loss`). */
export const huberLoss = named<'huber_loss', { input: Tensor; target: Tensor }, HuberOptions>(
  'huber_loss',
  (input: Tensor, target: Tensor, reduction: Reduction, delta: number, weight: Tensor | null) => {
    const [x, y] = asOne(input, target);
    if (!weight) return n.huberLoss(x, y, reductionNumber('huber_loss', reduction), delta);
    return weigh('huber_loss', n.huberLoss(x, y, 0, delta), weight, input, reduction, false);
  },
);

interface SmoothL1Options extends LossOptions {
  /** Default 1. */
  beta?: number;
}

/** Huber's loss divided by `beta` (`torch.nn.functional.smooth_l1_loss`). */
export const smoothL1Loss = named<
  'smooth_l1_loss',
  { input: Tensor; target: Tensor },
  SmoothL1Options
>('smooth_l1_loss', (input: Tensor, target: Tensor, reduction: Reduction, beta: number) => {
  const [x, y] = asOne(input, target);
  const by = reductionNumber('smooth_l1_loss', reduction);
  return beta === 0 ? n.l1Loss(x, y, by) : n.smoothL1Loss(x, y, by, beta);
});

export interface PoissonNllOptions extends LossOptions {
  /** Whether the input is the rate's logarithm. Default true. */
  logInput?: boolean;
  /** Adds Stirling's approximation of the missing term. */
  full?: boolean;
  eps?: number;
}

/** Counts against the rate of a Poisson distribution (`torch.nn.functional.poisson_nll_loss`). */
export const poissonNllLoss = named<
  'poisson_nll_loss',
  { input: Tensor; target: Tensor },
  PoissonNllOptions
>(
  'poisson_nll_loss',
  (
    input: Tensor,
    target: Tensor,
    logInput: boolean,
    full: boolean,
    eps: number,
    reduction: Reduction,
  ) => poisson(input, target, logInput, full, eps, reductionNumber('poisson_nll_loss', reduction)),
);

export interface GaussianNllOptions extends LossOptions {
  /** Adds the constant term. */
  full?: boolean;
  /** The least variance. */
  eps?: number;
}

/**
 * Targets against a normal distribution with mean `input` and variance `variance`
 * (`torch.nn.functional.gaussian_nll_loss`).
 * @param variance A number, or a tensor of the input's shape, of that without its last dimension, or
 *   with one dimension of size 1.
 */
export const gaussianNllLoss = named<
  'gaussian_nll_loss',
  { input: Tensor; target: Tensor; var: Tensor | number },
  GaussianNllOptions
>(
  'gaussian_nll_loss',
  (
    input: Tensor,
    target: Tensor,
    variance: Tensor | number,
    full: boolean,
    eps: number,
    reduction: Reduction,
  ) => {
    const fail = (message: string) => new TorchError(message, 'ValueError', 'gaussian_nll_loss');
    const negative =
      typeof variance === 'number' ? variance < 0 : Boolean(variance.lt(0).any().item());
    if (negative) throw fail('var has negative entry/entries');
    const spread =
      typeof variance === 'number' ? onesLike(input).mul({ float: variance }) : variance;
    const clamped = asWide(spread, input, fail).clone();
    if (!['none', 'mean', 'sum'].includes(reduction)) throw fail(`${reduction} is not valid`);
    noGrad(() => clamped.clamp_({ min: { float: eps } }));
    const loss = clamped.log().add(input.sub(target).pow(2).div(clamped)).mul(0.5);
    if (full) loss.add_(0.5 * Math.log(2 * Math.PI));
    return reduce('gaussian_nll_loss', loss, reduction);
  },
);

function asWide(variance: Tensor, input: Tensor, fail: (message: string) => TorchError): Tensor {
  if (sameShape(variance, input)) return variance;
  if (String(input.shape.slice(0, -1)) === String(variance.shape)) return variance.unsqueeze(-1);
  const others = variance.shape.filter((size, i) => size !== input.shape[i]);
  const sum = others.reduce((total, size) => total + size, 0);
  if (input.ndim !== variance.ndim || sum !== 1) throw fail('var is of incorrect size');
  return variance;
}

import { TorchError } from '../errors';
import { zeros, zerosLike } from '../generated/functions';
import { finfo } from '../number-info';
import type { Tensor } from '../tensor';
import { type CommonOptions, ElementwiseOptimizer, zeroSteps } from './elementwise';
import { pow } from './libm';
import { type OptimizerArgs, optimizerSettings } from './param-group';
import { pythonText } from './python-text';

export interface AdafactorOptions extends CommonOptions {
  /** Default 0.01. */
  lr: number;
  /** The exponent by which the averages of squares get longer. Default -0.8. */
  beta2Decay: number;
  /** Least square, null for the dtype's resolution, and least size of a parameter. Default `[null, 1e-3]`. */
  eps: readonly [number | null, number];
  /** An update's root mean square is at most this. Default 1. */
  d: number;
  weightDecay: number;
}

interface State {
  step: Tensor;
  rowVar?: Tensor;
  colVar?: Tensor;
  variance?: Tensor;
}

/**
 * Steps in proportion to a parameter's size, with the squares of a matrix kept as sums of its rows and columns
 * (`torch.optim.Adafactor`; Shazeer and Stern 2018).
 */
export class Adafactor extends ElementwiseOptimizer<AdafactorOptions, State> {
  protected override readonly floats = ['d', 'weight_decay'];
  protected override readonly hasStatesOfParameters = false;
  protected override readonly inRealParts = false;

  /** Throws TorchError for settings out of their range. */
  constructor(...args: OptimizerArgs<'Adafactor', AdafactorOptions>) {
    const { params, defaults } = optimizerSettings<AdafactorOptions>('Adafactor', args);
    const { lr, beta2Decay, eps, d, weightDecay } = defaults;
    const checks: [ok: boolean, what: string, value: number | null][] = [
      [lr >= 0, 'Learning rate should be >= 0', lr],
      [beta2Decay <= 0, 'beta2_decay should be <= 0', beta2Decay],
      [eps[0] === null || eps[0] >= 0, 'epsilon1 should be >= 0', eps[0]],
      [eps[1] >= 0, 'epsilon2 should be >= 0', eps[1]],
      [d >= 1, 'Clipping threshold d should be >= 1', d],
      [weightDecay >= 0, 'weight_decay should be >= 0', weightDecay],
    ];
    for (const [ok, what, value] of checks) {
      if (!ok) throw new TorchError(`${what} but is: ${pythonText(value)}`, 'ValueError');
    }
    super(params, defaults);
  }

  protected initialState(param: Tensor, gradient: Tensor): State {
    if (param.isComplex()) {
      throw new TorchError('Adafactor does not support complex parameters', 'RuntimeError');
    }
    if (gradient.ndim < 2) return { step: zeroSteps(), variance: zerosLike(gradient) };
    const along = (dim: number) =>
      zeros(gradient.shape.with(dim, 1), { dtype: gradient.dtype, device: gradient.device });
    return { step: zeroSteps(), rowVar: along(-1), colVar: along(-2) };
  }

  protected updateOne(
    param: Tensor,
    gradient: Tensor,
    state: State,
    group: AdafactorOptions,
    scaledFirst = false,
  ): void {
    const { lr, beta2Decay, weightDecay, maximize, d } = group;
    const [eps1, eps2] = [group.eps[0] ?? finfo(param.dtype).eps, group.eps[1]];
    const g = maximize ? gradient.neg() : gradient;
    const step = state.step.add_(1).item();
    const weight = pow(step, beta2Decay);
    const rho = Math.min(lr, 1 / Math.sqrt(step));
    const alpha = Math.max(eps2, param.norm(2).item() / Math.sqrt(param.numel())) * rho;
    if (weightDecay !== 0) param.mul_({ float: 1 - lr * weightDecay });

    const squares = squaresOf(g, state, weight, eps1);
    const update = squares
      .clamp_({ min: { float: eps1 * eps1 } })
      .rsqrt_()
      .mul_(g);
    const size = update.norm(2).item() / (Math.sqrt(update.numel()) * d);
    const rate = -alpha / Math.max(1, size);
    if (scaledFirst) param.add_(update.mul_({ float: rate }));
    else param.add_(update, { alpha: { float: rate } });
  }

  protected updateAll(
    params: Tensor[],
    gradients: Tensor[],
    states: State[],
    group: AdafactorOptions,
  ): void {
    // PyTorch's `_foreach` operators differ from the others in how they scale the update.
    params.forEach((param, i) => {
      this.updateOne(param, gradients[i]!, states[i]!, group, true);
    });
  }
}

/** The estimate of the gradient's squares, after this gradient has gone into the averages. */
function squaresOf(
  g: Tensor,
  { rowVar, colVar, variance }: State,
  weight: number,
  eps: number,
): Tensor {
  if (!rowVar || !colVar) return variance!.lerp_(g.mul(g), { float: weight }).clone();
  const mean = (dim: number) =>
    g
      .norm({ dim: [dim], keepdim: true } as never)
      .square_()
      .div_(g.size(dim));
  rowVar.lerp_(mean(-1), { float: weight });
  colVar.lerp_(mean(-2), { float: weight });
  const scale = rowVar.mean([-2], true).clamp_({ min: { float: eps } });
  return rowVar.matmul(colVar).div_(scale);
}

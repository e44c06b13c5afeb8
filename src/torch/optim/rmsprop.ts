import { zerosLike } from '../generated/functions';
import type { Tensor } from '../tensor';
import {
  type DecayOptions,
  decayed,
  decayedAll,
  ElementwiseOptimizer,
  notNegative,
  zeroSteps,
} from './elementwise';
import { foreach } from './foreach';
import { type OptimizerArgs, optimizerSettings } from './param-group';

export interface RMSpropOptions extends DecayOptions {
  /** Default 0.01. */
  lr: number;
  /** Decay of the average of the squared gradient. Default 0.99. */
  alpha: number;
  /** Added to the denominator. Default 1e-8. */
  eps: number;
  momentum: number;
  /** Divide by an estimate of the gradient's deviation, not by its root mean square. */
  centered: boolean;
}

interface State {
  step: Tensor;
  squareAvg: Tensor;
  momentumBuffer?: Tensor;
  gradAvg?: Tensor;
}

/** Division by the root of a running mean of squares (`torch.optim.RMSprop`). */
export class RMSprop extends ElementwiseOptimizer<RMSpropOptions, State> {
  /** Throws TorchError for settings out of their range. */
  constructor(...args: OptimizerArgs<'RMSprop', RMSpropOptions>) {
    const { params, defaults } = optimizerSettings<RMSpropOptions>('RMSprop', args);
    notNegative({
      'learning rate': defaults.lr,
      'epsilon value': defaults.eps,
      'momentum value': defaults.momentum,
      'weight_decay value': defaults.weightDecay,
      'alpha value': defaults.alpha,
    });
    super(params, defaults);
  }

  protected initialState(
    param: Tensor,
    _gradient: Tensor,
    { momentum, centered }: RMSpropOptions,
  ): State {
    return {
      step: zeroSteps(),
      squareAvg: zerosLike(param),
      ...(momentum > 0 && { momentumBuffer: zerosLike(param) }),
      ...(centered && { gradAvg: zerosLike(param) }),
    };
  }

  protected updateOne(param: Tensor, gradient: Tensor, state: State, group: RMSpropOptions): void {
    const { lr, alpha, eps, momentum, centered } = group;
    const { squareAvg, gradAvg, momentumBuffer } = state;
    state.step.add_(1);
    const g = decayed(gradient, param, group);
    squareAvg.mul_(alpha).addcmul_(g, g, { value: 1 - alpha });
    gradAvg?.lerp_(g, 1 - alpha);
    const average = centered
      ? squareAvg.addcmul(gradAvg!, gradAvg!, { value: -1 }).sqrt_()
      : squareAvg.sqrt();
    average.add_(eps);
    if (momentum > 0) {
      momentumBuffer!.mul_(momentum).addcdiv_(g, average);
      param.add_(momentumBuffer!, { alpha: -lr });
    } else {
      param.addcdiv_(g, average, { value: -lr });
    }
  }

  protected updateAll(
    params: Tensor[],
    gradients: Tensor[],
    states: State[],
    group: RMSpropOptions,
  ): void {
    const { lr, alpha, eps, momentum, centered } = group;
    const squareAvgs = states.map(({ squareAvg }) => squareAvg);
    for (const { step } of states) step.add_(1);
    const g = decayedAll(gradients, params, group);
    foreach.scale_(squareAvgs, alpha);
    foreach.addcmul_(squareAvgs, g, g, 1 - alpha);
    let averages: Tensor[];
    if (centered) {
      const gradAvgs = states.map(({ gradAvg }) => gradAvg!);
      foreach.lerp_(gradAvgs, g, 1 - alpha);
      averages = foreach.addcmul(squareAvgs, gradAvgs, gradAvgs, -1);
      foreach.sqrt_(averages);
    } else {
      averages = foreach.sqrt(squareAvgs);
    }
    foreach.plus_(averages, eps);
    if (momentum > 0) {
      const buffers = states.map(({ momentumBuffer }) => momentumBuffer!);
      foreach.scale_(buffers, momentum);
      foreach.addcdiv_(buffers, g, averages);
      foreach.add_(params, buffers, { alpha: -lr });
    } else {
      foreach.addcdiv_(params, g, averages, -lr);
    }
  }
}

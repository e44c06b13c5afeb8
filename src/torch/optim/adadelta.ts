import { TorchError } from '../errors';
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
import { pythonText } from './python-text';

export interface AdadeltaOptions extends DecayOptions {
  /** Factor of the step that the method finds by itself. Default 1. */
  lr: number;
  /** Decay of the averages of squares, 0 to 1. Default 0.9. */
  rho: number;
  /** Added to both averages. Default 1e-6. */
  eps: number;
}

interface State {
  step: Tensor;
  squareAvg: Tensor;
  accDelta: Tensor;
}

/** Steps sized by the steps before (`torch.optim.Adadelta`). */
export class Adadelta extends ElementwiseOptimizer<AdadeltaOptions, State> {
  protected override readonly floats = ['lr'];

  /** Throws TorchError for settings out of their range. */
  constructor(...args: OptimizerArgs<'Adadelta', AdadeltaOptions>) {
    const { params, defaults } = optimizerSettings<AdadeltaOptions>('Adadelta', args);
    const { lr, rho, eps, weightDecay } = defaults;
    notNegative({ 'learning rate': lr });
    if (!(rho >= 0 && rho <= 1)) {
      throw new TorchError(`Invalid rho value: ${pythonText(rho)}`, 'ValueError');
    }
    notNegative({ 'epsilon value': eps, 'weight_decay value': weightDecay });
    super(params, defaults);
  }

  protected initialState(param: Tensor): State {
    return { step: zeroSteps(), squareAvg: zerosLike(param), accDelta: zerosLike(param) };
  }

  protected updateOne(param: Tensor, gradient: Tensor, state: State, group: AdadeltaOptions): void {
    const { lr, rho, eps } = group;
    const { squareAvg, accDelta } = state;
    state.step.add_(1);
    const g = decayed(gradient, param, group);
    squareAvg.mul_(rho).addcmul_(g, g, { value: 1 - rho });
    const deviation = squareAvg.add(eps).sqrt_();
    const delta = accDelta.add(eps).sqrt_().div_(deviation).mul_(g);
    accDelta.mul_(rho).addcmul_(delta, delta, { value: 1 - rho });
    param.add_(delta, { alpha: -lr });
  }

  protected updateAll(
    params: Tensor[],
    gradients: Tensor[],
    states: State[],
    group: AdadeltaOptions,
  ): void {
    const { lr, rho, eps } = group;
    const squareAvgs = states.map(({ squareAvg }) => squareAvg);
    const accDeltas = states.map(({ accDelta }) => accDelta);
    for (const { step } of states) step.add_(1);
    const g = decayedAll(gradients, params, group);
    foreach.scale_(squareAvgs, rho);
    foreach.addcmul_(squareAvgs, g, g, 1 - rho);
    const deviations = foreach.plus(squareAvgs, eps);
    foreach.sqrt_(deviations);
    const deltas = foreach.plus(accDeltas, eps);
    foreach.sqrt_(deltas);
    foreach.div_(deltas, deviations);
    foreach.mul_(deltas, g);
    foreach.scale_(accDeltas, rho);
    foreach.addcmul_(accDeltas, deltas, deltas, 1 - rho);
    foreach.add_(params, deltas, { alpha: -lr });
  }
}

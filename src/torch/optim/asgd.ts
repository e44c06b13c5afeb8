import { full, ones, zerosLike } from '../generated/functions';
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
import { pow } from './libm';
import { type OptimizerArgs, optimizerSettings } from './param-group';

export interface ASGDOptions extends DecayOptions {
  /** Default 0.01. */
  lr: number;
  /** Decay of the weights. Default 1e-4. */
  lambd: number;
  /** Power by which the learning rate falls. Default 0.75. */
  alpha: number;
  /** The step at which the averaging begins. Default 1e6. */
  t0: number;
}

interface State {
  step: Tensor;
  eta: Tensor;
  mu: Tensor;
  /** The averaged parameter. */
  ax: Tensor;
}

/** Averaged stochastic gradient descent (`torch.optim.ASGD`). */
export class ASGD extends ElementwiseOptimizer<ASGDOptions, State> {
  protected override readonly floats = ['t0'];

  /** Throws TorchError for settings out of their range. */
  constructor(...args: OptimizerArgs<'ASGD', ASGDOptions>) {
    const { params, defaults } = optimizerSettings<ASGDOptions>('ASGD', args);
    notNegative({ 'learning rate': defaults.lr, 'weight_decay value': defaults.weightDecay });
    super(params, defaults);
  }

  protected initialState(param: Tensor, _gradient: Tensor, { lr }: ASGDOptions): State {
    return {
      step: zeroSteps(),
      eta: full([], lr, { dtype: 'float32' }),
      mu: ones([], { dtype: 'float32' }),
      ax: zerosLike(param),
    };
  }

  protected updateOne(param: Tensor, gradient: Tensor, state: State, group: ASGDOptions): void {
    const { mu, ax } = state;
    const step = state.step.add_(1).item();
    const g = decayed(gradient, param, group);
    const eta = state.eta.item();
    param.mul_(1 - group.lambd * eta);
    param.add_(g, { alpha: -eta });
    if (mu.item() === 1) ax.copy_(param);
    else ax.add_(param.sub(ax).mul_(mu));
    const { lr, lambd, alpha } = group;
    state.eta.fill_(lr / pow(1 + lambd * lr * step, alpha));
    mu.fill_(weightAt(step, group));
  }

  protected updateAll(
    params: Tensor[],
    gradients: Tensor[],
    states: State[],
    group: ASGDOptions,
  ): void {
    const { lr, lambd, alpha } = group;
    const averages = states.map(({ ax }) => ax);
    const steps = states.map(({ step }) => step.add_(1).item());
    const g = decayedAll(gradients, params, group);
    const etas = states.map(({ eta }) => eta);
    const mus = states.map(({ mu }) => mu);
    const updates = foreach.add(g, params, { alpha: lambd });
    foreach.addcmul_(params, updates, etas, -1);
    foreach.addcmul_(averages, foreach.sub(params, averages), mus);
    states.forEach(({ step, eta, mu }, i) => {
      // Here PyTorch computes in float32, step by step.
      const rate = step
        .mul(lambd * lr)
        .add(1)
        .pow(alpha)
        .reciprocal()
        .mul(lr);
      eta.copy_(rate);
      mu.fill_(weightAt(steps[i]!, group));
    });
  }
}

/** The weight of the next parameter in the average. */
const weightAt = (step: number, { t0 }: ASGDOptions): number => 1 / Math.max(1, step - t0);

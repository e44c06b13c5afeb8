import { maximum, zerosLike } from '../generated/functions';
import type { Tensor } from '../tensor';
import {
  checkBetas,
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

export interface AdamaxOptions extends DecayOptions {
  /** Default 0.002. */
  lr: number;
  /** Decay of the average of the gradient and of its largest size. Default `[0.9, 0.999]`. */
  betas: readonly [number, number];
  /** Added to the gradient's size. Default 1e-8. */
  eps: number;
}

interface State {
  step: Tensor;
  expAvg: Tensor;
  expInf: Tensor;
}

/** Adam with the infinity norm (`torch.optim.Adamax`). */
export class Adamax extends ElementwiseOptimizer<AdamaxOptions, State> {
  /** Throws TorchError for settings out of their range. */
  constructor(...args: OptimizerArgs<'Adamax', AdamaxOptions>) {
    const { params, defaults } = optimizerSettings<AdamaxOptions>('Adamax', args);
    notNegative({ 'learning rate': defaults.lr, 'epsilon value': defaults.eps });
    checkBetas(defaults.betas);
    notNegative({ 'weight_decay value': defaults.weightDecay });
    super(params, defaults);
  }

  protected initialState(param: Tensor): State {
    return { step: zeroSteps(), expAvg: zerosLike(param), expInf: zerosLike(param) };
  }

  protected updateOne(param: Tensor, gradient: Tensor, state: State, group: AdamaxOptions): void {
    const { lr, betas, eps } = group;
    const [beta1, beta2] = betas;
    const { expAvg, expInf } = state;
    const step = state.step.add_(1).item();
    const g = decayed(gradient, param, group);
    expAvg.lerp_(g, 1 - beta1);
    maximum(expInf.mul_(beta2), g.abs().add_(eps), { out: expInf });
    param.addcdiv_(expAvg, expInf, { value: -(lr / (1 - pow(beta1, step))) });
  }

  protected updateAll(
    params: Tensor[],
    gradients: Tensor[],
    states: State[],
    group: AdamaxOptions,
  ): void {
    const { lr, betas, eps, maximize, weightDecay } = group;
    const [beta1, beta2] = betas;
    const expAvgs = states.map(({ expAvg }) => expAvg);
    const expInfs = states.map(({ expInf }) => expInf);
    const steps = states.map(({ step }) => step.add_(1).item());
    let g = decayedAll(gradients, params, group);
    foreach.lerp_(expAvgs, g, 1 - beta1);
    foreach.scale_(expInfs, beta2);
    if (!maximize && weightDecay === 0) g = foreach.abs(g);
    else foreach.abs_(g);
    foreach.plus_(g, eps);
    foreach.maximum_(expInfs, g);
    const stepSizes = steps.map((step) => (lr / (1 - pow(beta1, step))) * -1);
    foreach.addcdivEach_(params, expAvgs, expInfs, stepSizes);
  }
}

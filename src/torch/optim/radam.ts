import { zerosLike } from '../generated/functions';
import type { Tensor } from '../tensor';
import {
  checkBetas,
  coupled,
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

export interface RAdamOptions extends DecayOptions {
  /** Default 0.001. */
  lr: number;
  /** Decay of the averages of the gradient and of its square. Default `[0.9, 0.999]`. */
  betas: readonly [number, number];
  /** Added to the denominator. Default 1e-8. */
  eps: number;
  /** Shrink the weights by themselves and not through the gradient. */
  decoupledWeightDecay: boolean;
}

interface State {
  step: Tensor;
  expAvg: Tensor;
  expAvgSq: Tensor;
}

/** Adam that warms itself up (`torch.optim.RAdam`). */
export class RAdam extends ElementwiseOptimizer<RAdamOptions, State> {
  /** Throws TorchError for settings out of their range. */
  constructor(...args: OptimizerArgs<'RAdam', RAdamOptions>) {
    const { params, defaults } = optimizerSettings<RAdamOptions>('RAdam', args);
    notNegative({ 'learning rate': defaults.lr, 'epsilon value': defaults.eps });
    checkBetas(defaults.betas);
    notNegative({ 'weight_decay value': defaults.weightDecay });
    super(params, defaults);
  }

  protected initialState(param: Tensor): State {
    return { step: zeroSteps(), expAvg: zerosLike(param), expAvgSq: zerosLike(param) };
  }

  protected updateOne(param: Tensor, gradient: Tensor, state: State, group: RAdamOptions): void {
    const { lr, betas, eps, weightDecay, decoupledWeightDecay } = group;
    const [beta1, beta2] = betas;
    const { expAvg, expAvgSq } = state;
    const step = state.step.add_(1).item();
    if (decoupledWeightDecay && weightDecay !== 0) param.mul_(1 - lr * weightDecay);
    const g = decayed(gradient, param, coupled(group));
    expAvg.lerp_(g, 1 - beta1);
    expAvgSq.mul_(beta2).addcmul_(g, g, { value: 1 - beta2 });
    const correction = 1 - pow(beta2, step);
    const update = expAvg.div(1 - pow(beta1, step)).mul(lr);
    const rectification = rectify(step, beta2);
    if (rectification === 0) {
      param.add_(update, { alpha: -1 });
      return;
    }
    // A number divided by a tensor is its reciprocal times the number, in Python too.
    const adaptive = expAvgSq.sqrt().add_(eps).reciprocal().mul(pow(correction, 0.5));
    param.add_(update.mul(adaptive).mul(rectification), { alpha: -1 });
  }

  protected updateAll(
    params: Tensor[],
    gradients: Tensor[],
    states: State[],
    group: RAdamOptions,
  ): void {
    const { lr, betas, eps, weightDecay, decoupledWeightDecay } = group;
    const [beta1, beta2] = betas;
    const expAvgs = states.map(({ expAvg }) => expAvg);
    const expAvgSqs = states.map(({ expAvgSq }) => expAvgSq);
    const steps = states.map(({ step }) => step.add_(1).item());
    // PyTorch turns the gradients round before it shrinks the weights; the order changes nothing.
    if (decoupledWeightDecay && weightDecay !== 0) foreach.scale_(params, 1 - lr * weightDecay);
    const g = decayedAll(gradients, params, coupled(group));
    foreach.lerp_(expAvgs, g, 1 - beta1);
    foreach.scale_(expAvgSqs, beta2);
    foreach.addcmul_(expAvgSqs, g, g, 1 - beta2);
    const factors = steps.map((step) => {
      const rectification = rectify(step, beta2);
      const correction = 1 - pow(beta1, step);
      const plain = ((lr * (rectification > 0 ? 0 : 1)) / correction) * -1;
      const root = pow(1 - pow(beta2, step), 0.5);
      return { plain, adaptive: root * ((lr * rectification) / correction) * -1 };
    });
    const buffers = foreach.sqrt(expAvgSqs);
    foreach.plus_(buffers, eps);
    foreach.divEach_(
      buffers,
      factors.map(({ adaptive }) => adaptive),
    );
    foreach.reciprocal_(buffers);
    foreach.plusEach_(
      buffers,
      factors.map(({ plain }) => plain),
    );
    foreach.addcmul_(params, expAvgs, buffers);
  }
}

/** The factor of an adaptive step; 0 while the variance can't be trusted yet. */
function rectify(step: number, beta2: number): number {
  const power = pow(beta2, step);
  const limit = 2 / (1 - beta2) - 1;
  const length = limit - (2 * step * power) / (1 - power);
  if (!(length > 5)) return 0;
  return pow(((length - 4) * (length - 2) * limit) / ((limit - 4) * (limit - 2) * length), 0.5);
}

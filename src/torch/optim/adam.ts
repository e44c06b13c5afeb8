import { operator } from '../dispatch';
import { maximum, zerosLike } from '../generated/functions';
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
import { type OptimizerArgs, optimizerSettings, type ParamGroup } from './param-group';

export interface AdamOptions extends DecayOptions {
  /** Default 0.001. */
  lr: number;
  /** Decay of the averages of the gradient and of its square. Default `[0.9, 0.999]`. */
  betas: readonly [number, number];
  /** Added to the denominator. Default 1e-8. */
  eps: number;
  /** Divide by the largest average so far. */
  amsgrad: boolean;
  /** Shrink the weights by themselves, as AdamW does, and not through the gradient. */
  decoupledWeightDecay: boolean;
  /** Change all parameters in one operator. */
  fused: boolean | null;
}

interface State {
  step: Tensor;
  expAvg: Tensor;
  expAvgSq: Tensor;
  maxExpAvgSq?: Tensor;
}

type Fused = (
  self: Tensor[],
  gradients: Tensor[],
  expAvgs: Tensor[],
  expAvgSqs: Tensor[],
  maxExpAvgSqs: Tensor[],
  steps: Tensor[],
  options: object,
) => void;

const fusedAdam = operator<Fused>('_fused_adam_', ['']);
const fusedAdamW = operator<Fused>('_fused_adamw_', ['']);

/** Adaptive moments (`torch.optim.Adam`). */
export class Adam extends ElementwiseOptimizer<AdamOptions, State> {
  protected override readonly sparseMessage =
    'Adam does not support sparse gradients, please consider SparseAdam instead';

  /** Throws TorchError for settings out of their range. */
  constructor(...args: OptimizerArgs<'Adam', AdamOptions>) {
    const { params, defaults } = optimizerSettings<AdamOptions>('Adam', args);
    notNegative({ 'learning rate': defaults.lr, 'epsilon value': defaults.eps });
    checkBetas(defaults.betas);
    notNegative({ 'weight_decay value': defaults.weightDecay });
    super(params, defaults);
  }

  protected initialState(param: Tensor, _gradient: Tensor, { amsgrad, fused }: AdamOptions): State {
    return {
      step: zeroSteps(param, fused),
      expAvg: zerosLike(param),
      expAvgSq: zerosLike(param),
      ...(amsgrad && { maxExpAvgSq: zerosLike(param) }),
    };
  }

  protected updateOne(param: Tensor, gradient: Tensor, state: State, group: AdamOptions): void {
    const { lr, betas, eps, amsgrad, weightDecay, decoupledWeightDecay } = group;
    const [beta1, beta2] = betas;
    const { expAvg, expAvgSq, maxExpAvgSq } = state;
    const step = state.step.add_(1).item();
    if (decoupledWeightDecay && weightDecay !== 0) param.mul_(1 - lr * weightDecay);
    const g = decayed(gradient, param, coupled(group));
    expAvg.lerp_(g, 1 - beta1);
    expAvgSq.mul_(beta2).addcmul_(g, g, { value: 1 - beta2 });
    const stepSize = lr / (1 - pow(beta1, step));
    if (amsgrad) maximum(maxExpAvgSq!, expAvgSq, { out: maxExpAvgSq! });
    const denominator = (amsgrad ? maxExpAvgSq! : expAvgSq)
      .sqrt()
      .div(pow(1 - pow(beta2, step), 0.5))
      .add_(eps);
    param.addcdiv_(expAvg, denominator, { value: -stepSize });
  }

  protected updateAll(
    params: Tensor[],
    gradients: Tensor[],
    states: State[],
    group: AdamOptions,
  ): void {
    const { lr, betas, eps, amsgrad, weightDecay, decoupledWeightDecay } = group;
    const [beta1, beta2] = betas;
    const expAvgs = states.map(({ expAvg }) => expAvg);
    const expAvgSqs = states.map(({ expAvgSq }) => expAvgSq);
    const steps = states.map(({ step }) => step.add_(1).item());
    if (decoupledWeightDecay && weightDecay !== 0) foreach.scale_(params, 1 - lr * weightDecay);
    const g = decayedAll(gradients, params, coupled(group));
    foreach.lerp_(expAvgs, g, 1 - beta1);
    foreach.scale_(expAvgSqs, beta2);
    foreach.addcmul_(expAvgSqs, g, g, 1 - beta2);
    const maxima = amsgrad ? states.map(({ maxExpAvgSq }) => maxExpAvgSq!) : null;
    if (maxima) foreach.maximum_(maxima, expAvgSqs);
    const denominators = foreach.sqrt(maxima ?? expAvgSqs);
    foreach.divEach_(
      denominators,
      steps.map((step) => pow(1 - pow(beta2, step), 0.5)),
    );
    foreach.plus_(denominators, eps);
    const stepSizes = steps.map((step) => (lr / (1 - pow(beta1, step))) * -1);
    foreach.addcdivEach_(params, expAvgs, denominators, stepSizes);
  }

  protected override updateFused(
    params: Tensor[],
    gradients: Tensor[],
    states: State[],
    group: ParamGroup<AdamOptions>,
  ): void {
    const { lr, betas, eps, weightDecay, amsgrad, maximize, decoupledWeightDecay } = group;
    for (const { step } of states) step.add_(1);
    const fused = decoupledWeightDecay ? fusedAdamW : fusedAdam;
    fused(
      params,
      gradients,
      states.map(({ expAvg }) => expAvg),
      states.map(({ expAvgSq }) => expAvgSq),
      amsgrad ? states.map(({ maxExpAvgSq }) => maxExpAvgSq!) : [],
      states.map(({ step }) => step),
      {
        lr,
        beta1: betas[0],
        beta2: betas[1],
        weightDecay,
        eps,
        amsgrad,
        maximize,
        ...this.ampScaling,
      },
    );
    this.uncount(states.map(({ step }) => step));
  }
}

/** Adam that shrinks the weights apart from the gradient (`torch.optim.AdamW`). */
export class AdamW extends Adam {
  /** Throws TorchError for settings out of their range. */
  constructor(...args: OptimizerArgs<'AdamW', Omit<AdamOptions, 'decoupledWeightDecay'>>) {
    const { params, defaults } = optimizerSettings<AdamOptions>('AdamW', args);
    super(params, { ...defaults, decoupledWeightDecay: true });
  }
}

import { ones, zerosLike } from '../generated/functions';
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

export interface NAdamOptions extends DecayOptions {
  /** Default 0.002. */
  lr: number;
  /** Decay of the averages of the gradient and of its square. Default `[0.9, 0.999]`. */
  betas: readonly [number, number];
  /** Added to the denominator. Default 1e-8. */
  eps: number;
  /** Default 0.004. */
  momentumDecay: number;
  /** Shrink the weights by themselves and not through the gradient. */
  decoupledWeightDecay: boolean;
}

interface State {
  step: Tensor;
  muProduct: Tensor;
  expAvg: Tensor;
  expAvgSq: Tensor;
}

/** Adam with Nesterov momentum (`torch.optim.NAdam`). */
export class NAdam extends ElementwiseOptimizer<NAdamOptions, State> {
  /** Throws TorchError for settings out of their range. */
  constructor(...args: OptimizerArgs<'NAdam', NAdamOptions>) {
    const { params, defaults } = optimizerSettings<NAdamOptions>('NAdam', args);
    notNegative({ 'learning rate': defaults.lr, 'epsilon value': defaults.eps });
    checkBetas(defaults.betas);
    notNegative({
      'weight_decay value': defaults.weightDecay,
      'momentum_decay value': defaults.momentumDecay,
    });
    super(params, defaults);
  }

  protected initialState(param: Tensor): State {
    return {
      step: zeroSteps(),
      muProduct: ones([], { dtype: 'float32' }),
      expAvg: zerosLike(param),
      expAvgSq: zerosLike(param),
    };
  }

  protected updateOne(param: Tensor, gradient: Tensor, state: State, group: NAdamOptions): void {
    const { lr, betas, eps, weightDecay, decoupledWeightDecay } = group;
    const [beta1, beta2] = betas;
    const { expAvg, expAvgSq } = state;
    const step = state.step.add_(1).item();
    if (decoupledWeightDecay && weightDecay !== 0) param.mul_(1 - lr * weightDecay);
    const g = decayed(gradient, param, coupled(group));
    const [mu, muNext] = momenta(step, group);
    const muProduct = state.muProduct.mul_(mu).item();
    expAvg.lerp_(g, 1 - beta1);
    expAvgSq.mul_(beta2).addcmul_(g, g, { value: 1 - beta2 });
    const denominator = expAvgSq
      .div(1 - pow(beta2, step))
      .sqrt()
      .add_(eps);
    param.addcdiv_(g, denominator, { value: (-lr * (1 - mu)) / (1 - muProduct) });
    param.addcdiv_(expAvg, denominator, { value: (-lr * muNext) / (1 - muProduct * muNext) });
  }

  protected updateAll(
    params: Tensor[],
    gradients: Tensor[],
    states: State[],
    group: NAdamOptions,
  ): void {
    const { lr, betas, eps, weightDecay, decoupledWeightDecay } = group;
    const [beta1, beta2] = betas;
    const expAvgs = states.map(({ expAvg }) => expAvg);
    const expAvgSqs = states.map(({ expAvgSq }) => expAvgSq);
    const steps = states.map(({ step }) => step.add_(1).item());
    if (decoupledWeightDecay && weightDecay !== 0) foreach.scale_(params, 1 - lr * weightDecay);
    const g = decayedAll(gradients, params, coupled(group));
    foreach.lerp_(expAvgs, g, 1 - beta1);
    foreach.scale_(expAvgSqs, beta2);
    foreach.addcmul_(expAvgSqs, g, g, 1 - beta2);
    const denominators = foreach.sqrt(expAvgSqs);
    const factors = steps.map((step) => momenta(step, group));
    const products = states.map(({ muProduct }, i) => muProduct.mul_(factors[i]![0]).item());
    foreach.divEach_(
      denominators,
      steps.map((step) => pow(1 - pow(beta2, step), 0.5)),
    );
    foreach.plus_(denominators, eps);
    const ofGradients = factors.map(([mu], i) => ((lr * (1 - mu)) / (1 - products[i]!)) * -1);
    const ofAverages = factors.map(([, next], i) => ((lr * next) / (1 - products[i]! * next)) * -1);
    foreach.addcdivEach_(params, g, denominators, ofGradients);
    foreach.addcdivEach_(params, expAvgs, denominators, ofAverages);
  }
}

/** The momentum of this step and of the next. */
function momenta(step: number, { betas, momentumDecay }: NAdamOptions): [number, number] {
  const at = (n: number) => betas[0] * (1 - 0.5 * pow(0.96, n * momentumDecay));
  return [at(step), at(step + 1)];
}

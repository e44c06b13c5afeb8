import { operator } from '../dispatch';
import { TorchError } from '../errors';
import { fullLike, viewAsComplex, viewAsReal } from '../generated/functions';
import { keep } from '../memory';
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
import { type OptimizerArgs, optimizerSettings, type ParamGroup } from './param-group';

export interface AdagradOptions extends DecayOptions {
  /** Default 0.01. */
  lr: number;
  lrDecay: number;
  /** What the sums of squares start from. */
  initialAccumulatorValue: number;
  /** Added to the denominator. Default 1e-10. */
  eps: number;
  /** Change all parameters in one operator. */
  fused: boolean | null;
}

interface State {
  step: Tensor;
  sum: Tensor;
}

const fusedAdagrad = operator<
  (self: Tensor[], gradients: Tensor[], sums: Tensor[], steps: Tensor[], options: object) => void
>('_fused_adagrad_', ['']);

const sparseCooTensor = operator<
  (indices: Tensor, values: Tensor, size: readonly number[]) => Tensor
>('sparse_coo_tensor', ['indices_size']);

/** Division by the root of the sum of all squares (`torch.optim.Adagrad`). Takes sparse gradients. */
export class Adagrad extends ElementwiseOptimizer<AdagradOptions, State> {
  protected override readonly takesSparse = true;

  /** Throws TorchError for settings out of their range. */
  constructor(...args: OptimizerArgs<'Adagrad', AdagradOptions>) {
    const { params, defaults } = optimizerSettings<AdagradOptions>('Adagrad', args);
    notNegative({
      'learning rate': defaults.lr,
      'lr_decay value': defaults.lrDecay,
      'weight_decay value': defaults.weightDecay,
      'initial_accumulator_value value': defaults.initialAccumulatorValue,
      'epsilon value': defaults.eps,
    });
    super(params, defaults);
    // Unlike the others, Adagrad has its state from the start.
    for (const group of this.paramGroups) {
      for (const param of group.params) {
        const state = this.initialState(param, param, group);
        keep(state.step);
        keep(state.sum);
        this.state.set(param, state);
      }
    }
  }

  protected initialState(param: Tensor, _gradient: Tensor, { fused }: AdagradOptions): State {
    const start = this.defaults.initialAccumulatorValue;
    const sum = param.isComplex()
      ? viewAsComplex(fullLike(viewAsReal(param.detach()), start))
      : fullLike(param, start);
    return { step: zeroSteps(param, fused), sum };
  }

  protected updateOne(param: Tensor, gradient: Tensor, state: State, group: AdagradOptions): void {
    const { lr, lrDecay, eps, weightDecay, maximize } = group;
    const step = state.step.add_(1).item();
    const clr = lr / (1 + (step - 1) * lrDecay);
    if (gradient.layout === 'sparse_coo') {
      if (weightDecay !== 0) {
        throw new TorchError(
          'weight_decay option is not compatible with sparse gradients',
          'RuntimeError',
        );
      }
      updateSparse(param, maximize ? gradient.neg() : gradient, state.sum, clr, eps);
      return;
    }
    const g = decayed(gradient, param, group);
    state.sum.addcmul_(g, g, { value: 1 });
    param.addcdiv_(g, state.sum.sqrt().add_(eps), { value: -clr });
  }

  protected updateAll(
    params: Tensor[],
    gradients: Tensor[],
    states: State[],
    group: AdagradOptions,
  ): void {
    if (gradients.some(({ layout }) => layout === 'sparse_coo')) {
      params.forEach((param, i) => {
        this.updateOne(param, gradients[i]!, states[i]!, group);
      });
      return;
    }
    const { lr, lrDecay, eps, weightDecay, maximize } = group;
    const sums = states.map(({ sum }) => sum);
    const steps = states.map(({ step }) => step.add_(1).item());
    const g = decayedAll(gradients, params, group);
    const rates = steps.map((step) => -lr / (1 + (step - 1) * lrDecay));
    foreach.addcmul_(sums, g, g, 1);
    const deviations = foreach.sqrt(sums);
    foreach.plus_(deviations, eps);
    let numerators = g;
    if (weightDecay !== 0 || maximize) foreach.scaleEach_(g, rates);
    else numerators = foreach.scaleEach(g, rates);
    foreach.addcdiv_(params, numerators, deviations);
  }

  protected override updateFused(
    params: Tensor[],
    gradients: Tensor[],
    states: State[],
    group: ParamGroup<AdagradOptions>,
  ): void {
    const { lr, lrDecay, eps, weightDecay, maximize } = group;
    if (gradients.some(({ layout }) => layout === 'sparse_coo')) {
      throw new TorchError('`fused` does not support sparse grad or complex param', 'RuntimeError');
    }
    for (const { step } of states) step.add_(1);
    fusedAdagrad(
      params,
      gradients,
      states.map(({ sum }) => sum),
      states.map(({ step }) => step),
      { lr, lrDecay, weightDecay, eps, maximize, ...this.ampScaling },
    );
    this.uncount(states.map(({ step }) => step));
  }
}

/** Changes only the rows that a sparse gradient has. */
function updateSparse(param: Tensor, gradient: Tensor, sum: Tensor, lr: number, eps: number): void {
  const whole = gradient.coalesce();
  const [indices, values] = [whole.indices(), whole.values()];
  const like = (of: Tensor) => sparseCooTensor(indices, of, whole.shape);
  sum.add_(like(values.pow(2)));
  const deviations = sum.sparseMask(whole).values().sqrt_().add_(eps);
  param.add_(like(values.div(deviations)), { alpha: -lr });
}

import { operator } from '../dispatch';
import { TorchError } from '../errors';
import { emptyLike } from '../generated/functions';
import { keep } from '../memory';
import type { Tensor } from '../tensor';
import {
  type DecayOptions,
  decayed,
  decayedAll,
  ElementwiseOptimizer,
  notNegative,
} from './elementwise';
import { foreach } from './foreach';
import { type OptimizerArgs, optimizerSettings, type ParamGroup } from './param-group';

export interface SGDOptions extends DecayOptions {
  /** Default 0.001. */
  lr: number;
  momentum: number;
  /** Part of the gradient that does not enter the momentum. */
  dampening: number;
  nesterov: boolean;
  /** Change all parameters in one operator. */
  fused: boolean | null;
}

interface State {
  momentumBuffer: Tensor | null;
}

const fusedSgd = operator<
  (self: Tensor[], gradients: Tensor[], buffers: Tensor[], options: object) => void
>('_fused_sgd_', ['']);

/** Stochastic gradient descent, with momentum if asked for (`torch.optim.SGD`). */
export class SGD extends ElementwiseOptimizer<SGDOptions, State> {
  protected override readonly takesSparse = true;
  protected override readonly inRealParts = false;

  /** Throws TorchError for settings out of their range. */
  constructor(...args: OptimizerArgs<'SGD', SGDOptions>) {
    const { params, defaults } = optimizerSettings<SGDOptions>('SGD', args);
    const { lr, momentum, dampening, weightDecay } = defaults;
    notNegative({
      'learning rate': lr,
      'momentum value': momentum,
      'weight_decay value': weightDecay,
    });
    if (defaults.nesterov && (momentum <= 0 || dampening !== 0)) {
      throw new TorchError(
        'Nesterov momentum requires a momentum and zero dampening',
        'ValueError',
      );
    }
    super(params, defaults);
  }

  protected initialState(_p: Tensor, _g: Tensor, { momentum }: SGDOptions): State | null {
    return momentum === 0 ? null : { momentumBuffer: null };
  }

  protected updateOne(param: Tensor, gradient: Tensor, state: State, group: SGDOptions): void {
    const { lr, momentum, dampening, nesterov } = group;
    let update = decayed(gradient, param, group);
    if (momentum !== 0) {
      let buffer = state.momentumBuffer;
      if (buffer) {
        buffer.mul_(momentum).add_(update, { alpha: 1 - dampening });
      } else {
        buffer = state.momentumBuffer = keep(update.detach().clone());
      }
      update = nesterov ? update.add(buffer, { alpha: momentum }) : buffer;
    }
    param.add_(update, { alpha: -lr });
  }

  protected updateAll(
    params: Tensor[],
    gradients: Tensor[],
    states: State[],
    group: SGDOptions,
  ): void {
    const { lr, momentum, dampening, nesterov } = group;
    let updates = decayedAll(gradients, params, group);
    if (momentum !== 0) {
      const buffers = states.map((state, i) => {
        state.momentumBuffer?.mul_(momentum).add_(updates[i]!, { alpha: 1 - dampening });
        state.momentumBuffer ??= keep(updates[i]!.detach().clone());
        return state.momentumBuffer;
      });
      // As in PyTorch, this changes the gradients themselves where nothing was added to them.
      if (nesterov) foreach.add_(updates, buffers, { alpha: momentum });
      else updates = buffers;
    }
    foreach.add_(params, updates, { alpha: -lr });
  }

  protected override updateFused(
    params: Tensor[],
    gradients: Tensor[],
    states: State[],
    group: ParamGroup<SGDOptions>,
  ): void {
    const { lr, momentum, dampening, weightDecay, nesterov, maximize } = group;
    const isFirstStep = momentum !== 0 && states.every(({ momentumBuffer }) => !momentumBuffer);
    if (isFirstStep) {
      states.forEach((state, i) => {
        state.momentumBuffer = keep(emptyLike(gradients[i]!));
      });
    }
    const buffers = momentum === 0 ? [] : states.map(({ momentumBuffer }) => momentumBuffer!);
    fusedSgd(params, gradients, buffers, {
      weightDecay,
      momentum,
      lr,
      dampening,
      nesterov,
      maximize,
      isFirstStep,
      ...this.ampScaling,
    });
  }
}

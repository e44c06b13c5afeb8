import { noGrad } from '../autograd';
import { TorchError } from '../errors';
import { keep, tidy } from '../memory';
import type { Tensor } from '../tensor';
import { Optimizer, type ParameterGroup } from './optimizer';

export interface SGDOptions {
  /** Learning rate. Default 0.001. */
  lr: number;
  momentum: number;
  dampening: number;
  /** L2 penalty. */
  weightDecay: number;
  nesterov: boolean;
  /** Climb instead of descend. */
  maximize: boolean;
}

/** Stochastic gradient descent, with momentum if asked for (`torch.optim.SGD`). */
export class SGD extends Optimizer<SGDOptions> {
  readonly #momentumBuffers = new WeakMap<Tensor, Tensor>();

  constructor(
    params: Iterable<Tensor> | readonly ParameterGroup<SGDOptions>[],
    options: Partial<SGDOptions> = {},
  ) {
    const defaults = {
      lr: 1e-3,
      momentum: 0,
      dampening: 0,
      weightDecay: 0,
      nesterov: false,
      maximize: false,
      ...options,
    };
    if (!(defaults.lr >= 0))
      throw new TorchError(`Invalid learning rate: ${defaults.lr}`, 'ValueError');
    if (!(defaults.momentum >= 0)) {
      throw new TorchError(`Invalid momentum value: ${defaults.momentum}`, 'ValueError');
    }
    if (!(defaults.weightDecay >= 0)) {
      throw new TorchError(`Invalid weight_decay value: ${defaults.weightDecay}`, 'ValueError');
    }
    if (defaults.nesterov && (defaults.momentum <= 0 || defaults.dampening !== 0)) {
      throw new TorchError(
        'Nesterov momentum requires a momentum and zero dampening',
        'ValueError',
      );
    }
    super(params, defaults);
  }

  step(): void {
    tidy(() =>
      noGrad(() => {
        for (const { params, ...options } of this.paramGroups) {
          for (const param of params) {
            const gradient = param.grad;
            if (gradient) this.#update(param, gradient, options);
          }
        }
      }),
    );
  }

  #update(param: Tensor, gradient: Tensor, options: SGDOptions): void {
    const { lr, momentum, dampening, weightDecay, nesterov, maximize } = options;
    let update = maximize ? gradient.neg() : gradient;
    if (weightDecay !== 0) update = update.add(param, { alpha: weightDecay });
    if (momentum !== 0) {
      let buffer = this.#momentumBuffers.get(param);
      if (buffer) {
        buffer.mul_(momentum).add_(update, { alpha: 1 - dampening });
      } else {
        buffer = keep(update.detach().clone());
        this.#momentumBuffers.set(param, buffer);
      }
      update = nesterov ? update.add(buffer, { alpha: momentum }) : buffer;
    }
    param.add_(update, { alpha: -lr });
  }
}

import { TorchError } from '../errors';
import { viewAsReal, zeros } from '../generated/functions';
import { keep } from '../memory';
import { Tensor } from '../tensor';
import { foreach } from './foreach';
import { Optimizer } from './optimizer';
import type { ParamGroup, ParamsOf } from './param-group';
import { pythonText } from './python-text';

/** Settings that nearly all optimizers share. */
export interface CommonOptions {
  /** Learning rate. */
  lr: number;
  /** Climb instead of descend. */
  maximize: boolean;
  /**
   * Work on all parameters at once with PyTorch's `_foreach` operators; by default where all are on GPUs, as in PyTorch.
   */
  foreach: boolean | null;
  /** Not supported. */
  differentiable?: false;
  /** Not supported. */
  capturable?: false;
}

/** Settings of the optimizers that also shrink the weights. */
export interface DecayOptions extends CommonOptions {
  /** L2 penalty. Default 0. */
  weightDecay: number;
}

type Fusible = { readonly fused?: boolean | null };

/**
 * The base of the optimizers that change each parameter by its own gradient and state: one after the
 * other, all at once (`foreach`), or in one operator (`fused`).
 */
export abstract class ElementwiseOptimizer<
  Options extends CommonOptions,
  State extends object,
> extends Optimizer<Options, State> {
  /** Whether gradients may be sparse, as those of an `Embedding` with `sparse: true`. */
  protected readonly takesSparse: boolean = false;
  protected readonly sparseMessage?: string;
  /** Whether complex parameters are changed as pairs of real ones. */
  protected readonly inRealParts: boolean = true;

  protected constructor(params: ParamsOf<Options>, defaults: Options) {
    super(params, defaults);
    if ((defaults as Fusible).fused && defaults.foreach) {
      throw new TorchError('`fused` and `foreach` cannot be `True` together.', 'RuntimeError');
    }
  }

  /** What is remembered of a parameter before its first step; null for nothing. */
  protected abstract initialState(
    param: Tensor,
    gradient: Tensor,
    group: ParamGroup<Options>,
  ): State | null;

  /** Changes one parameter. */
  protected abstract updateOne(
    param: Tensor,
    gradient: Tensor,
    state: State,
    group: ParamGroup<Options>,
  ): void;

  /** Changes all parameters of a group by `_foreach` operators. */
  protected abstract updateAll(
    params: Tensor[],
    gradients: Tensor[],
    states: State[],
    group: ParamGroup<Options>,
  ): void;

  /** Changes all parameters of a group by one operator. */
  protected updateFused(
    _params: Tensor[],
    _gradients: Tensor[],
    _states: State[],
    _group: ParamGroup<Options>,
  ): void {
    throw new TorchError(`${this.constructor.name} has no fused implementation`, 'RuntimeError');
  }

  protected update(closure?: () => unknown): unknown {
    const loss = closure?.();
    for (const group of this.paramGroups) this.#updateGroup(group);
    return loss;
  }

  #updateGroup(group: ParamGroup<Options>): void {
    const params: Tensor[] = [];
    const gradients: Tensor[] = [];
    const states: State[] = [];
    for (const param of group.params) {
      const gradient = param.grad;
      if (!gradient) continue;
      const state = this.state.get(param) ?? this.#firstState(param, gradient, group);
      const complex = this.inRealParts && param.isComplex();
      params.push(complex ? viewAsReal(param) : param);
      gradients.push(complex ? viewAsReal(gradient) : gradient);
      states.push(complex ? realParts(state) : state);
    }
    if (params.length === 0) return;
    if ((group as Fusible).fused) {
      this.updateFused(params, gradients, states, group);
    } else if (group.foreach ?? params.every(isOnGpu)) {
      this.updateAll(params, gradients, states, group);
    } else {
      params.forEach((param, i) => {
        this.updateOne(param, gradients[i]!, states[i]!, group);
      });
    }
  }

  /** Takes back a count that a fused step has raised, if it changed nothing as a gradient was infinite. */
  protected uncount(steps: readonly Tensor[]): void {
    const { foundInf } = this.ampScaling;
    if (!foundInf) return;
    const found = steps.map(() => foundInf);
    foreach.sub_(steps, found);
  }

  #firstState(param: Tensor, gradient: Tensor, group: ParamGroup<Options>): State {
    if (!this.takesSparse && gradient.layout !== 'strided') {
      throw new TorchError(
        this.sparseMessage ?? `${this.constructor.name} does not support sparse gradients`,
        'RuntimeError',
      );
    }
    const state = this.initialState(param, gradient, group);
    if (!state) return {} as State;
    for (const item of Object.values(state)) if (item instanceof Tensor) keep(item);
    this.state.set(param, state);
    return state;
  }
}

/** PyTorch takes `_foreach` operators by itself where all parameters are on GPUs. */
const isOnGpu = (param: Tensor): boolean => param.isCuda && param.layout === 'strided';

const realParts = <State extends object>(state: State): State =>
  Object.fromEntries(
    Object.entries(state).map(([name, item]) => [
      name,
      item instanceof Tensor && item.isComplex() ? viewAsReal(item) : item,
    ]),
  ) as State;

/** The gradient, turned round to climb, with the weight decay added. */
export function decayed(
  gradient: Tensor,
  param: Tensor,
  { maximize, weightDecay }: DecayOptions,
): Tensor {
  const directed = maximize ? gradient.neg() : gradient;
  return weightDecay === 0 ? directed : directed.add(param, { alpha: weightDecay });
}

/** {@link decayed} for all parameters at once. */
export function decayedAll(
  gradients: Tensor[],
  params: Tensor[],
  { maximize, weightDecay }: DecayOptions,
): Tensor[] {
  const directed = maximize ? foreach.neg(gradients) : gradients;
  if (weightDecay === 0) return directed;
  if (!maximize) return foreach.add(directed, params, { alpha: weightDecay });
  foreach.add_(directed, params, { alpha: weightDecay });
  return directed;
}

/** A group whose weight decay goes through the gradient: none where it is decoupled from it. */
export const coupled = <Group extends DecayOptions & { decoupledWeightDecay: boolean }>(
  group: Group,
): Group => (group.decoupledWeightDecay ? { ...group, weightDecay: 0 } : group);

/** A count of steps as PyTorch keeps it, a float32 tensor without dimensions: on the CPU, for fused steps beside the parameter. */
export const zeroSteps = (param?: Tensor, fused?: boolean | null): Tensor =>
  zeros([], { dtype: 'float32', ...(param && fused && { device: param.device }) });

/** A setting that must not be negative; throws TorchError with PyTorch's message. */
export function notNegative(settings: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(settings)) {
    if (!(value >= 0)) throw new TorchError(`Invalid ${name}: ${pythonText(value)}`, 'ValueError');
  }
}

/** Throws TorchError for betas outside of 0 to 1. */
export function checkBetas(betas: readonly [number, number]): void {
  betas.forEach((beta, i) => {
    if (!(beta >= 0 && beta < 1)) {
      throw new TorchError(
        `Invalid beta parameter at index ${i}: ${pythonText(beta)}`,
        'ValueError',
      );
    }
  });
}

import { AsyncResource } from 'node:async_hooks';
import { inspect } from 'node:util';
import { type Args, bind } from '../arguments';
import { enableGrad, noGrad } from '../autograd';
import { TorchError } from '../errors';
import { tidy } from '../memory';
import { type RemovableHandle, removable } from '../removable-handle';
import type { Tensor } from '../tensor';
import {
  completeGroup,
  type GroupOf,
  groupsOf,
  type ParamGroup,
  type ParamsOf,
} from './param-group';
import { numberText, pythonText } from './python-text';
import {
  checkShapes,
  type OptimizerStateDict,
  type OptimizerStateDictLike,
  pack,
  unpack,
} from './state-dict';

/** What a step hook is called with: the optimizer and the closure, if there is one. */
export type StepHook = (optimizer: Optimizer, closure?: () => unknown) => void;

/** The factor of the gradients, null where they are divided already, and 1 where one of them is infinite. */
export interface AmpScaling {
  readonly gradScale?: Tensor | null;
  readonly foundInf?: Tensor;
}

function addHook(hooks: Set<never>, hook: unknown): RemovableHandle {
  hooks.add(hook as never);
  return removable(() => hooks.delete(hook as never));
}

/**
 * The base of the optimizers (`torch.optim.Optimizer`): parameter groups, each with the defaults
 * where it sets nothing of its own, and the state of each parameter.
 */
export abstract class Optimizer<
  Options extends object = { lr: number },
  State extends object = object,
> {
  /** The groups; their settings may be changed between two steps. */
  paramGroups: ParamGroup<Options>[] = [];
  /** What the optimizer remembers of each parameter that it has changed. */
  readonly state = new Map<Tensor, State>();
  /** Settings whose whole numbers Python prints as floats, since its default is one. */
  protected readonly floats: readonly string[] = [];
  /** Whether what is remembered of a parameter has its shape. */
  protected readonly hasStatesOfParameters: boolean = true;
  readonly #preHooks = new Set<StepHook>();
  readonly #postHooks = new Set<StepHook>();
  #stepped = false;
  readonly #stateHooks: Readonly<Record<'save' | 'saved' | 'load' | 'loaded', Set<never>>> = {
    save: new Set(),
    saved: new Set(),
    load: new Set(),
    loaded: new Set(),
  };

  protected constructor(
    params: ParamsOf<Options>,
    /** Settings of groups that don't set them. */
    readonly defaults: Options,
  ) {
    for (const group of groupsOf(params)) this.addParamGroup(group);
  }

  /** Whether its step itself divides scaled gradients and looks for infinities, as fused ones do. @internal */
  get stepSupportsAmpScaling(): boolean {
    return (this.defaults as { fused?: unknown }).fused === true;
  }

  /** What the gradients are scaled by while a `GradScaler` has it step. */
  protected ampScaling: AmpScaling = {};

  /** Runs `step` on scaled gradients. @internal */
  scaledBy<T>(scaling: AmpScaling, step: () => T): T {
    this.ampScaling = scaling;
    try {
      return step();
    } finally {
      this.ampScaling = {};
    }
  }

  /** Whether `step` has been called, which learning-rate schedulers want to know. */
  get hasStepped(): boolean {
    return this.#stepped;
  }

  /**
   * Adds parameters with settings of their own. Throws TorchError if one is in another group
   * already or is not a leaf.
   */
  addParamGroup(group: GroupOf<Options>): void {
    this.paramGroups.push(completeGroup(group, this.defaults, this.paramGroups));
  }

  /** Forgets the gradients of all parameters, or sets them to zero where `setToNone` is false. */
  zeroGrad(...args: Args<'Optimizer.zero_grad', unknown, { setToNone?: boolean }>): void {
    const { setToNone } = bind<{ setToNone: boolean }>('Optimizer.zero_grad', args);
    for (const { params } of this.paramGroups) {
      for (const param of params) {
        if (setToNone) {
          param.grad = null;
          continue;
        }
        const gradient = param.grad;
        if (!gradient) continue;
        if (gradient.gradFn === null) gradient.requiresGrad_(false);
        else gradient.detach_();
        gradient.zero_();
        gradient.dispose();
      }
    }
  }

  /**
   * Updates the parameters by their gradients. A closure that computes the loss and its gradients
   * again is called first, and its result is returned.
   */
  step(): undefined;
  step<Loss>(closure: () => Loss): Loss;
  step<Loss>(closure?: () => Loss): Loss | undefined {
    for (const hook of this.#preHooks) hook(this as never, closure);
    // What the closure makes is the caller's, so it runs in the caller's scope.
    const outside = closure && AsyncResource.bind(() => enableGrad(closure));
    const loss = tidy(() => noGrad(() => this.update(outside))) as Loss | undefined;
    this.#stepped = true;
    for (const hook of this.#postHooks) hook(this as never, closure);
    return loss;
  }

  /** One step, inside `noGrad` and `tidy`; gives the closure's loss. */
  protected abstract update(closure?: () => unknown): unknown;

  /** Runs before each step. Returns a function that removes the hook. */
  registerStepPreHook(hook: StepHook): () => void {
    this.#preHooks.add(hook);
    return () => void this.#preHooks.delete(hook);
  }

  /** Runs after each step. Returns a function that removes the hook. */
  registerStepPostHook(hook: StepHook): () => void {
    this.#postHooks.add(hook);
    return () => void this.#postHooks.delete(hook);
  }

  /** The state in PyTorch's own layout, which Python's optimizer loads as well. */
  stateDict(): OptimizerStateDict {
    for (const hook of this.#stateHooks.save as Set<(optimizer: this) => void>) hook(this);
    let dict = pack(this.paramGroups, this.state);
    type Changes = (optimizer: this, dict: OptimizerStateDict) => OptimizerStateDict | undefined;
    for (const hook of this.#stateHooks.saved as Set<Changes>) dict = hook(this, dict) ?? dict;
    return dict;
  }

  /** Runs before `stateDict`. */
  registerStateDictPreHook(hook: (optimizer: this) => void): RemovableHandle {
    return addHook(this.#stateHooks.save, hook);
  }
  /** Runs after `stateDict`; may change what it gives, or give another. */
  registerStateDictPostHook(
    hook: (optimizer: this, stateDict: OptimizerStateDict) => OptimizerStateDict | undefined,
  ): RemovableHandle {
    return addHook(this.#stateHooks.saved, hook);
  }
  /** Runs before `loadStateDict`; may give another state dict. */
  registerLoadStateDictPreHook(
    hook: (
      optimizer: this,
      stateDict: OptimizerStateDictLike,
    ) => OptimizerStateDictLike | undefined,
  ): RemovableHandle {
    return addHook(this.#stateHooks.load, hook);
  }
  /** Runs after `loadStateDict`. */
  registerLoadStateDictPostHook(hook: (optimizer: this) => void): RemovableHandle {
    return addHook(this.#stateHooks.loaded, hook);
  }

  /**
   * Takes over a state dict, Python's too; as there, tensors of the right dtype are shared with it.
   * Throws TorchError if its groups don't match.
   */
  loadStateDict(given: OptimizerStateDictLike): void {
    let dict = given;
    type Changes = (
      optimizer: this,
      dict: OptimizerStateDictLike,
    ) => OptimizerStateDictLike | undefined;
    for (const hook of this.#stateHooks.load as Set<Changes>) dict = hook(this, dict) ?? dict;
    const { groups, states } = unpack(dict, this.paramGroups);
    if (this.hasStatesOfParameters) for (const [param, state] of states) checkShapes(param, state);
    for (const { capturable, differentiable } of groups as Record<string, unknown>[]) {
      if (!capturable && !differentiable) continue;
      throw new TorchError(
        'a state dict with capturable=True or differentiable=True is not supported',
        'NotImplementedError',
      );
    }
    // A dict of an older PyTorch lacks the settings that came later.
    this.paramGroups = groups.map((group) => ({ ...this.defaults, ...group }));
    this.state.clear();
    for (const [param, state] of states) this.state.set(param, state as State);
    for (const hook of this.#stateHooks.loaded as Set<(optimizer: this) => void>) hook(this);
  }

  /** The groups with their settings, as PyTorch prints them. */
  toString(): string {
    const lines = this.paramGroups.flatMap(({ params, ...settings }, i) => {
      const { param_groups } = pack([{ ...settings, params: [] }], new Map());
      const shown = Object.entries(param_groups[0]!).filter(([name]) => name !== 'params');
      const text = ([name, value]: [string, unknown]) =>
        this.floats.includes(name) ? numberText(value as number, true) : pythonText(value);
      return [
        `Parameter Group ${i}`,
        ...shown
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map((entry) => `    ${entry[0]}: ${text(entry)}`),
      ];
    });
    return `${this.constructor.name} (\n${lines.join('\n')}\n)`;
  }
  [inspect.custom](): string {
    return this.toString();
  }
}

import { TorchError } from '../../errors';
import type { Tensor } from '../../tensor';
import { type KwargsPreHook, removeHook } from '../forward-hooks';
import { internals } from '../internals';
import { isLazy } from '../lazy-tensors';
import type { Module } from '../module';
import type { LoadStateDictPreHook } from '../state-dict';

/** A module that learns sizes from its first batch (`torch.nn.modules.lazy.LazyModuleMixin`). */
export interface LazyModule extends Module {
  /** Gives the tensors their sizes from the arguments of the first call. */
  initializeParameters(...inputs: never[]): void;
}

/** What lazy layers have besides the members of the layers that they become. */
export interface LazyMembers {
  /** Whether parameters or buffers have no sizes yet. */
  hasUninitializedParams(): boolean;
  /** Gives them their sizes and values, for a first input. */
  initializeParameters(input: Tensor): void;
}

/** A module's own parameters and buffers by their names in state dicts. */
const tensorsOf = (module: Module) => [...module.ownParameters(), ...module.ownBuffers()];

/** Whether a module has parameters or buffers without sizes (`has_uninitialized_params`). */
export const hasUninitializedParams = (module: Module): boolean =>
  tensorsOf(module).some(([, tensor]) => isLazy(tensor));

/**
 * Has a module's tensors get their sizes from its first call, or from the state dict that it loads before, and the
 * module become one of another class then. Modules of one's own call this at the end of their constructors. Throws
 * TorchError in the first call, where tensors still have no sizes then.
 */
export function initializeLater(module: LazyModule, become?: { prototype: Module }): void {
  // A copy of the module has these hooks as well: they work on the module that they are called for.
  const load: LoadStateDictPreHook = (self, stateDict, prefix) => {
    for (const [name, tensor] of tensorsOf(self)) {
      const given = stateDict.get(prefix + name);
      if (given && isLazy(tensor) && !isLazy(given)) tensor.materialize(given.shape);
    }
  };
  const infer: KwargsPreHook = (self, args, kwargs) => {
    const named = Object.keys(kwargs).length > 0 ? [kwargs] : [];
    (self as LazyModule).initializeParameters(...([...args, ...named] as never[]));
    if (hasUninitializedParams(self)) {
      throw new TorchError(
        `module ${self.constructor.name} has not been fully initialized`,
        'RuntimeError',
      );
    }
    removeHook(self[internals].preHooks, infer);
    removeHook(self[internals].loadPreHooks, load);
    if (become) Object.setPrototypeOf(self, become.prototype);
  };
  module.registerLoadStateDictPreHook(load);
  module.registerForwardPreHook(infer, { withKwargs: true });
}

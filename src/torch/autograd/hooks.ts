import { TorchError } from '../errors';
import { type Handle, native } from '../native';
import { type RemovableHandle, removable } from '../removable-handle';
import { Tensor } from '../tensor';
import { callback } from './callbacks';

/** Sees a tensor's gradient, of its shape; may return another in its place. */
// biome-ignore lint/suspicious/noConfusingVoidType: a hook may return nothing.
export type TensorHook = (gradient: Tensor) => Tensor | null | void;

/** Sees a leaf whose `grad` has just been added to. */
export type PostAccumulateGradHook = (tensor: Tensor) => void;

// A hook lives as long as the tensor that it was registered on, or as the graph needs it.
const owned = new WeakMap<Tensor, Set<unknown>>();

function own(tensor: Tensor, hook: unknown, remover: Handle): RemovableHandle {
  const hooks = owned.get(tensor) ?? new Set();
  owned.set(tensor, hooks.add(hook));
  return removable(() => {
    hooks.delete(hook);
    native.removeHook(remover);
  });
}

export function registerHook(tensor: Tensor, hook: TensorHook): RemovableHandle {
  const called = callback((gradient: Handle) => {
    const result = hook(new Tensor(gradient));
    if (result === undefined || result === null) return undefined;
    if (result instanceof Tensor) return result.handle;
    if ((result as unknown) instanceof Promise) return result as never;
    throw new TorchError(
      `expected Variable, but hook '${hook.name || 'anonymous'}' returned '${typeof result}'`,
      'TypeError',
    );
  });
  return own(tensor, called, native.registerHook(tensor.handle, called));
}

export function registerPostAccumulateGradHook(
  tensor: Tensor,
  hook: PostAccumulateGradHook,
): RemovableHandle {
  // Weakly: else the hook would hold its tensor, and the tensor its hook.
  const weak = new WeakRef(tensor);
  const called = callback((handle: Handle) => {
    const result: unknown = hook(weak.deref() ?? new Tensor(handle));
    return result instanceof Promise ? (result as never) : undefined;
  });
  return own(tensor, called, native.registerPostAccumulateGradHook(tensor.handle, called));
}

/** The graph, and the tensors that it saves for backward (`torch.autograd.graph`). */
import { tensor as makeTensor } from '../creation';
import { TorchError } from '../errors';
import { keep } from '../memory';
import { type Handle, native } from '../native';
import { type RemovableHandle, removable } from '../removable-handle';
import { ScopedMode } from '../scoped-mode';
import { Tensor } from '../tensor';
import { callback } from './callbacks';

export { type Edge as GradientEdge, GraphNode as Node, getGradientEdge } from './graph-node';

/**
 * Counts tensors as changed in place (`torch.autograd.graph.increment_version`), where something that autograd doesn't
 * see has changed them: a backward that needs what they were is refused.
 */
export function incrementVersion(tensor: Tensor | readonly Tensor[]): void {
  for (const each of [tensor].flat() as Tensor[]) {
    // An alias has the same version; its dimensions stay as they are.
    each.detach().transpose_(0, 0).dispose();
  }
}

/** What `pack` has made, until nothing in a graph refers to it any more. */
class Store {
  readonly handle: Handle;
  failure: { readonly error: unknown } | null = null;
  readonly #values = new Map<number, unknown>();
  #next = 0;

  constructor(pack: (x: Tensor) => unknown, unpack: (packed: never) => Tensor) {
    const packed = (handle: Handle): Handle => {
      for (const dead of native.deadSaved(this.handle)) this.#values.delete(dead);
      try {
        const value = pack(new Tensor(handle));
        if (value instanceof Tensor) keep(value);
        const number = this.#next++;
        this.#values.set(number, value);
        return makeTensor(number, { dtype: 'int64' }).handle;
      } catch (error) {
        this.failure ??= { error };
        throw error;
      }
    };
    const unpacked = callback((number: Handle): Handle => {
      const found = unpack(this.#values.get(native.item(number) as number) as never);
      if (found instanceof Tensor) return found.handle;
      throw new TorchError(
        'Output of saved tensor unpack_hook expected to be a Tensor',
        'TypeError',
      );
    });
    this.handle = native.makeSavedHooks(packed, unpacked);
  }
}

const modes = new ScopedMode<Handle | null>(
  (hooks) => native.enterSavedHooks(hooks),
  () => native.leaveSavedHooks(),
);

/**
 * Runs `fn` with what operators save for their backward going through `pack`, which may give anything, and coming back
 * through `unpack` (`torch.autograd.graph.saved_tensors_hooks`).
 *
 * @example
 * savedTensorsHooks((x) => x.to('bfloat16'), (x) => x.float(), () => net.call(input));
 */
export function savedTensorsHooks<Packed, T>(
  packHook: (x: Tensor) => Packed,
  unpackHook: (packed: Packed) => Tensor,
  fn: () => T,
): T {
  if (disabled.current !== undefined) throw new TorchError(disabled.current, 'RuntimeError');
  const store = new Store(packHook, unpackHook);
  try {
    return modes.run(store.handle, fn);
  } catch (error) {
    // libtorch passes on only that something was thrown.
    throw store.failure ? store.failure.error : error;
  }
}

/** Runs `fn` with saved tensors in the CPU's memory until backward (`save_on_cpu`). */
export const saveOnCpu = <T>(fn: () => T): T =>
  savedTensorsHooks(
    (x) => [x.device, x.cpu()] as const,
    ([device, x]) => x.to(device),
    fn,
  );

const disabled = new ScopedMode<string>(
  () => {},
  () => {},
);

/** Runs `fn` with {@link savedTensorsHooks} refused by a message (`disable_saved_tensors_hooks`). */
export const disableSavedTensorsHooks = <T>(errorMessage: string, fn: () => T): T =>
  disabled.run(errorMessage, fn);

/** A hook of several gradients: all that a backward computes, or one. */
type MultiGradHook<Mode> = Mode extends 'any'
  ? (gradient: Tensor) => void
  : (gradients: (Tensor | null)[]) => void;

/**
 * Calls `fn` in each backward once the gradients of the tensors are there that it comes to, in the tensors' order and null
 * for the others; or, with `mode` `any`, with the first of them (`torch.autograd.graph.register_multi_grad_hook`). Throws TorchError
 * for another mode.
 */
export function registerMultiGradHook<Mode extends 'all' | 'any' = 'all'>(
  tensors: readonly Tensor[],
  fn: MultiGradHook<Mode>,
  options: { mode?: Mode } = {},
): RemovableHandle {
  const { mode = 'all' } = options;
  if (mode !== 'all' && mode !== 'any') {
    throw new TorchError(`Expects mode to be one of ('all', 'any') but got ${mode}`, 'ValueError');
  }
  const nodes = tensors.map((x) => native.gradEdge(x.handle)[0]);
  /** What each backward that runs has found, and how many it will. */
  const tasks = new Map<number, { found: (Tensor | null)[]; left: number }>();
  let last = -1;
  const handles = tensors.map((x, i) =>
    x.registerHook((gradient) => {
      const task = native.graphTask();
      if (mode === 'any') {
        if (task !== last) (fn as MultiGradHook<'any'>)(gradient);
        last = task;
        return undefined;
      }
      let own = tasks.get(task);
      if (!own) {
        const left = nodes.filter((node) => native.willExecute(node)).length;
        own = { found: tensors.map(() => null), left };
        tasks.set(task, own);
      }
      own.found[i] = keep(gradient.detach());
      own.left--;
      if (own.left > 0) return undefined;
      tasks.delete(task);
      (fn as MultiGradHook<'all'>)(own.found);
      return undefined;
    }),
  );
  return removable(() => {
    for (const handle of handles) handle.remove();
  });
}

import { AsyncLocalStorage, createHook } from 'node:async_hooks';
import { native } from '../native';

/** What holds inside one `noGrad` or the like, also after each `await` in it. */
interface Mode {
  grad: boolean;
  readonly inference: boolean;
  readonly outer: Mode | undefined;
  /** False once its function has ended: what that has left behind runs in the outer mode. */
  running: boolean;
}

const modes = new AsyncLocalStorage<Mode>();

function current(): Mode | undefined {
  let mode = modes.getStore();
  while (mode && !mode.running) mode = mode.outer;
  return mode;
}

// libtorch's mode belongs to the thread, on which async functions take turns: each turn of one that
// began inside a mode enters that mode again. It starts with the first mode, and before its function:
// since Node 24 an `await` that comes before the hook goes on without it.
const entered: boolean[] = [];
const turns = createHook({
  before() {
    const mode = current();
    if (mode) native.enterMode(mode.grad, mode.inference);
    entered.push(mode !== undefined);
  },
  after() {
    if (entered.pop()) native.leaveMode();
  },
});

function within<T>(grad: boolean, inference: boolean, fn: () => T): T {
  const mode: Mode = { grad, inference, outer: current(), running: true };
  let result: T;
  turns.enable();
  native.enterMode(grad, inference);
  try {
    result = modes.run(mode, fn);
  } catch (error) {
    mode.running = false;
    throw error;
  } finally {
    native.leaveMode();
  }
  if (!(result instanceof Promise)) {
    mode.running = false;
    return result;
  }
  return result.finally(() => {
    mode.running = false;
  }) as T;
}

/**
 * Runs `fn` without recording operations for autograd (`torch.no_grad`). An async `fn` is followed to
 * its end, and others that run meanwhile are not affected.
 */
export const noGrad = <T>(fn: () => T): T => within(false, native.isInferenceMode(), fn);

/** Runs `fn` with recording on, inside a `noGrad` (`torch.enable_grad`); see {@link noGrad}. */
export const enableGrad = <T>(fn: () => T): T => within(true, native.isInferenceMode(), fn);

/**
 * Runs `fn` without autograd's bookkeeping at all (`torch.inference_mode`): what it makes can't be
 * used in a graph later. See {@link noGrad}.
 */
export const inferenceMode = <T>(fn: () => T): T => within(false, true, fn);

/** Switches recording from here on (`torch.set_grad_enabled`); inside a mode, to that one's end. */
export function setGradEnabled(enabled: boolean): void {
  const mode = current();
  if (mode) mode.grad = enabled;
  native.setGradEnabled(enabled);
}

/** Whether operations are recorded here (`torch.is_grad_enabled`). */
export const isGradEnabled = (): boolean => native.isGradEnabled();

/** Whether this runs inside {@link inferenceMode} (`torch.is_inference_mode_enabled`). */
export const isInferenceModeEnabled = (): boolean => native.isInferenceMode();

/** The default generator's functions (`torch.random`). */
import { type Args, bind } from './arguments';
import * as cuda from './cuda/random';
import type { Device } from './device';
import { native } from './native';
import { getRngState, setRngState } from './random';

export { getRngState, initialSeed, manualSeed, seed, setRngState } from './random';

interface ForkOptions {
  /** GPUs whose generators are restored, too; all by default. */
  devices?: Iterable<Device | number> | null;
  /** Default true. */
  enabled?: boolean;
}

/**
 * Runs `fn`, and puts the default generators, those of GPUs too, back to where they were (`torch.random.fork_rng`), once an async `fn` has ended.
 * Options come first, if there are any.
 */
export function forkRng<T>(fn: () => T): T;
export function forkRng<T>(options: ForkOptions, fn: () => T): T;
export function forkRng<T>(...given: [ForkOptions | (() => T), (() => T)?]): T {
  const fn = given.pop() as () => T;
  const { enabled, devices } = bind<Required<ForkOptions>>(
    'fork_rng',
    given as Args<'fork_rng', unknown, ForkOptions>,
  );
  if (!enabled) return fn();
  const state = getRngState();
  const gpus = [...(devices ?? Array(native.deviceCount('cuda')).keys())];
  const states = gpus.map((gpu) => [cuda.getRngState(gpu), gpu] as const);
  const restore = () => {
    setRngState(state);
    for (const each of states) cuda.setRngState(...each);
  };
  let result: T;
  try {
    result = fn();
  } catch (error) {
    restore();
    throw error;
  }
  if (result instanceof Promise) return result.finally(restore) as T;
  restore();
  return result;
}

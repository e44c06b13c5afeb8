/** The default generator's functions (`torch.random`). */
import { type Args, bind } from './arguments';
import { getRngState, setRngState } from './random';

export { getRngState, initialSeed, manualSeed, seed, setRngState } from './random';

interface ForkOptions {
  /** GPUs whose generators are restored, too. */
  devices?: unknown;
  /** Default true. */
  enabled?: boolean;
}

/**
 * Runs `fn`, and puts the default generator back to where it was (`torch.random.fork_rng`), once an async `fn` has ended.
 * Options come first, if there are any.
 */
export function forkRng<T>(fn: () => T): T;
export function forkRng<T>(options: ForkOptions, fn: () => T): T;
export function forkRng<T>(...given: [ForkOptions | (() => T), (() => T)?]): T {
  const fn = given.pop() as () => T;
  const { enabled } = bind<{ enabled: boolean }>(
    'fork_rng',
    given as Args<'fork_rng', unknown, ForkOptions>,
  );
  if (!enabled) return fn();
  const state = getRngState();
  let result: T;
  try {
    result = fn();
  } catch (error) {
    setRngState(state);
    throw error;
  }
  if (result instanceof Promise) return result.finally(() => setRngState(state)) as T;
  setRngState(state);
  return result;
}

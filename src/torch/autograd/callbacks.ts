import { TorchError } from '../errors';

/** What a function of the graph has thrown while the engine runs. */
let failure: { readonly error: unknown } | null = null;

/**
 * A function for libtorch to call while it runs a graph. What it throws is kept, as it can't pass
 * through the engine; {@link runEngine} throws it on.
 */
export function callback<Args extends unknown[], Result>(
  fn: (...args: Args) => Result,
): (...args: Args) => Result {
  return (...args) => {
    try {
      const result = fn(...args);
      if (result instanceof Promise) {
        throw new TorchError('a hook or backward must not be async', 'TypeError');
      }
      return result;
    } catch (error) {
      failure ??= { error };
      throw error;
    }
  };
}

/** Runs the engine. Errors of a hook or a custom function are passed on unchanged. */
export function runEngine<Result>(op: string, run: () => Result): Result {
  const outer = failure;
  failure = null;
  try {
    return run();
  } catch (error) {
    // Noted by `callback` while `run` ran.
    const thrown = failure as { readonly error: unknown } | null;
    throw thrown ? thrown.error : TorchError.from(error, op);
  } finally {
    failure = outer;
  }
}

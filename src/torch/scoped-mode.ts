import { AsyncLocalStorage, createHook } from 'node:async_hooks';

/** What holds inside one call, also after each `await` in it. */
interface Scope<State> {
  readonly state: State;
  readonly outer: Scope<State> | undefined;
  /** False once its function has ended: what that has left behind runs in the outer mode. */
  running: boolean;
}

/**
 * A mode of libtorch's that holds while a function runs, and follows it where it is async. The mode belongs to the
 * thread, on which async functions take turns: each turn of one that began inside a mode enters that mode again.
 */
export class ScopedMode<State> {
  readonly #scopes = new AsyncLocalStorage<Scope<State>>();
  readonly #enter: (state: State) => void;
  readonly #leave: () => void;
  readonly #entered: boolean[] = [];
  // Starts with the first mode, and before its function: since Node 24 an `await` that comes before the hook goes
  // on without it.
  readonly #turns = createHook({
    before: () => {
      const scope = this.#current();
      if (scope) this.#enter(scope.state);
      this.#entered.push(scope !== undefined);
    },
    after: () => {
      if (this.#entered.pop()) this.#leave();
    },
  });

  constructor(enter: (state: State) => void, leave: () => void) {
    this.#enter = enter;
    this.#leave = leave;
  }

  #current(): Scope<State> | undefined {
    let scope = this.#scopes.getStore();
    while (scope && !scope.running) scope = scope.outer;
    return scope;
  }

  /** The innermost mode that is running; undefined outside of all. */
  get current(): State | undefined {
    return this.#current()?.state;
  }

  run<T>(state: State, fn: () => T): T {
    const scope: Scope<State> = { state, outer: this.#current(), running: true };
    let result: T;
    this.#turns.enable();
    this.#enter(state);
    try {
      result = this.#scopes.run(scope, fn);
    } catch (error) {
      scope.running = false;
      throw error;
    } finally {
      this.#leave();
    }
    if (!(result instanceof Promise)) {
      scope.running = false;
      return result;
    }
    return result.finally(() => {
      scope.running = false;
    }) as T;
  }
}

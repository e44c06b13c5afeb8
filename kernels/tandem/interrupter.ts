import { Session } from 'node:inspector';
import { childrenOf, interruptProcesses } from './child-processes';
import type { RunState } from './run-state';

/** Milliseconds after which the child processes of a cell that still runs are interrupted as well. */
const childrenDelay = 200;

/**
 * Milliseconds after which V8 terminates code that blocks the event loop: early before the cell's first await,
 * later after it, since terminating drops the microtask queue, and a slow training step needs time to end.
 */
const terminationDelay = { synchronous: 1200, asynchronous: 6000 };

/** Stops a cell whose main thread is blocked. The cell's own loops check for interrupts themselves. */
export class Interrupter {
  /** The child processes that were there before the cell. */
  #earlier = new Set<number>();
  #watch: NodeJS.Timeout | undefined;

  constructor(private readonly state: RunState) {}

  /** A cell begins. */
  begin(): void {
    this.#earlier = new Set(childrenOf());
  }

  interrupt(): void {
    this.state.interrupted = true;
    setTimeout(() => {
      if (!this.state.interrupted || this.state.running === 'nothing') return;
      interruptProcesses(childrenOf().filter((id) => !this.#earlier.has(id)));
    }, childrenDelay);
    clearInterval(this.#watch);
    let { turns } = this.state;
    let since = performance.now();
    this.#watch = setInterval(() => {
      const { running } = this.state;
      if (!this.state.interrupted) clearInterval(this.#watch);
      else if (turns !== this.state.turns || running === 'nothing') {
        since = performance.now();
        turns = this.state.turns;
      } else if (performance.now() - since > terminationDelay[running]) {
        since = performance.now();
        terminate();
      }
    }, 100);
  }
}

/** Terminates what the main thread runs; a native call ends when it returns. */
function terminate(): void {
  const session = new Session();
  session.connectToMainThread();
  session.post('Runtime.terminateExecution', () => session.disconnect());
}

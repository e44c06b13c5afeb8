import { Session } from 'node:inspector';
import { childrenOf, interruptProcesses } from './child-processes';
import type { RunState } from './run-state';

/** Milliseconds after which the child processes of a cell that still runs are interrupted as well. */
const untilChildren = 200;

/**
 * Milliseconds after which V8 cuts off code that leaves no turn to the event loop: soon before the cell's first
 * await, later behind it, since that drops what the microtask queue holds, and a slow training step must have the
 * time to end.
 */
const untilTermination = { nothing: 0, synchronous: 1200, asynchronous: 6000 };

/** Stops a cell whose main thread can't hear of an interrupt. Its own loops look for themselves. */
export class Interrupter {
  /** The child processes that were there before the cell. */
  #earlier = new Set<number>();

  constructor(private readonly state: RunState) {}

  /** A cell begins. */
  begin(): void {
    this.#earlier = new Set(childrenOf());
  }

  interrupt(): void {
    this.state.interrupted = true;
    const seen = this.state.noticed;
    const runs = () => this.state.running !== 'nothing';
    const isDeaf = () => runs() && this.state.noticed === seen;
    setTimeout(() => {
      if (runs()) interruptProcesses(childrenOf().filter((id) => !this.#earlier.has(id)));
    }, untilChildren);
    for (const part of ['synchronous', 'asynchronous'] as const) {
      setTimeout(() => {
        if (isDeaf() && this.state.running === part) terminate();
      }, untilTermination[part]);
    }
  }
}

/** Cuts off what the main thread runs: a native call when it returns. */
function terminate(): void {
  const session = new Session();
  session.connectToMainThread();
  session.post('Runtime.terminateExecution', () => session.disconnect());
}

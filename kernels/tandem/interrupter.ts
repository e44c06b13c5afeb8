import { Session } from 'node:inspector';
import { interruptChildren } from './child-processes';
import type { RunState } from './run-state';

/** Milliseconds after which a child process that the main thread waits for is interrupted as well. */
const untilChildren = 200;

/**
 * Milliseconds after which V8 cuts off code that leaves no turn to the event loop: soon before the cell's first
 * await, later behind it, since that drops what the microtask queue holds, and a slow training step must have the
 * time to end.
 */
const untilTermination = { nothing: 0, synchronous: 1200, asynchronous: 6000 };

/** Stops a cell whose main thread can't hear of an interrupt. Its own loops look for themselves. */
export class Interrupter {
  constructor(private readonly state: RunState) {}

  interrupt(): void {
    this.state.interrupted = true;
    const seen = this.state.noticed;
    const isDeaf = () => this.state.running !== 'nothing' && this.state.noticed === seen;
    setTimeout(() => {
      if (isDeaf()) interruptChildren();
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

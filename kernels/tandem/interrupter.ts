import { Session } from 'node:inspector';
import type { RunState } from './run-state';

/** Milliseconds after which code that leaves no turn to the event loop is stopped. */
const untilSignal = 300;
const untilTermination = 700;

/**
 * Stops code of a cell that never returns to the event loop, where the main thread can't hear of an
 * interrupt. Code before a cell's first await ends by a signal, as an exception that runs its
 * `finally` blocks; V8 cuts off all other, which drops what the microtask queue holds.
 */
export class Interrupter {
  constructor(private readonly state: RunState) {}

  interrupt(): void {
    const seen = this.state.noticed;
    const deaf = () => this.state.running && this.state.noticed === seen;
    setTimeout(() => {
      if (deaf()) process.kill(process.pid, 'SIGINT');
    }, untilSignal);
    setTimeout(() => {
      if (deaf()) terminate();
    }, untilTermination);
  }
}

function terminate(): void {
  const session = new Session();
  session.connectToMainThread();
  session.post('Runtime.terminateExecution', () => session.disconnect());
}

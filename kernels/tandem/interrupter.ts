import { Session } from 'node:inspector';
import type { RunState } from './run-state';

/**
 * Milliseconds after which code that leaves no turn to the event loop is stopped. A slow training
 * step must have the time to end.
 */
const untilSignal = 1000;
const untilTermination = 6000;

/**
 * Stops a cell whose main thread can't hear of an interrupt. Its own loops look for themselves.
 * Other code before the cell's first await ends by a signal; all the rest V8 cuts off, as a last
 * resort: that drops what the microtask queue holds.
 */
export class Interrupter {
  constructor(private readonly state: RunState) {}

  interrupt(): void {
    this.state.interrupted = true;
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

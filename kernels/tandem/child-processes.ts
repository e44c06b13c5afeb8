import { readFileSync } from 'node:fs';

/** The children of a process' main thread, by their ids. */
export function childrenOf(id = process.pid): number[] {
  try {
    const listed = readFileSync(`/proc/${id}/task/${id}/children`, 'utf8');
    return listed.trim().split(/\s+/).filter(Boolean).map(Number);
  } catch {
    // It has ended by now.
    return [];
  }
}

/** Interrupts processes and those that they have started, as Ctrl-C in a terminal does. */
export function interruptProcesses(ids: readonly number[]): void {
  for (const child of ids) {
    interruptProcesses(childrenOf(child));
    try {
      process.kill(child, 'SIGINT');
    } catch {
      // It has ended by now.
    }
  }
}

import { readFileSync } from 'node:fs';

/** The children of a process' main thread, by their ids. */
function childrenOf(id: number): number[] {
  try {
    const listed = readFileSync(`/proc/${id}/task/${id}/children`, 'utf8');
    return listed.trim().split(/\s+/).filter(Boolean).map(Number);
  } catch {
    // It has ended meanwhile.
    return [];
  }
}

/** Interrupts the processes that this one has started, and theirs, as Ctrl-C in a terminal does. */
export function interruptChildren(id = process.pid): void {
  for (const child of childrenOf(id)) {
    interruptChildren(child);
    try {
      process.kill(child, 'SIGINT');
    } catch {
      // It has ended meanwhile.
    }
  }
}

import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Ends every process that has `variable=value` in its environment, at once and without asking.
 * A kernel leads a process group of its own, and is nobody's child once nbconvert is gone; what
 * it inherited in its environment is the one mark that stays.
 */
export async function endProcessesWith(variable: string, value: string): Promise<void> {
  const mark = `${variable}=${value}`;
  for (let round = 0; round < 50; round++) {
    const alive = processesMarked(mark);
    if (alive.length === 0) return;
    for (const pid of alive) endProcess(pid);
    await sleep(20);
  }
}

/** Ends one process, or with a negative id one process group; it may already be gone. */
export function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone in the meantime.
  }
}

const processesMarked = (mark: string): number[] =>
  readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .filter((entry) => environmentOf(entry).includes(mark))
    .map(Number);

const environmentOf = (pid: string): string[] => {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return []; // Gone in the meantime, or another person's.
  }
};

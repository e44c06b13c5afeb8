import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Ends everything that a run has started, at once and without asking. A kernel leads a process
 * group of its own, and is nobody's child once nbconvert is gone; what it inherited in its
 * environment is the one mark that stays.
 */
export const endRun = (runFile: string): Promise<void> => endMarked(`TANDEM_RUN=${runFile}`);

/** Ends a run's kernel with all that it has started, and leaves nbconvert to tell of it. */
export const endKernel = (runFile: string): Promise<void> =>
  endMarked(`TANDEM_RUN=${runFile}`, /^JPY_PARENT_PID=/);

/** Ends one process, or with a negative id one process group; it may already be gone. */
export function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone in the meantime.
  }
}

async function endMarked(mark: string, further?: RegExp): Promise<void> {
  for (let round = 0; round < 50; round++) {
    const alive = marked(mark, further);
    if (alive.length === 0) return;
    for (const pid of alive) endProcess(pid);
    await sleep(20);
  }
}

const marked = (mark: string, further: RegExp | undefined): number[] =>
  readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .filter((entry) => {
      const environment = environmentOf(entry);
      return environment.includes(mark) && (!further || environment.some((it) => further.test(it)));
    })
    .map(Number);

const environmentOf = (pid: string): string[] => {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return []; // Gone in the meantime, or another person's.
  }
};

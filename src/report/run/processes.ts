import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Kills everything that a run has started. A kernel leads its own process group, and has no parent
 * once nbconvert has ended; only its environment still identifies it.
 */
export const endRun = (runFile: string): Promise<void> => endMarked(`TANDEM_RUN=${runFile}`);

/** Kills a run's kernel and everything that it started; nbconvert reports it. */
export const endKernel = (runFile: string): Promise<void> =>
  endMarked(`TANDEM_RUN=${runFile}`, /^JPY_PARENT_PID=/);

/** Kills one process, or with a negative id one process group; it may have ended already. */
export function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone in the meantime.
  }
}

async function endMarked(mark: string, further?: RegExp): Promise<void> {
  // A large process takes its time to end on a busy machine.
  for (let round = 0; round < 1500; round++) {
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
    return []; // It has ended, or belongs to another user.
  }
};

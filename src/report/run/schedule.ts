import { availableParallelism, totalmem } from 'node:os';
import { UserError } from '../../command/errors';
import type { Notebook } from '../notebook';

/** Constraints on running a notebook alongside others, from its metadata under `tandem`. */
export interface RunConstraints {
  /** Runs alone: it trains, and shows how long that took. */
  alone: boolean;
  /** Names of notebooks whose results it reads: it waits for those in the same call. */
  after: string[];
}

/** A notebook's constraints; both are optional. */
export function runConstraints(notebook: Notebook): RunConstraints {
  const { alone, after } = (notebook.metadata.tandem ?? {}) as Partial<RunConstraints>;
  return {
    alone: alone === true,
    after: Array.isArray(after) ? after.filter((name) => typeof name === 'string') : [],
  };
}

/** Memory for a kernel with both frameworks and a data set, in bytes. */
const kernelMemory = 2 * 2 ** 30;

/** How many notebooks run at once by default. */
export const defaultJobs = (): number =>
  Math.max(1, Math.min(4, availableParallelism(), Math.floor(totalmem() / kernelMemory)));

/** A piece of work in a schedule. */
export interface Task extends RunConstraints {
  name: string;
}

/**
 * Runs each task, at most `jobs` at a time and in the order of the list as far as their constraints
 * allow. If one fails, no other is started, and the promise rejects with that error once the running
 * ones have ended.
 * @throws UserError if tasks wait for each other.
 */
export async function inOrder<T extends Task>(
  tasks: readonly T[],
  jobs: number,
  work: (task: T) => Promise<void>,
): Promise<void> {
  const waiting = [...tasks];
  const running = new Map<T, Promise<void>>();
  const unfinished = new Set(tasks.map(({ name }) => name));
  let failed: { error: unknown } | undefined;

  const mayStart = ({ alone, after }: T): boolean =>
    (!alone || running.size === 0) && !after.some((name) => unfinished.has(name));

  const start = (task: T): void => {
    const ended = work(task)
      .catch((error: unknown) => {
        failed ??= { error };
      })
      .finally(() => {
        running.delete(task);
        unfinished.delete(task.name);
      });
    running.set(task, ended);
  };

  while (waiting.length > 0 || running.size > 0) {
    const room = !failed && running.size < jobs && ![...running.keys()].some(({ alone }) => alone);
    const next = room ? waiting.findIndex(mayStart) : -1;
    if (next >= 0) start(waiting.splice(next, 1)[0]!);
    else if (running.size > 0) await Promise.race(running.values());
    else break;
  }
  if (failed) throw failed.error;
  if (waiting.length > 0) {
    const names = waiting.map(({ name }) => name).join(', ');
    throw new UserError(
      `These notebooks wait for each other ("after" in their metadata): ${names}.`,
    );
  }
}

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Profile } from '../training/profiles';
import { followEvents, type KernelEvent } from './events';
import { type Failure, failureIn, markFailure, withoutOutputs } from './failure';
import { executeNotebook, NbconvertError } from './nbconvert';
import { type Notebook, raisingCells } from './notebook';
import { endProcessesWith } from './processes';

/** How to run a notebook. */
export interface RunOptions {
  parameters: { profile: Profile; seed: number };
  /** The most seconds that one cell may take. */
  timeoutSeconds: number;
  /** A folder in which the run makes its own working folder. */
  workFolder: string;
  /** Called as each cell begins, with its ordinal from 1. */
  onCell?: (cell: number) => void;
  /** Ends the run, its kernel too; the promise rejects with the signal's reason. */
  signal?: AbortSignal;
  verbose?: boolean;
}

/** What a run left. */
export interface RunResult {
  /** The executed notebook; where the kernel was lost, the source with the error in its cell. */
  notebook: Notebook;
  failure?: Failure;
  seconds: number;
}

/** Seconds that the kernel has, after the interrupt of a time-out, to end its cell. */
const graceSeconds = 5;

/**
 * Runs a notebook headless in the Tandem kernel. A failing cell, a time-out and a kernel that
 * dies are results; a set-up that can't run notebooks is thrown.
 *
 * Every run has its own folder, kernel and events, so that several may go on at once.
 */
export async function runNotebook(
  path: string,
  source: Notebook,
  options: RunOptions,
): Promise<RunResult> {
  mkdirSync(options.workFolder, { recursive: true });
  const folder = mkdtempSync(join(options.workFolder, 'run-'));
  const runFile = join(folder, 'run.json');
  const events = join(folder, 'events.jsonl');
  const raisesException = raisingCells(source);
  writeFileSync(events, '');
  writeFileSync(
    runFile,
    JSON.stringify({ parameters: options.parameters, events, raisesException }),
  );

  const watch = new CellWatch(options.timeoutSeconds + graceSeconds, options.onCell, () =>
    endProcessesWith('TANDEM_RUN', runFile),
  );
  const follower = followEvents(events, (event) => watch.see(event));
  const started = performance.now();
  let lost: NbconvertError | undefined;
  try {
    await executeNotebook(
      path,
      { folder, name: 'executed.ipynb' },
      {
        kernel: 'tandem',
        timeoutSeconds: options.timeoutSeconds,
        workFolder: folder,
        environment: { TANDEM_RUN: runFile },
        signal: options.signal,
        verbose: options.verbose,
      },
    ).catch((error: unknown) => {
      follower.stop();
      if (!(error instanceof NbconvertError) || !watch.current) throw error;
      lost = error;
    });
    follower.stop();
    const seconds = (performance.now() - started) / 1000;
    const failure = watch.failure(options.timeoutSeconds, new Set(raisesException), lost);
    const executed = join(folder, 'executed.ipynb');
    const notebook: Notebook =
      !lost && existsSync(executed)
        ? JSON.parse(readFileSync(executed, 'utf8'))
        : withoutOutputs(source);
    if (failure) markFailureUnlessShown(notebook, failure);
    return { notebook, failure: failure ?? failureIn(notebook), seconds };
  } finally {
    follower.stop();
    watch.end();
    await endProcessesWith('TANDEM_RUN', runFile);
    rmSync(folder, { recursive: true, force: true });
  }
}

const markFailureUnlessShown = (notebook: Notebook, failure: Failure): void => {
  const shown = failureIn(notebook);
  if (shown?.cell !== failure.cell || shown.ename !== failure.ename) {
    markFailure(notebook, failure);
  }
};

/** Follows which cell runs, and gives up on one that outlives its time-out and its interrupt. */
class CellWatch {
  /** The cell that runs, or ran last. */
  current: number | undefined;
  readonly #ends: Extract<KernelEvent, { event: 'cell-end' }>[] = [];
  #timer: NodeJS.Timeout | undefined;
  #givenUp = false;

  constructor(
    private readonly limitSeconds: number,
    private readonly onCell: ((cell: number) => void) | undefined,
    private readonly giveUp: () => void,
  ) {}

  see(event: KernelEvent): void {
    this.end();
    if (event.event === 'cell-end') {
      this.#ends.push(event);
      return;
    }
    this.current = event.cell;
    this.onCell?.(event.cell);
    this.#timer = setTimeout(() => {
      this.#givenUp = true;
      this.giveUp();
    }, this.limitSeconds * 1000);
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  /** What went wrong, as the kernel told it, or as its silence tells. */
  failure(
    timeoutSeconds: number,
    allowed: ReadonlySet<number>,
    lost: NbconvertError | undefined,
  ): Failure | undefined {
    const failed = this.#ends.find(
      ({ status, cell, seconds }) =>
        status === 'error' && (!allowed.has(cell) || seconds >= timeoutSeconds),
    );
    const timedOut = (cell: number): Failure => ({
      cell,
      ename: 'CellTimeoutError',
      evalue: `the cell was stopped after its time-out of ${timeoutSeconds} s`,
    });
    if (failed && failed.seconds >= timeoutSeconds) return timedOut(failed.cell);
    if (failed) {
      const { cell, ename = 'Error', evalue = '' } = failed;
      return { cell, ename, evalue };
    }
    if (!lost || this.current === undefined) return undefined;
    if (this.#givenUp) return timedOut(this.current);
    return {
      cell: this.current,
      ename: 'DeadKernelError',
      evalue: /died/.test(lost.message)
        ? 'the kernel died in this cell (out of memory, or a crash in native code)'
        : lost.message,
    };
  }
}

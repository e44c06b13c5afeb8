import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Values } from '../declared-parameters';
import { type Failure, failureIn, markFailure, withLine, withoutOutputs } from '../failure';
import { executedCells, type Notebook, raisingCells } from '../notebook';
import { type CellEvent, type CellRun, CellWatch, type Loss } from './cell-watch';
import { followEvents } from './events';
import { executeNotebook, NbconvertError } from './nbconvert';
import { endKernel, endRun } from './processes';
import { makeWorkFolder } from './work-folder';

/** How to run a notebook. */
export interface RunOptions {
  /** Values for the notebook's `parameters({ … })` in place of the defaults. */
  parameters: Values;
  /** The time limit for one cell, in seconds. */
  timeoutSeconds: number;
  /** Whether no other notebook runs meanwhile. */
  alone: boolean;
  /** A folder in which the run makes its own working folder. */
  workFolder: string;
  /** The folder for outputs that are too large for a page; an earlier run's is deleted. */
  outputs: string;
  /** Called as each cell begins and ends. */
  onCell?: (event: CellEvent) => void;
  /** Ends the run, its kernel too; the promise rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Ends the run as a failure, with an Error as its reason; outputs so far are kept. */
  deadline?: AbortSignal;
  verbose?: boolean;
}

/** The result of a run. */
export interface RunResult {
  /** The executed notebook; if the kernel was lost, with all outputs up to there. */
  notebook: Notebook;
  failure?: Failure;
  cells: CellRun[];
  seconds: number;
}

/** Fixed names for a run's files in its folder, so that no user's file name goes through a command line. */
const files = {
  source: 'source.ipynb',
  executed: 'executed.ipynb',
  soFar: 'so-far.ipynb',
  events: 'events.jsonl',
};

/** Seconds for the kernel to end its cell after the interrupt of a time-out. */
const graceSeconds = 5;

/** OpenMP's threads wait by spinning, which takes the cores from the other notebooks. */
const sharingCores = { OMP_WAIT_POLICY: process.env.OMP_WAIT_POLICY ?? 'PASSIVE' };

/**
 * Runs a notebook headless in the Tandem kernel. A failing cell, a time-out and a kernel that
 * dies are results; a set-up that can't run notebooks is thrown.
 *
 * Every run has its own folder, kernel and events, so that several can run at once. Each kernel has
 * as many threads as the frameworks choose by themselves, however many run: results depend on the
 * machine and the seed, not on what else is running.
 */
export async function runNotebook(
  path: string,
  source: Notebook,
  options: RunOptions,
): Promise<RunResult> {
  mkdirSync(options.workFolder, { recursive: true });
  const { timeoutSeconds, parameters, outputs, signal, deadline, onCell } = options;
  rmSync(outputs, { recursive: true, force: true });
  const folder = makeWorkFolder(options.workFolder);
  const runFile = join(folder, 'run.json');
  const events = join(folder, files.events);
  const raisesException = raisingCells(source);
  writeFileSync(events, '');
  writeFileSync(runFile, JSON.stringify({ parameters, events, outputs, raisesException }));
  writeFileSync(join(folder, files.source), JSON.stringify(source));

  const watch = new CellWatch(timeoutSeconds + graceSeconds, () => endKernel(runFile), onCell);
  const follower = followEvents(events, (event) => watch.see(event));
  // Without its kernel, nbconvert writes the outputs so far; before it has one, it is killed itself.
  const endLate = () => void (watch.current ? endKernel(runFile) : endRun(runFile));
  deadline?.addEventListener('abort', endLate, { once: true });
  const started = performance.now();
  try {
    const lost = await executeNotebook(files, {
      kernel: kernelFor(source),
      kernelFolder: dirname(path),
      timeoutSeconds,
      workFolder: folder,
      environment: { TANDEM_RUN: runFile, ...(options.alone ? {} : sharingCores) },
      signal,
      verbose: options.verbose,
    }).then(() => undefined, lossIn);
    follower.stop();
    const notebook = executedIn(folder) ?? withoutOutputs(source);
    const whole = watch.ended === executedCells(source).length;
    const late = deadline?.aborted && !whole ? lateness(deadline, watch.current ?? 1) : undefined;
    const failure =
      late ?? watch.failure(timeoutSeconds, new Set(raisesException), whole ? undefined : lost);
    if (failure) markFailureUnlessShown(notebook, failure);
    return {
      notebook,
      failure: withLine(notebook, failure ?? failureIn(notebook)),
      cells: watch.runs(),
      seconds: (performance.now() - started) / 1000,
    };
  } finally {
    deadline?.removeEventListener('abort', endLate);
    follower.stop();
    watch.end();
    await endRun(runFile);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The kernel that runs a notebook's language. */
const kernelFor = ({ metadata }: Notebook): string => {
  const language = metadata?.kernelspec?.language ?? metadata?.language_info?.name;
  return language?.toLowerCase() === 'javascript' ? 'tandem-javascript' : 'tandem';
};

/** The failure that a lost kernel or nbconvert stands for; an error of the set-up is thrown. */
const lossIn = (error: unknown): Loss => {
  if (!(error instanceof NbconvertError) || error.kind === 'set-up') throw error;
  if (error.kind === 'kernel died') {
    const evalue = 'the kernel died in this cell (out of memory, or a crash in native code)';
    return { ename: 'DeadKernelError', evalue };
  }
  return {
    ename: error.kind === 'killed' ? 'DeadKernelError' : 'NbconvertError',
    evalue: error.message,
  };
};

const lateness = ({ reason }: AbortSignal, cell: number): Failure => ({
  cell,
  ename: 'RunTimeoutError',
  evalue: (reason as Error).message,
});

/** The notebook as nbconvert left it at the end, or after the last finished cell. */
const executedIn = (folder: string): Notebook | undefined => {
  const paths = [files.executed, files.soFar].map((name) => join(folder, name));
  const path = paths.find((candidate) => existsSync(candidate));
  return path ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
};

const markFailureUnlessShown = (notebook: Notebook, failure: Failure): void => {
  const shown = failureIn(notebook);
  if (shown?.cell !== failure.cell || shown.ename !== failure.ename) {
    markFailure(notebook, failure);
  }
};

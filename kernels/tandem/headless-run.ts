import { appendFileSync, readFileSync } from 'node:fs';
import type { CellFailure } from './cell-error';

/** The file that TANDEM_RUN names: the runner's settings for a headless run. */
interface RunFile {
  /** Where to write events, one a line. */
  readonly events: string;
  /** A folder for outputs that are too large to be shown. */
  readonly outputs?: string;
  /** Cells, from 1 in the order of execution, that may fail without ending the run. */
  readonly raisesException?: readonly number[];
}

/**
 * A headless run of a notebook. Reports each cell to the runner and runs no cell after a failed one,
 * so that the executed notebook ends at the failure.
 */
export class HeadlessRun {
  #cell = 0;
  #failed = false;
  #started = 0;

  private constructor(private readonly file: RunFile) {}

  /** The run that the environment names; undefined in an interactive session. */
  static fromEnvironment(): HeadlessRun | undefined {
    const path = process.env.TANDEM_RUN;
    return path ? new HeadlessRun(JSON.parse(readFileSync(path, 'utf8'))) : undefined;
  }

  get outputs(): string | undefined {
    return this.file.outputs;
  }

  /** Notes a request to run a cell; false if it must not run. */
  begin(): boolean {
    this.#cell++;
    if (this.#failed) {
      this.#write({ event: 'cell-end', cell: this.#cell, status: 'aborted' });
      return false;
    }
    this.#started = performance.now();
    this.#write({ event: 'cell-start', cell: this.#cell });
    return true;
  }

  /** Whether no cell has failed so far. */
  get isSound(): boolean {
    return !this.#failed;
  }

  /** Notes an error that came after its cell had ended; it counts for the last cell. */
  failLate({ ename, evalue }: CellFailure): void {
    if (this.#failed || this.#mayFail) return;
    this.#failed = true;
    this.#write({ event: 'late-error', cell: this.#cell, ename, evalue });
  }

  get #mayFail(): boolean {
    return this.file.raisesException?.includes(this.#cell) ?? false;
  }

  end(failure?: CellFailure): void {
    this.#failed = failure !== undefined && !this.#mayFail;
    const seconds = (performance.now() - this.#started) / 1000;
    const status = failure ? 'error' : 'ok';
    const error = failure && { ename: failure.ename, evalue: failure.evalue };
    this.#write({ event: 'cell-end', cell: this.#cell, status, seconds, ...error });
  }

  #write(event: object): void {
    appendFileSync(this.file.events, `${JSON.stringify(event)}\n`);
  }
}

import { setImmediate } from 'node:timers/promises';
import { type CellFailure, interruption, runtimeFailure, typeFailure } from './cell-error';
import { CellSources } from './cell-sources';
import type { Compiled } from './compiler';
import { Evaluator, Thrown } from './evaluator';
import { installInterruptChecks, interruptReason, rejectWaiting } from './interruptible';
import { Modules } from './modules';
import { ProjectCode } from './project-code';
import { type MimeBundle, richly } from './rich';
import type { RunState } from './run-state';

export type CellResult =
  | { readonly status: 'ok'; readonly data?: MimeBundle }
  | { readonly status: 'error'; readonly failure: CellFailure };

/** Milliseconds for a loop that checks the signal to stop by itself. */
const grace = 300;

/** Milliseconds after which a cell that can't be ended otherwise is killed with its process. */
const killDelay = 3000;

/** The compiler, which has its own process (compiler-process.ts). */
export interface RemoteCompiler {
  compile(code: string): Promise<Compiled>;
  /** Makes a cell's declarations visible to the cells after it. */
  keep(code: string): void;
}

const failed = (failure: CellFailure): CellResult => ({ status: 'error', failure });

/** Runs the cells of a notebook one after the other in this process. */
export class Cells {
  readonly #sources = new CellSources();
  readonly #modules: Modules;
  readonly #project = new ProjectCode((path) => this.#modules.forget(path));
  readonly #evaluator = new Evaluator();
  #fail: ((error: unknown) => void) | undefined;
  #abort = new AbortController();
  #interrupting: NodeJS.Timeout | undefined;
  #turns: NodeJS.Timeout | undefined;

  constructor(
    private readonly state: RunState,
    private readonly compiler: RemoteCompiler,
    javascript: boolean,
  ) {
    installInterruptChecks(state);
    this.#modules = new Modules(process.cwd(), javascript, this.#sources);
  }

  /** Aborts when the running cell is interrupted; a new one for each cell. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Runs a cell; `number` names it in stack traces. */
  async execute(code: string, number: number): Promise<CellResult> {
    this.#abort = new AbortController();
    const stopped = new Promise<never>((_, reject) => {
      this.#fail = reject;
    });
    stopped.catch(() => {});
    try {
      const told = await Promise.race([this.#project.refresh(code), stopped]);
      if (told) console.error(told);
      const compiled = await Promise.race([this.compiler.compile(code), stopped]);
      if ('problems' in compiled) return failed(typeFailure(compiled.problems, code));
      const script = this.#sources.addCell(number, code, compiled.script, compiled.map);
      // The variables that a cell set before it failed can be used.
      this.compiler.keep(code);
      const data = await Promise.race([this.#run(script), stopped]);
      // A rejection that nobody handles is reported only when the event loop turns.
      await Promise.race([setImmediate(), stopped]);
      await Promise.race([setImmediate(), stopped]);
      // An interrupt may only have ended a child process or a native call.
      if (this.state.interrupted) return failed(interruption());
      return { status: 'ok', data };
    } catch (error) {
      if (this.signal.aborted || this.state.interrupted) return failed(interruption());
      return failed(this.failure(error instanceof Thrown ? error.error : error));
    } finally {
      this.#evaluator.leave();
      this.state.running = 'nothing';
      this.state.interrupted = false;
      this.#fail = undefined;
      clearTimeout(this.#interrupting);
      clearInterval(this.#turns);
      this.#project.note();
    }
  }

  async #run(script: string): Promise<MimeBundle | undefined> {
    const { value } = await this.#evaluator.run(script, (inside) => {
      if (inside) this.signal.throwIfAborted();
      this.state.running = inside ? 'synchronous' : 'asynchronous';
    });
    return value == null ? undefined : richly(value);
  }

  /** What Jupyter shows of an error. */
  failure(error: unknown): CellFailure {
    return runtimeFailure(error, this.#sources);
  }

  /** Fails the running cell with an error from outside of it; false if none is running. */
  fail(error: unknown): boolean {
    this.#fail?.(error);
    return this.#fail !== undefined;
  }

  /** Stops loops that check the signal, then whatever else the running cell waits for. */
  interrupt(): void {
    this.state.turn();
    if (!this.#fail) this.state.interrupted = false;
    if (!this.#fail || this.signal.aborted) return;
    const reason = interruptReason();
    const fail = this.#fail;
    this.#abort.abort(reason);
    this.#turns = setInterval(() => this.state.turn(), 50);
    this.#interrupting = setTimeout(() => {
      rejectWaiting(reason);
      // A cell that catches the rejection, or never sees it, is left behind.
      this.#interrupting = setTimeout(() => {
        fail(reason);
        this.#interrupting = setTimeout(() => process.kill(process.pid, 'SIGKILL'), killDelay);
      }, grace);
    }, grace);
  }
}

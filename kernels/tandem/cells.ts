import { setImmediate } from 'node:timers/promises';
import { type CellFailure, interruption, runtimeFailure, typeFailure } from './cell-error';
import type { Completeness, Completion } from './cell-protocol';
import { CellSources } from './cell-sources';
import { Compiler } from './compiler';
import { inspected, inspection } from './inspection';
import { heedInterrupts, interruptReason, rejectWaiting } from './interruptible';
import { ProjectCode } from './project-code';
import { type MimeBundle, richly } from './rich';
import type { RunState } from './run-state';
import { createExecutor, isCompleteCode, syntaxErrors } from './tslab';

export type CellResult =
  | { readonly status: 'ok'; readonly data?: MimeBundle }
  | { readonly status: 'error'; readonly failure: CellFailure };

/** Milliseconds that a loop which heeds the signal has to stop by itself. */
const grace = 300;

/** `TS1160: Unterminated template literal.` */
const unterminatedTemplate = 1160;

/** Runs cells of TypeScript one after the other in this process, with tslab's compiler. */
export class Cells {
  readonly #sources = new CellSources();
  readonly #project = new ProjectCode();
  #loadedCompiler: Compiler | undefined;
  #thrown: { error: unknown } | undefined;
  #value: unknown;
  #fail: ((error: unknown) => void) | undefined;
  #abort = new AbortController();
  #interrupting: NodeJS.Timeout | undefined;

  readonly #executor = createExecutor(
    process.cwd(),
    (() => {
      const cells = this;
      return {
        get node(): Compiler {
          return cells.#compiler;
        },
        get browser(): Compiler {
          throw new Error('browser cells are not supported');
        },
        close: () => cells.#loadedCompiler?.close(),
      };
    })(),
    {
      // The executor reports the last expression's value and all errors through its console.
      log: (value: unknown) => {
        this.#value = value;
      },
      error: (error: unknown) => {
        this.#thrown ??= { error };
      },
    },
  );

  constructor(private readonly state: RunState) {
    heedInterrupts(state);
  }

  get #compiler(): Compiler {
    this.#loadedCompiler ??= new Compiler(this.#sources, () => {
      this.state.running = true;
    });
    return this.#loadedCompiler;
  }

  /** Loads the compiler, which takes a moment, before the first cell needs it. */
  warmUp(): void {
    this.#compiler;
  }

  /** Aborts when the running cell is interrupted; a new one for each cell. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Runs a cell; `number` names it in stack traces. */
  async execute(code: string, number: number): Promise<CellResult> {
    this.#thrown = undefined;
    this.#value = undefined;
    this.#abort = new AbortController();
    this.state.interrupted = false;
    const compiler = this.#compiler;
    compiler.begin(number);
    const failed = new Promise<never>((_, reject) => {
      this.#fail = reject;
    });
    failed.catch(() => {});
    let ok = false;
    let data: MimeBundle | undefined;
    try {
      const told = await Promise.race([this.#project.refresh(code), failed]);
      if (told) console.error(told);
      ok = await Promise.race([this.#executor.execute(code), failed]);
      if (this.#value !== undefined) data = await Promise.race([richly(this.#value), failed]);
      // A rejection that nobody handles is reported only when the event loop turns.
      await Promise.race([setImmediate(), failed]);
      await Promise.race([setImmediate(), failed]);
    } catch (error) {
      ok = false;
      this.#thrown = { error };
    } finally {
      this.state.running = false;
      this.#fail = undefined;
      clearTimeout(this.#interrupting);
    }
    compiler.commit();
    this.#project.note();
    if (ok) return { status: 'ok', data };
    return { status: 'error', failure: this.#failure(code) };
  }

  #failure(code: string): CellFailure {
    const { problems } = this.#compiler;
    if (problems.length > 0) return typeFailure(problems, code);
    const error = this.#thrown?.error;
    const name = (error as { code?: string } | undefined)?.code;
    const stopped = this.signal.aborted || this.state.interrupted;
    if (stopped || name === 'ERR_SCRIPT_EXECUTION_INTERRUPTED') return interruption();
    return runtimeFailure(error, this.#sources);
  }

  /** Fails the running cell with an error from outside of it; false where none is running. */
  fail(error: unknown): boolean {
    this.#fail?.(error);
    return this.#fail !== undefined;
  }

  /** Stops loops that heed the signal, then whatever else the running cell waits for. */
  interrupt(): void {
    this.state.notice();
    if (!this.#fail || this.signal.aborted) return;
    const reason = interruptReason();
    const fail = this.#fail;
    this.#abort.abort(reason);
    this.#interrupting = setTimeout(() => {
      rejectWaiting(reason);
      // A cell that catches the rejection, or never sees it, is left behind.
      this.#interrupting = setTimeout(fail, grace, reason);
    }, grace);
  }

  /** What may stand at a position, with its kind. */
  complete(code: string, position: number): Completion {
    const found = this.#executor.complete(code, position) as ReturnType<Compiler['complete']>;
    const kinds = new Map(found.original?.entries.map(({ name, kind }) => [name, kind]));
    const candidates = found.candidates.map((text) => ({ text, kind: kinds.get(text) }));
    return { start: found.start, end: found.end, candidates };
  }

  /** Type and documentation of what stands at a position; undefined where there is nothing to say. */
  inspect(code: string, position: number): MimeBundle | undefined {
    for (const place of inspected(code, position)) {
      const info = this.#executor.inspect(code, place);
      if (info) return inspection(info);
    }
    return undefined;
  }

  /** Whether a cell may be run as it stands, goes on, or is wrong however it goes on. */
  isComplete(code: string): Completeness {
    const { completed, indent } = isCompleteCode(code);
    if (!completed) return { status: 'incomplete', indent };
    const errors = syntaxErrors(code);
    if (errors.includes(unterminatedTemplate)) return { status: 'incomplete', indent: '' };
    return { status: errors.length > 0 ? 'invalid' : 'complete' };
  }
}

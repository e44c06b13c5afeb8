import { setImmediate } from 'node:timers/promises';
import { createConverter, type Converter, isCompleteCode } from 'tslab/dist/converter';
import { createExecutor } from 'tslab/dist/executor';
import { printQuickInfo } from 'tslab/dist/inspect';
import {
  type CellFailure,
  interruption,
  runtimeFailure,
  type TypeProblem,
  typeFailure,
} from './cell-error';

export type CellResult =
  | { readonly status: 'ok'; readonly value?: unknown }
  | { readonly status: 'error'; readonly failure: CellFailure };

/** Runs cells of TypeScript one after the other in this process, with tslab's compiler. */
export class Cells {
  #converter: Converter | undefined;
  #compiled: string | undefined;
  #problems: TypeProblem[] = [];
  #thrown: { error: unknown } | undefined;
  #value: unknown;
  #fail: ((error: unknown) => void) | undefined;
  #abort = new AbortController();
  #interrupted = false;

  readonly #executor = createExecutor(
    process.cwd(),
    (() => {
      const cells = this;
      return {
        get node(): Converter {
          return cells.#compiler();
        },
        get browser(): Converter {
          throw new Error('browser cells are not supported');
        },
        close: () => cells.#converter?.close(),
      };
    })(),
    {
      // The executor reports the last expression's value and all errors through its console.
      log: (value: unknown) => {
        this.#value = value;
      },
      error: (first: unknown, ...rest: unknown[]) => {
        if (first === '%s%d:%d - %s') {
          const [file, line, column, message] = rest as [string, number, number, string];
          this.#problems.push({ file: file.trim(), line, column, message });
        } else {
          this.#thrown = { error: first };
        }
      },
    },
  );

  #compiler(): Converter {
    if (!this.#converter) {
      const converter = createConverter();
      const convert = converter.convert.bind(converter);
      converter.convert = (declarations, source) => {
        const converted = convert(declarations, source);
        this.#compiled = converted.output;
        return converted;
      };
      this.#converter = converter;
    }
    return this.#converter;
  }

  /** Loads the compiler, which takes about a second, before the first cell needs it. */
  warmUp(): void {
    this.#compiler();
  }

  /** Aborts when the running cell is interrupted; a new one for each cell. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  async execute(code: string): Promise<CellResult> {
    this.#problems = [];
    this.#thrown = undefined;
    this.#value = undefined;
    this.#interrupted = false;
    this.#abort = new AbortController();
    const failed = new Promise<never>((_, reject) => {
      this.#fail = reject;
    });
    failed.catch(() => {});
    let ok = false;
    try {
      ok = await Promise.race([this.#executor.execute(code), failed]);
      // A rejection that nobody handles is reported only when the event loop turns.
      await Promise.race([setImmediate(), failed]);
      await Promise.race([setImmediate(), failed]);
    } catch (error) {
      ok = false;
      this.#thrown = { error };
    } finally {
      this.#fail = undefined;
    }
    if (ok) return { status: 'ok', value: this.#value };
    return { status: 'error', failure: this.#failure(code) };
  }

  #failure(code: string): CellFailure {
    if (this.#problems.length > 0) return typeFailure(this.#problems, code);
    const error = this.#thrown?.error;
    const code_ = (error as { code?: string } | undefined)?.code;
    if (this.#interrupted || code_ === 'ERR_SCRIPT_EXECUTION_INTERRUPTED') return interruption();
    return runtimeFailure(error, code, this.#compiled);
  }

  /** Fails the running cell with an error from outside of it; false where none is running. */
  fail(error: unknown): boolean {
    this.#fail?.(error);
    return this.#fail !== undefined;
  }

  /** Stops the running cell where it waits, and loops that heed the signal. */
  interrupt(): void {
    if (!this.#fail) return;
    this.#interrupted = true;
    this.#abort.abort(new DOMException('interrupted', 'AbortError'));
    this.#executor.interrupt();
  }

  complete(code: string, position: number): { start: number; end: number; candidates: string[] } {
    return this.#executor.complete(code, position);
  }

  /** Type and documentation of what stands at a position; null where there is nothing to say. */
  inspect(code: string, position: number): string | null {
    const info = this.#executor.inspect(code, position);
    return info ? printQuickInfo(info) : null;
  }

  isComplete(code: string): { completed: boolean; indent?: string } {
    return isCompleteCode(code);
  }

  close(): void {
    this.#executor.close();
  }
}

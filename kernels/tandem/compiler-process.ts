import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { inProject } from '../../src/files/paths';
import type { Compiler } from './compiler';
import type { Language } from './kernel-info';

/** What the kernel asks of the compiler. */
type Method = 'compile' | 'complete' | 'inspect' | 'isComplete';

export interface Question {
  readonly id: number;
  /** `forget` means all cells. */
  readonly method: Method | 'keep' | 'forget';
  readonly parameters: readonly unknown[];
}

/** Without an `id` it says that the compiler is ready. */
export interface Answer {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly name: string; readonly message: string };
}

interface Pending {
  readonly question: Question;
  resolve(result: unknown): void;
  reject(reason: Error): void;
}

/** How often in a row the process may end before it is ready. */
const mostTries = 3;

/** Node's arguments that start a process from the snapshot, if there is one for this Node. */
function fromSnapshot(): string[] {
  const file: string = require(inProject('kernels/tandem/snapshot-file.js')).snapshotFile();
  return existsSync(file) ? ['--snapshot-blob', file] : [];
}

const named = (name: string, message: string) => Object.assign(new Error(message), { name });

/**
 * The process that compiles cells, seen from the kernel. It is separate from the cells' so that it starts while
 * theirs does, from a snapshot, and completes names while a cell runs. If it ends, a new one reads the cells again.
 */
export class CompilerProcess {
  #process: ChildProcess;
  #snapshot = fromSnapshot();
  #tries = 0;
  #ending = false;
  #questions = 0;
  #kept: string[] = [];
  readonly #pending = new Map<number, Pending>();

  constructor(private readonly language: Language) {
    this.#process = this.#start();
    process.on('exit', () => this.#process.kill('SIGKILL'));
  }

  #start(): ChildProcess {
    this.#tries++;
    const child = spawn(
      process.execPath,
      [...process.execArgv, ...this.#snapshot, require.resolve('./compiler-main'), this.language],
      // What it says beside its answers is for Jupyter's log.
      { stdio: ['ignore', 2, 2, 'ipc'], serialization: 'advanced' },
    );
    child.on('message', (answer: Answer) => this.#take(answer));
    // Asking a process that has just died is not the kernel's error.
    child.on('error', () => {});
    child.once('exit', (code, signal) => this.#ended(signal ?? `exit code ${code}`));
    return child;
  }

  #take({ id, result, error }: Answer): void {
    this.#tries = 0;
    const pending = this.#pending.get(id!);
    this.#pending.delete(id!);
    if (error) pending?.reject(named(error.name, error.message));
    else pending?.resolve(result);
  }

  #send(question: Question): void {
    if (this.#process.connected) this.#process.send(question, () => {});
  }

  /** Sends what needs no answer. */
  #tell(method: 'keep' | 'forget', ...parameters: string[]): void {
    this.#send({ id: 0, method, parameters });
  }

  #ended(how: string): void {
    if (this.#ending) return;
    const pending = [...this.#pending.values()];
    if (this.#tries > 0) {
      // The snapshot may be damaged.
      this.#snapshot = [];
      if (this.#tries >= mostTries) {
        console.error(`The compiler does not start: it ended with ${how}.`);
        process.exit(1);
      }
    } else {
      this.#pending.clear();
      const message = `TypeScript's compiler ended while it read this cell (${how}); the cells before it still count`;
      for (const { reject } of pending) reject(named('CompilerCrashed', message));
    }
    this.#process = this.#start();
    for (const source of this.#kept) this.#tell('keep', source);
    for (const { question } of this.#pending.values()) this.#send(question);
  }

  /** Asks the compiler. Rejects if it ends meanwhile. */
  ask<M extends Method>(
    method: M,
    ...parameters: Parameters<Compiler[M]>
  ): Promise<ReturnType<Compiler[M]>> {
    const question = { id: ++this.#questions, method, parameters };
    return new Promise((resolve, reject) => {
      this.#pending.set(question.id, { question, resolve: resolve as Pending['resolve'], reject });
      this.#send(question);
    });
  }

  /** Makes a cell's declarations visible to the cells after it. */
  keep(source: string): void {
    this.#kept.push(source);
    this.#tell('keep', source);
  }

  /** Forgets all cells, when their variables are lost. */
  forget(): void {
    this.#kept = [];
    this.#tell('forget');
  }

  /** Stops what it is compiling. */
  interrupt(): void {
    const busy = [...this.#pending.values()].some(({ question }) => question.method === 'compile');
    if (busy && this.#tries === 0) this.#process.kill('SIGKILL');
  }

  end(): void {
    this.#ending = true;
    this.#process.kill('SIGKILL');
  }
}

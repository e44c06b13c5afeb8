import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CellFailure } from './cell-error';
import {
  type Command,
  commandsDescriptor,
  decoder,
  encode,
  type Report,
  type Requests,
  reportsDescriptor,
} from './cell-protocol';
import type { Compiled } from './compiler';
import { Crash } from './crash';
import type { Language } from './kernel-info';
import { NativeOutput } from './native-output';
import type { Content } from './wire';

/** Events that the kernel receives from the cells besides the results that it asked for. */
export interface Listener {
  output(type: string, content: Content): void;
  /** Asks the user; undefined if nobody can be asked. */
  ask(prompt: string): Promise<string | undefined>;
  compile(code: string): Promise<Compiled>;
  /** A cell's declarations count from now on. */
  keep(code: string): void;
  /** An error came after its cell had ended. */
  failedLate(failure: CellFailure): void;
  /** The process ended, and all variables are lost; `idle` if no request was open. */
  crashed(crash: Crash, idle: boolean): void;
}

interface Pending {
  readonly isCell: boolean;
  resolve(result: unknown): void;
  reject(reason: Error): void;
}

/** Milliseconds for a process to end by itself, and for a cell's last output to arrive. */
const exitTimeout = 1000;

/** Milliseconds without a sign of life after which a second interrupt ends the process. */
const unresponsiveLimit = 3000;

/**
 * The process that runs the cells, seen from the kernel. It is separate from the kernel's own, so that the
 * kernel survives a crash of V8 or of native code, reports it, and continues with a new process.
 */
export class CellProcess {
  #process: ChildProcess;
  #native: NativeOutput;
  #ready = false;
  #ending = false;
  /** Whether the running cell was interrupted. */
  #interrupted = false;
  /** Since when it has not reacted to that. */
  #unheard: number | undefined;
  #requests = 0;
  readonly #pending = new Map<number, Pending>();

  constructor(
    private readonly language: Language,
    private readonly listener: Listener,
  ) {
    this.#native = this.#newOutput();
    this.#process = this.#start();
    process.on('exit', () => this.#process.kill('SIGKILL'));
  }

  #newOutput = () =>
    new NativeOutput((name, text) => this.listener.output('stream', { name, text }));

  #start(): ChildProcess {
    const stdio = ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'] as const;
    const child = spawn(
      process.execPath,
      [...process.execArgv, require.resolve('./cell-main'), this.language],
      {
        stdio: [...stdio],
      },
    );
    this.#ready = false;
    this.#native = this.#newOutput();
    const native = this.#native;
    child.stdout!.on('data', (chunk: Buffer) => native.add('stdout', chunk));
    child.stderr!.on('data', (chunk: Buffer) => native.add('stderr', chunk));
    const take = decoder<Report>((report) => this.#take(report, child));
    (child.stdio[reportsDescriptor] as Readable).on('data', take);
    // Writing to a process that has just died is not the kernel's error.
    (child.stdio[commandsDescriptor] as Writable).on('error', () => {});
    child.once('exit', (code, signal) => void this.#ended(child, code, signal));
    return child;
  }

  #take(report: Report, child: ChildProcess): void {
    switch (report.type) {
      case 'ready':
        this.#ready = true;
        return;
      case 'heard':
        this.#unheard = undefined;
        return;
      case 'late':
        this.listener.failedLate(report.failure);
        return;
      case 'output':
        this.listener.output(report.message, report.content);
        return;
      case 'question': {
        const { question } = report;
        void this.listener
          .ask(report.prompt)
          .then((text) => this.#send({ type: 'answer', question, text }));
        return;
      }
      case 'compile': {
        const { request } = report;
        const send = (answer: object) =>
          this.#send({ type: 'compiled', request, ...answer }, child);
        void this.listener.compile(report.code).then(
          (result) => send({ result }),
          ({ message }: Error) => send({ reason: message }),
        );
        return;
      }
      case 'keep':
        this.listener.keep(report.code);
        return;
      default: {
        const pending = this.#pending.get(report.id);
        this.#pending.delete(report.id);
        if (report.type === 'result') void this.#resolve(report.id, pending, report.result);
        else pending?.reject(Object.assign(new Error(report.message), { name: report.name }));
      }
    }
  }

  /** A cell has ended only once the output that it wrote past Node has also arrived, on other pipes. */
  async #resolve(id: number, pending: Pending | undefined, result: unknown): Promise<void> {
    if (pending?.isCell) await Promise.race([this.#native.whole(id), sleep(exitTimeout)]);
    pending?.resolve(result);
  }

  #send(command: Command, to = this.#process): void {
    (to.stdio[commandsDescriptor] as Writable).write(encode(command));
  }

  /** Sends a request. Rejects with a Crash if the process ends meanwhile. */
  request<T extends keyof Requests>(
    type: T,
    asks: Requests[T]['asks'],
  ): Promise<Requests[T]['gets']> {
    const id = ++this.#requests;
    const isCell = type === 'execute';
    if (isCell) {
      this.#interrupted = false;
      this.#unheard = undefined;
      this.#native.begin();
    }
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { isCell, resolve: resolve as Pending['resolve'], reject });
      this.#send({ id, type, ...asks } as Command);
    });
  }

  /** Asks the running cell to stop. If it has not reacted for a while, its process ends. */
  interrupt(): void {
    this.#interrupted = true;
    const now = performance.now();
    if (this.#unheard !== undefined && now - this.#unheard > unresponsiveLimit) {
      this.#process.kill('SIGKILL');
      return;
    }
    if ([...this.#pending.values()].some(({ isCell }) => isCell)) this.#unheard ??= now;
    this.#send({ type: 'interrupt' });
  }

  async #ended(child: ChildProcess, code: number | null, signal: NodeJS.Signals | null) {
    if (this.#ending) return;
    // Its last output may still be in transit.
    await Promise.race([new Promise((resolve) => child.once('close', resolve)), sleep(200)]);
    const crash = new Crash(code, signal, this.#native.tail, this.#interrupted);
    if (!this.#ready) {
      console.error(`The process of the cells does not start.\n${crash.details.join('\n')}`);
      process.exit(1);
    }
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    this.#process = this.#start();
    this.listener.crashed(crash, pending.length === 0);
    for (const { reject } of pending) reject(crash);
  }

  /** Ends the process, even if it is busy. */
  async end(): Promise<void> {
    this.#ending = true;
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#send({ type: 'end' });
    await Promise.race([ended, sleep(exitTimeout, undefined, { ref: false })]);
    this.#process.kill('SIGKILL');
  }
}

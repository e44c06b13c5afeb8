import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Command,
  commandsDescriptor,
  decoder,
  encode,
  type Report,
  type Requests,
  reportsDescriptor,
} from './cell-protocol';
import { Crash } from './crash';
import { NativeOutput } from './native-output';
import type { Content } from './wire';

/** What the kernel hears of the cells, beside the results that it asked for. */
export interface Listener {
  output(type: string, content: Content): void;
  /** Asks the person; undefined where nobody can be asked. */
  ask(prompt: string): Promise<string | undefined>;
  /** The process ended while nothing was asked of it. */
  crashed(crash: Crash): void;
}

interface Pending {
  resolve(result: unknown): void;
  reject(reason: Error): void;
}

/** Milliseconds that a process has to end by itself. */
const patience = 1000;

/**
 * The process that runs the cells, seen from the kernel. It is another one than the kernel's, which
 * so outlives a crash of V8 or of native code, tells of it, and goes on with a new process.
 */
export class CellProcess {
  #process: ChildProcess;
  #native: NativeOutput;
  #ready = false;
  #ending = false;
  /** Whether the request under way was to stop. */
  #interrupted = false;
  #requests = 0;
  readonly #pending = new Map<number, Pending>();

  constructor(private readonly listener: Listener) {
    this.#native = this.#newOutput();
    this.#process = this.#start();
    process.on('exit', () => this.#process.kill('SIGKILL'));
  }

  #newOutput = () =>
    new NativeOutput((name, text) => this.listener.output('stream', { name, text }));

  #start(): ChildProcess {
    const stdio = ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'] as const;
    const child = spawn(process.execPath, [...process.execArgv, require.resolve('./cell-main')], {
      stdio: [...stdio],
    });
    this.#ready = false;
    this.#native = this.#newOutput();
    const native = this.#native;
    child.stdout!.on('data', (chunk: Buffer) => native.add('stdout', chunk));
    child.stderr!.on('data', (chunk: Buffer) => native.add('stderr', chunk));
    const take = decoder<Report>((report) => this.#take(report));
    (child.stdio[reportsDescriptor] as Readable).on('data', take);
    // Writing to a process that has just died is no error of the kernel's.
    (child.stdio[commandsDescriptor] as Writable).on('error', () => {});
    child.once('exit', (code, signal) => void this.#ended(child, code, signal));
    return child;
  }

  #take(report: Report): void {
    switch (report.type) {
      case 'ready':
        this.#ready = true;
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
      default: {
        const pending = this.#pending.get(report.id);
        this.#pending.delete(report.id);
        if (report.type === 'result') pending?.resolve(report.result);
        else pending?.reject(Object.assign(new Error(report.message), { name: report.name }));
      }
    }
  }

  #send(command: Command): void {
    (this.#process.stdio[commandsDescriptor] as Writable).write(encode(command));
  }

  /** Asks for something. Rejects with a Crash when the process ends over it. */
  request<T extends keyof Requests>(
    type: T,
    asks: Requests[T]['asks'],
  ): Promise<Requests[T]['gets']> {
    const id = ++this.#requests;
    if (type === 'execute') this.#interrupted = false;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve: resolve as Pending['resolve'], reject });
      this.#send({ id, type, ...asks } as Command);
    });
  }

  interrupt(): void {
    this.#interrupted = true;
    this.#send({ type: 'interrupt' });
  }

  async #ended(child: ChildProcess, code: number | null, signal: NodeJS.Signals | null) {
    if (this.#ending) return;
    // What it has written last may still be under way.
    await Promise.race([new Promise((resolve) => child.once('close', resolve)), sleep(200)]);
    const crash = new Crash(code, signal, this.#native.tail, this.#interrupted);
    if (!this.#ready) {
      console.error(`The process of the cells does not start.\n${crash.details.join('\n')}`);
      process.exit(1);
    }
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    this.#process = this.#start();
    if (pending.length === 0) this.listener.crashed(crash);
    for (const { reject } of pending) reject(crash);
  }

  /** Ends the process, also one that is busy. */
  async end(): Promise<void> {
    this.#ending = true;
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#send({ type: 'end' });
    await Promise.race([ended, sleep(patience, undefined, { ref: false })]);
    this.#process.kill('SIGKILL');
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { basename, extname, relative, resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { UserError } from '../command/errors';
import { inProject } from '../files/paths';
import { type DType, dtypeOf, fromBytes, type NDArray } from './arrays';

const none = new Uint8Array(0);

/** Seconds that Python and the framework may take to start, which no program can help. */
const startLimit = 300;

export type Arrays = ReadonlyMap<string, NDArray>;

export interface Answer<Result> {
  readonly result: Result;
  readonly arrays: Arrays;
}

interface Entry {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly bytes: number;
}

interface Failure {
  readonly message: string;
  readonly place?: string | null;
  readonly trace?: string;
}

/** A program's error for the user: `torch_model.py:12: NameError: …`. */
export class ProgramFailure extends UserError {
  constructor(
    message: string,
    readonly program: string,
    readonly trace?: string,
  ) {
    super(message, 2);
  }
}

export interface ProgramOptions {
  /** The Python that runs `.py` programs; `.venv`'s by default. */
  readonly python?: string;
  /** Seconds that one answer may take. */
  readonly limit?: number;
}

/** What answers questions about the model of a program. */
export interface Answering {
  /** Of the program that it holds; it may hold one after another. */
  path: string;
  readonly name: string;
  /** Asks and waits for the answer; one question at a time. */
  ask<Result>(
    request: { do: string; [key: string]: unknown },
    arrays?: Arrays,
  ): Promise<Answer<Result>>;
  close(): void;
}

/**
 * A program in a process of its own, which answers questions about its model. The process is ended
 * with `close`, by an answer that takes too long, and by its own pipe when this process ends.
 */
export class Program implements Answering {
  private readonly child: ChildProcess;
  private line: Buffer[] = [];
  private body = none;
  private received = 0;
  private waiting?: { resolve: (answer: Answer<never>) => void; reject: (error: Error) => void };
  private header?: { result?: never; error?: Failure; arrays: Entry[] };
  private ended?: string;
  private said = '';

  constructor(
    public path: string,
    adapter: string,
    private readonly options: ProgramOptions = {},
  ) {
    const python = options.python ?? inProject('.venv', 'bin', 'python');
    const folder = inProject('src', 'pairs', 'adapters');
    this.child = spawn(python, ['-u', `${folder}/${adapter}`], {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
      env: {
        ...process.env,
        PYTHONDONTWRITEBYTECODE: '1',
        // Threads that wait by spinning make a busy machine slow.
        OMP_WAIT_POLICY: 'PASSIVE',
        TANDEM_NODE: process.execPath,
        TANDEM_TYPESCRIPT: inProject('dist', 'src', 'pairs', 'typescript', 'main.js'),
      },
    });
    const [, out, err, requests, answers] = this.child.stdio as [
      null,
      Readable,
      Readable,
      Writable,
      Readable,
    ];
    requests.on('error', () => {});
    answers.on('data', (chunk: Buffer) => this.receive(chunk));
    const hear = (chunk: Buffer) => {
      this.said = `${this.said}${chunk}`.slice(-20_000);
    };
    out.on('data', hear);
    err.on('data', hear);
    this.child.on('error', (error: NodeJS.ErrnoException) =>
      this.end(error.code === 'ENOENT' ? `there is no ${python}` : error.message),
    );
    this.child.on('close', (code, signal) =>
      this.end(
        signal ? `its process was ended by ${signal}` : `it ended its process (exit code ${code})`,
      ),
    );
  }

  get name(): string {
    return basename(this.path);
  }

  async ask<Result>(
    request: { do: string; [key: string]: unknown },
    arrays: Arrays = new Map(),
  ): Promise<Answer<Result>> {
    if (this.ended) throw this.failure({ message: this.ended });
    const listed = [...arrays].map(([name, array]) => ({
      name,
      dtype: dtypeOf(array),
      shape: array.shape,
      bytes: array.data.byteLength,
    }));
    const requests = this.child.stdio[3] as Writable;
    requests.write(`${JSON.stringify({ ...request, arrays: listed })}\n`);
    for (const { data } of arrays.values()) {
      requests.write(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
    }
    const limit = request.do === 'ready' ? startLimit : (this.options.limit ?? 120);
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<Answer<Result>>((resolve, reject) => {
        this.waiting = { resolve: resolve as never, reject };
        timer = setTimeout(() => void this.overdue(limit, request.do), limit * 1000);
      });
    } finally {
      clearTimeout(timer);
      this.waiting = undefined;
    }
  }

  close(): void {
    this.ended ??= 'it was stopped';
    this.child.kill('SIGKILL');
  }

  private receive(chunk: Buffer): void {
    let rest = chunk;
    if (!this.header) {
      const end = chunk.indexOf(10);
      this.line.push(end < 0 ? chunk : chunk.subarray(0, end));
      if (end < 0) return;
      const line = Buffer.concat(this.line).toString('utf8');
      this.line = [];
      this.header = JSON.parse(line.replace(/-?\b(NaN|Infinity)\b/g, 'null'));
      // Large answers weigh hundreds of megabytes: each byte is kept once.
      const bytes = this.header!.arrays.reduce((sum, entry) => sum + entry.bytes, 0);
      this.body = new Uint8Array(bytes);
      this.received = 0;
      rest = chunk.subarray(end + 1);
    }
    this.body.set(rest, this.received);
    this.received += rest.length;
    if (this.received < this.body.length) return;
    const { arrays, error, result } = this.header!;
    const whole = this.body;
    this.header = undefined;
    this.body = none;
    if (error) {
      this.waiting?.reject(this.failure(error));
      return;
    }
    const found = new Map<string, NDArray>();
    let at = 0;
    for (const { name, dtype, shape, bytes: length } of arrays) {
      found.set(name, fromBytes(dtype, shape, whole.subarray(at, at + length)));
      at += length;
    }
    this.waiting?.resolve({ result: result as never, arrays: found });
  }

  /** Says where a program that doesn't answer is, and ends it. */
  private async overdue(limit: number, doing: string): Promise<void> {
    this.said = '';
    this.child.kill('SIGUSR1');
    // It writes its frames at once, on a busy machine later: ten seconds for the first, one for the rest.
    let own: RegExpMatchArray | undefined;
    for (let [tries, heard] = [0, 0]; !own && tries < 200 && heard < 20; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      if (this.said) heard++;
      const frames = [...this.said.matchAll(/File "([^"]+)", line (\d+)/g)];
      own = frames.find(
        ([, file]) => !/site-packages|\/adapters\/|\/lib\/python|<frozen/.test(file!),
      );
    }
    const place = own ? `${own[1]}:${own[2]}` : undefined;
    const what =
      doing === 'load' || doing === 'ready'
        ? 'loading'
        : doing === 'train'
          ? 'training'
          : 'computing';
    this.waiting?.reject(
      this.failure({ message: `still ${what} after ${limit} s; --limit gives it longer`, place }),
    );
    this.close();
  }

  private end(why: string): void {
    this.ended ??= why;
    this.waiting?.reject(this.failure({ message: this.ended }));
  }

  private failure({ message, place, trace }: Failure): ProgramFailure {
    const [file, line] = place ? split(place) : [this.path, undefined];
    const where = relative(process.cwd(), resolve(file));
    return new ProgramFailure(
      `${where.startsWith('../../../') ? file : where}${line ? `:${line}` : ''}: ${message}.`.replace(
        /\.\.$/,
        '.',
      ),
      this.path,
      trace,
    );
  }
}

const split = (place: string): [string, string | undefined] => {
  const found = /^(.*):(\d+)$/.exec(place);
  return found ? [found[1]!, found[2]] : [place, undefined];
};

/** Whether a file is a model with its weights, and no program. */
export const isSavedModel = (path: string): boolean =>
  ['.keras', '.h5', '.json'].includes(extname(path).toLowerCase());

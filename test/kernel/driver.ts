import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { projectRoot } from '../../src/files/paths';
import '../outside';

export interface Received {
  readonly type: string;
  readonly id: string;
  readonly session: string;
  readonly version: string;
  readonly parent: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: the content of any message.
  readonly content: any;
}

export interface Result {
  readonly ids: string[];
  readonly output: Received[];
  readonly replies: Received[];
  /** What came on the stdin channel. */
  readonly questions: Received[];
  /** Whether the kernel's heart beat beside a cell; null where nothing was asked beside one. */
  readonly heartbeat: boolean | null;
}

/** A real kernel, driven by Jupyter's own client; drive.py says what a step is. */
export class Driver {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #reader: Interface;
  #stderr = '';
  #stopped: Promise<string> | undefined;
  pid = 0;

  private constructor(environment: NodeJS.ProcessEnv, kernel: string, folder: string) {
    this.#process = spawn('.venv/bin/python', ['test/kernel/drive.py', kernel, folder], {
      cwd: projectRoot,
      env: { ...process.env, ...environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#process.stderr!.on('data', (text) => {
      this.#stderr += text;
    });
    this.#reader = createInterface({ input: this.#process.stdout! });
    this.#lines = this.#reader[Symbol.asyncIterator]();
  }

  static async start(
    environment: NodeJS.ProcessEnv = {},
    { kernel = 'tandem', folder = projectRoot } = {},
  ): Promise<Driver> {
    const driver = new Driver(environment, kernel, folder);
    driver.pid = (await driver.#next<{ pid: number }>()).pid;
    return driver;
  }

  async #next<T>(): Promise<T> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`the driver has ended: ${this.#stderr}`);
    return JSON.parse(value);
  }

  step(step: object): Promise<Result> {
    this.#process.stdin!.write(`${JSON.stringify(step)}\n`);
    return this.#next();
  }

  execute(code: string, options: object = {}): Promise<Result> {
    return this.step({ execute: code, ...options });
  }

  /**
   * Runs a cell whose code waits for `answered()`, which holds once the kernel has answered `during`, a request
   * that is sent when the cell has printed something. A kernel that answers nothing meanwhile gets there after a minute.
   */
  async beside(code: string, during: object): Promise<Result> {
    const folder = mkdtempSync(join(tmpdir(), 'tandem-beside-'));
    const release = join(folder, 'answered');
    try {
      return await this.execute(
        `const answered = ((end) => () => require('fs').existsSync(${JSON.stringify(release)}) || Date.now() > end)(Date.now() + 60_000);\n${code}`,
        { during, release },
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  /** Interrupts a cell that has begun. */
  interrupted(code: string, options: object = {}): Promise<Result> {
    return this.execute(`console.log('begun');\n${code}`, { interruptAfter: 0.3, ...options });
  }

  /** What comes of code that a cell leaves to run once it has ended; `ids` has the cell's own. */
  async behind(code: string): Promise<{ ids: string[]; heard: Result }> {
    const folder = mkdtempSync(join(tmpdir(), 'tandem-behind-'));
    const ended = JSON.stringify(join(folder, 'ended'));
    const { ids } = await this.execute(
      `import { existsSync } from 'node:fs';
      const watch = setInterval(() => {
        if (!existsSync(${ended})) return;
        clearInterval(watch);
        ${code}
      }, 10);`,
    );
    writeFileSync(join(folder, 'ended'), '');
    const heard = await this.step({ listenFor: 'stream' });
    rmSync(folder, { recursive: true });
    return { ids, heard };
  }

  /** The text of a cell's result. */
  async value(code: string): Promise<string | undefined> {
    return contents(await this.execute(code), 'execute_result')[0]?.data['text/plain'];
  }

  /** The content of a request's reply. */
  async request(type: string, content: object = {}, channel = 'shell'): Promise<Received> {
    const { replies } = await this.step({ request: type, content, channel });
    return replies[0]!;
  }

  /** Kills the driver, and so the kernel's server. */
  kill(): void {
    this.#process.kill('SIGKILL');
  }

  /** Ends the kernel; returns what it, or the driver, wrote to its own stderr. */
  stop(): Promise<string> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<string> {
    const ended = new Promise((resolve) => this.#process.once('close', resolve));
    this.#process.stdin!.end();
    await ended;
    this.#reader.close();
    return this.#stderr;
  }
}

/** The contents of all messages of a type. */
export const contents = (result: Result, type: string) =>
  result.output.filter((message) => message.type === type).map(({ content }) => content);

/** The text that a cell wrote to a stream. */
export const text = (result: Result, name: 'stdout' | 'stderr'): string =>
  contents(result, 'stream')
    .filter((stream) => stream.name === name)
    .map((stream) => stream.text)
    .join('');

/** A failed cell's error, its traceback as plain text. */
export function failure(result: Result): { ename: string; evalue: string; traceback: string } {
  const [error] = contents(result, 'error');
  const escapes = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');
  return { ...error, traceback: error?.traceback.join('\n').replace(escapes, '') };
}

/** Whether a process runs; one that nobody waits for stays in the list once it has ended, without a command line. */
export function isAlive(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== '';
  } catch {
    return false;
  }
}

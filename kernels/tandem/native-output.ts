import { StringDecoder } from 'node:string_decoder';
import { startUpNotice } from '../../src/tensorflow/start-up';

type Stream = 'stdout' | 'stderr';
const streams = ['stdout', 'stderr'] as const;

/** Characters of native errors that are kept, to tell of a crash. */
const kept = 20_000;

/** Milliseconds that a line may take to be written before its beginning is shown, as of a progress bar. */
const patience = 100;

/** V8's last words, which the kernel tells in its own. */
const lastWords = /^(<--- Last few GCs --->|FATAL ERROR: |----- Native stack trace -----)/;

/** What the process of the cells writes behind a cell's output, so that it's known to be whole. */
export const endMark = (request: number): string => `\0end ${request}\0`;
const mark = /^(.*?)\0end (\d+)\0/s;

/**
 * What native code and child processes write past Node to the process' own descriptors, which the
 * kernel shows below the cell, line by line.
 */
export class NativeOutput {
  readonly #decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  /** Lines that are not ended yet, and whether their beginnings have been shown. */
  readonly #rests = { stdout: '', stderr: '' };
  readonly #begun = { stdout: false, stderr: false };
  readonly #timers: Partial<Record<Stream, NodeJS.Timeout>> = {};
  readonly #ended = { stdout: 0, stderr: 0 };
  #wholeness: (() => void)[] = [];
  #tail = '';
  #dying = false;

  constructor(private readonly show: (name: Stream, text: string) => void) {}

  /** The last lines of the running cell's errors, V8's own among them. */
  get tail(): string {
    return this.#tail + this.#rests.stderr;
  }

  /** A cell begins. */
  begin(): void {
    this.#tail = '';
  }

  /** Resolves when what was written until the end of a request has been shown. */
  async whole(request: number): Promise<void> {
    while (streams.some((name) => this.#ended[name] < request)) {
      await new Promise<void>((resolve) => {
        this.#wholeness.push(resolve);
      });
    }
  }

  add(name: Stream, chunk: Buffer): void {
    clearTimeout(this.#timers[name]);
    let text = this.#rests[name] + this.#decoders[name].write(chunk);
    for (let found = mark.exec(text); found; found = mark.exec(text)) {
      text = text.slice(found[0].length);
      this.#rests[name] = this.#lines(name, found[1]!);
      this.#showRest(name);
      this.#begun[name] = false;
      this.#ended[name] = Number(found[2]);
      for (const resolve of this.#wholeness.splice(0)) resolve();
    }
    this.#rests[name] = this.#lines(name, text);
    if (this.#rests[name] !== '' && !/\0/.test(this.#rests[name]))
      this.#timers[name] = setTimeout(() => this.#showRest(name), patience);
  }

  /** Shows the lines that are ended and gives what is behind them. */
  #lines(name: Stream, text: string): string {
    const lines = text.split('\n');
    const rest = lines.pop()!;
    if (lines.length === 0) return rest;
    const said = lines.filter(
      (line, i) => (i === 0 && this.#begun[name]) || !startUpNotice.test(line),
    );
    this.#begun[name] = false;
    if (name === 'stderr' && said.length > 0) {
      this.#tail = `${this.#tail}${said.join('\n')}\n`.slice(-kept);
      if (this.#dying) return rest;
      const end = said.findIndex((line) => lastWords.test(line));
      this.#dying = end >= 0;
      if (this.#dying) said.splice(end);
    }
    if (said.length > 0) this.show(name, `${said.join('\n')}\n`);
    return rest;
  }

  /** Shows a line that is not ended. */
  #showRest(name: Stream): void {
    const rest = this.#rests[name];
    if (rest === '' || (!this.#begun[name] && startUpNotice.test(`${rest}: I `))) return;
    if (name === 'stderr') this.#tail = (this.#tail + rest).slice(-kept);
    if (!this.#dying) this.show(name, rest);
    this.#begun[name] = true;
    this.#rests[name] = '';
  }
}

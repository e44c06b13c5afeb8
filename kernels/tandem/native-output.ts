import { StringDecoder } from 'node:string_decoder';
import { startUpNotice } from '../../src/tensorflow/start-up';

type Stream = 'stdout' | 'stderr';
const streams = ['stdout', 'stderr'] as const;

/** Characters of native errors that are kept, to explain a crash. */
const kept = 20_000;

/** Milliseconds after which the beginning of an unfinished line is shown, as for a progress bar. */
const partialLineDelay = 100;

/** V8's crash report, which the kernel replaces with its own message. */
const crashReport = /^(<--- Last few GCs --->|FATAL ERROR: |----- Native stack trace -----)/;

/** The mark that ends a cell's output, so that the kernel knows that it is complete. */
export const endMark = (request: number): string => `\0end ${request}\0`;
const mark = /^(.*?)\0end (\d+)\0/s;

/**
 * Output that native code and child processes write past Node to the process's own descriptors. The
 * kernel shows it below the cell, line by line.
 */
export class NativeOutput {
  readonly #decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  /** Unfinished lines, and whether their beginnings have been shown. */
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

  /** Resolves when the output up to the end of a request has been shown. */
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
      this.#timers[name] = setTimeout(() => this.#showRest(name), partialLineDelay);
  }

  /** Shows the finished lines and returns the rest. */
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
      const end = said.findIndex((line) => crashReport.test(line));
      this.#dying = end >= 0;
      if (this.#dying) said.splice(end);
    }
    if (said.length > 0) this.show(name, `${said.join('\n')}\n`);
    return rest;
  }

  /** Shows an unfinished line. */
  #showRest(name: Stream): void {
    const rest = this.#rests[name];
    if (rest === '' || (!this.#begun[name] && startUpNotice.test(`${rest}: I `))) return;
    if (name === 'stderr') this.#tail = (this.#tail + rest).slice(-kept);
    if (!this.#dying) this.show(name, rest);
    this.#begun[name] = true;
    this.#rests[name] = '';
  }
}

import { StringDecoder } from 'node:string_decoder';

type Stream = 'stdout' | 'stderr';

/** Characters of native errors that are kept, to tell of a crash. */
const kept = 20_000;

/** TensorFlow's log of what is not a problem, and the line that announces it. */
const chatter =
  /^(I\d{4} |To enable the following instructions|WARNING: All log messages before absl|\d{4}-\d\d-\d\d .*: I )/;

/** V8's last words, which the kernel tells in its own. */
const lastWords = /^(<--- Last few GCs --->|FATAL ERROR: |----- Native stack trace -----)/;

/**
 * What native code and child processes write past Node to the process' own descriptors, which the
 * kernel shows below the cell, line by line.
 */
export class NativeOutput {
  readonly #decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  readonly #rests = { stdout: '', stderr: '' };
  #tail = '';
  #dying = false;

  constructor(private readonly show: (name: Stream, text: string) => void) {}

  /** The last lines of errors, also those that were not shown. */
  get tail(): string {
    return this.#tail + this.#rests.stderr;
  }

  add(name: Stream, chunk: Buffer): void {
    const text = this.#rests[name] + this.#decoders[name].write(chunk);
    const lines = text.split('\n');
    this.#rests[name] = lines.pop()!;
    if (lines.length === 0) return;
    if (name === 'stderr') this.#tail = `${this.#tail}${lines.join('\n')}\n`.slice(-kept);
    const end = lines.findIndex((line) => lastWords.test(line));
    if (end >= 0 && name === 'stderr') {
      this.#dying = true;
      lines.splice(end);
    } else if (this.#dying) return;
    const shown = lines.filter((line) => !chatter.test(line));
    if (shown.length > 0) this.show(name, `${shown.join('\n')}\n`);
  }
}

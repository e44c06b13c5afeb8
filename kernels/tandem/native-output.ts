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

  /** The last lines of errors, V8's own among them. */
  get tail(): string {
    return this.#tail + this.#rests.stderr;
  }

  add(name: Stream, chunk: Buffer): void {
    const text = this.#rests[name] + this.#decoders[name].write(chunk);
    const lines = text.split('\n');
    this.#rests[name] = lines.pop()!;
    const said = lines.filter((line) => !chatter.test(line));
    if (said.length === 0) return;
    if (name === 'stderr') {
      this.#tail = `${this.#tail}${said.join('\n')}\n`.slice(-kept);
      const end = said.findIndex((line) => lastWords.test(line));
      if (this.#dying) return;
      this.#dying = end >= 0;
      if (this.#dying) said.splice(end);
    }
    if (said.length > 0) this.show(name, `${said.join('\n')}\n`);
  }
}

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { inProject } from '../../src/files/paths';
import { dtypeOf, fromBytes } from '../../src/pairs/arrays';
import { type Answer, type Answering, type Arrays, Program } from '../../src/pairs/program';
import { answers, digest, keep, sourcesBeside, surroundings } from '../python';

type Request = { do: string; [key: string]: unknown };

interface Kept {
  /** As JSON, without the program's folder. */
  readonly result: string;
  readonly arrays: ReturnType<typeof plain>;
}

const plain = (arrays: Arrays) =>
  [...arrays].map(([name, array]) => ({
    ...{ name, dtype: dtypeOf(array), shape: array.shape },
    bytes: new Uint8Array(array.data.buffer, array.data.byteOffset, array.data.byteLength),
  }));

let folderFound: string | undefined;

/** Where the answers of these adapters, with these packages, are kept. Those of earlier ones are removed. */
function folderOfAnswers(): string {
  if (folderFound) return folderFound;
  const sources = sourcesBeside(inProject('src/pairs/adapters/protocol.py'));
  const own = `adapters-${digest([...surroundings(), ...sources])}`;
  mkdirSync(join(answers, own), { recursive: true });
  for (const name of readdirSync(answers)) {
    if (name.startsWith('adapters-') && name !== own) {
      rmSync(join(answers, name), { recursive: true, force: true });
    }
  }
  folderFound = join(answers, own);
  return folderFound;
}

/**
 * A Python program whose answers are kept in build/python-answers, each by the adapters, the program and all questions
 * since it was loaded. Its process starts at the first question whose answer isn't kept, and hears
 * those before it first. Errors are not kept.
 */
export class KeptProgram implements Answering {
  #process?: Program;
  /** The questions to the program that it holds, and how many of them the process has heard. */
  #asked: [Request, Arrays][] = [];
  #heard = 0;
  /** What the next answer depends on; empty where none is kept. */
  #before = '';

  constructor(
    public path: string,
    private readonly adapter: string,
  ) {}

  get name(): string {
    return basename(this.path);
  }

  async ask<Result>(request: Request, arrays: Arrays = new Map()): Promise<Answer<Result>> {
    // The process says so when it starts.
    if (request.do === 'ready') return { result: {} as Result, arrays: new Map() };
    if (request.do === 'load') {
      this.#asked = [];
      this.#heard = 0;
      this.#before = this.#dependencies(request);
    }
    this.#asked.push([request, arrays]);
    if (!this.#before) return this.#hear();
    const folder = dirname(this.path);
    this.#before = digest([
      this.#before,
      JSON.stringify(request).replaceAll(folder, ''),
      ...plain(arrays).flatMap(({ name, dtype, shape, bytes }) => [
        `${name} ${dtype} ${shape}`,
        bytes,
      ]),
    ]);
    const file = join(folderOfAnswers(), this.#before);
    if (existsSync(file)) {
      const kept: Kept = deserialize(readFileSync(file));
      return {
        result: JSON.parse(kept.result.replaceAll('<folder>', folder)),
        arrays: new Map(
          kept.arrays.map(({ name, dtype, shape, bytes }) => [
            name,
            fromBytes(dtype, [...shape], bytes),
          ]),
        ),
      };
    }
    const answer = await this.#hear<Result>();
    const result = JSON.stringify(answer.result).replaceAll(folder, '<folder>');
    keep(file, serialize({ result, arrays: plain(answer.arrays) } satisfies Kept));
    return answer;
  }

  /** What a Python program may read, and which adapter runs it. */
  #dependencies({ path, state }: Request): string {
    if (process.env.TANDEM_TEST_CACHE === '0' || /\.[jt]s$/.test(String(path))) return '';
    const read = [String(path), ...(state ? [String(state)] : []), ...dataBeside(String(path))];
    return digest([this.adapter, ...read.flatMap((file) => [basename(file), readFileSync(file)])]);
  }

  /** Asks the process what it hasn't heard, and gives its last answer. */
  async #hear<Result>(): Promise<Answer<Result>> {
    this.#process ??= new Program(this.path, this.adapter, { limit: 300 });
    this.#process.path = this.path;
    if (this.#heard === 0) await this.#process.ask({ do: 'ready' });
    let answer!: Answer<Result>;
    while (this.#heard < this.#asked.length) {
      const [request, arrays] = this.#asked[this.#heard++]!;
      answer = await this.#process.ask<Result>(request, arrays);
    }
    return answer;
  }

  close(): void {
    this.#process?.close();
  }
}

/** `data.py` beside a program, and files that are no programs. */
const dataBeside = (path: string): string[] =>
  readdirSync(dirname(path), { withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && (entry.name === 'data.py' || !/\.[jt]s$|\.py$/.test(entry.name)),
    )
    .map(({ name }) => join(dirname(path), name))
    .sort();

import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { CellFailure } from './cell-error';
import type { CellResult } from './cells';
import type { Content } from './wire';

/** Characters of text, and of everything else, that a cell may show: a page can't hold more. */
const mostText = 1_000_000;
const mostData = 20_000_000;

/** Characters that are shown of an error that is cut. */
const mostMessage = 10_000;

/** Bytes that the file of a cell's text may take: an endless loop that prints must not fill the disk. */
const mostKept = 1_000_000_000;

const endings: Record<string, string> = {
  'text/plain': 'txt',
  'text/html': 'html',
  'text/markdown': 'md',
  'image/svg+xml': 'svg',
};

const written = ['text/plain', 'text/markdown', 'text/latex'];

type Data = Record<string, unknown>;

/**
 * Truncates output that would make front ends and pages unusable, says so in its place, and saves the
 * complete output in files: a cell's text in one file, each large value in a file of its own.
 */
export class OutputLimit {
  #cell = 0;
  /** The cell's printed text, until it is truncated. */
  #printed: string[] = [];
  #text = 0;
  #data = 0;
  #bytes = 0;
  #files = 0;
  #isCut = false;
  #file: number | undefined;
  /** Why the file could not be written. */
  #fault: string | undefined;

  readonly #folder: string;

  /** `folder` lies beside a report's pages; without one, files go to the system's temporary folder. */
  constructor(private readonly folder?: string) {
    this.#folder = folder ?? join(tmpdir(), `tandem-outputs-${process.pid}`);
  }

  /** A new cell begins; late output counts as its own. */
  begin(cell: number): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
    this.#cell = cell;
    this.#printed = [];
    this.#isCut = false;
    this.#fault = undefined;
    this.#text = this.#data = this.#bytes = this.#files = 0;
  }

  /** The part of a message to show; undefined if nothing is. */
  shown(type: string, content: Content): Content | undefined {
    if (type === 'stream') {
      const text = this.#stream(content.text as string);
      return text === '' ? undefined : { ...content, text };
    }
    if (type === 'clear_output') this.#data = 0;
    const { data } = content as { data?: Data };
    return data
      ? { ...content, data: this.#bundle(data, type !== 'update_display_data') }
      : content;
  }

  /** The size of a cell's truncated output, shown at its end. */
  end(): Content | undefined {
    if (!this.#isCut) return undefined;
    const first =
      this.#bytes > mostKept ? `, of which the first ${megabytes(mostKept)} are kept` : '';
    const kept = this.#fault ? `, which could not be kept (${this.#fault})` : first;
    return { name: 'stdout', text: `… ${megabytes(this.#bytes)} in all${kept}\n` };
  }

  /** A bundle of MIME types; `adds` if it comes in addition to earlier output. */
  #bundle(data: Data, adds = true): Data {
    const sizes = Object.entries(data).map(([type, value]) => [type, sizeOf(value)] as const);
    const size = sizes.reduce((sum, [, one]) => sum + one, 0);
    const isLong = sizes.some(([type, one]) => written.includes(type) && one > mostText);
    const isLarge = (adds ? this.#data : 0) + size > mostData;
    if (!isLong && !isLarge) {
      if (adds) this.#data += size;
      return data;
    }
    const plain = String(data['text/plain'] ?? '');
    const notes = Object.entries(data)
      .filter(([type, value]) => type !== 'text/plain' || sizeOf(value) > mostText)
      .map(
        ([type, value]) =>
          `… cut: ${type}, ${megabytes(sizeOf(value))} in all: ${this.#save(type, value)}`,
      );
    return { 'text/plain': [head(plain, mostText), ...notes].join('\n') };
  }

  /** A failed cell's error; a truncated one is saved in a file. */
  #failure(failure: CellFailure): CellFailure {
    const { evalue, traceback } = failure;
    const whole = stripVTControlCharacters(traceback.join('\n'));
    if (evalue.length <= mostText && whole.length <= mostText) return failure;
    const note = `… cut: ${megabytes(whole.length)} in all: ${this.#save('text/plain', whole)}`;
    const cut = (text: string) =>
      text.length > mostMessage ? `${head(text, mostMessage)}\n${note}` : text;
    return { ...failure, evalue: cut(evalue), traceback: [cut(whole)] };
  }

  /** A cell's result. */
  result(result: CellResult): CellResult {
    if (result.status === 'error') return { ...result, failure: this.#failure(result.failure) };
    return result.data ? { ...result, data: this.#bundle(result.data) } : result;
  }

  #stream(text: string): string {
    const before = this.#text;
    this.#text += text.length;
    if (this.#isCut) {
      this.#keep(text);
      return '';
    }
    this.#printed.push(text);
    if (this.#text <= mostText) return text;
    this.#isCut = true;
    this.#keep(this.#printed.join(''));
    this.#printed = [];
    const place = this.#named(this.#textFile);
    return `${head(text, mostText - before)}\n… cut here: the whole is in ${place}\n`;
  }

  get #textFile(): string {
    return `cell-${this.#cell}.txt`;
  }

  #keep(text: string): void {
    const bytes = Buffer.from(text);
    const fits = this.#bytes + bytes.length <= mostKept;
    this.#bytes += bytes.length;
    if (!fits || this.#fault) return;
    try {
      this.#file ??= this.#open(this.#textFile);
      writeSync(this.#file, bytes);
    } catch (error) {
      this.#fault = (error as Error).message;
    }
  }

  /** Writes a value into its own file; returns the file's name, or why there is none. */
  #save(type: string, value: unknown): string {
    const isText = typeof value === 'string';
    const isImage = isText && /^image\/(png|jpeg|gif)$/.test(type);
    const image = isImage ? type.slice('image/'.length) : undefined;
    const ending = image ?? endings[type] ?? (isText ? 'txt' : 'json');
    const name = `cell-${this.#cell}-output-${++this.#files}.${ending}`;
    const text = isText ? value : JSON.stringify(value);
    try {
      const file = this.#open(name);
      writeSync(file, Buffer.from(text, isImage ? 'base64' : 'utf8'));
      closeSync(file);
      return this.#named(name);
    } catch (error) {
      return `could not be kept (${(error as Error).message})`;
    }
  }

  #open(name: string): number {
    mkdirSync(this.#folder, { recursive: true });
    return openSync(join(this.#folder, name), 'w');
  }

  #named(name: string): string {
    return join(this.folder ? basename(this.folder) : this.#folder, name);
  }
}

const sizeOf = (value: unknown): number =>
  typeof value === 'string' ? value.length : (JSON.stringify(value) ?? '').length;

const megabytes = (size: number): string => `${(size / 1e6).toFixed(1)} MB`;

/** The first characters of a text, without splitting a surrogate pair. */
const head = (text: string, length: number): string =>
  text.slice(0, /[\ud800-\udbff]/.test(text[length - 1] ?? '') ? length - 1 : length);

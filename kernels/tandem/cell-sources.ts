import { existsSync } from 'node:fs';
import { SourceMap } from 'node:module';
import type { ExpandedSource } from './shorthand';

/** A place in a cell or in a file of the project; lines and columns count from 1. */
export interface Position {
  /** `cell 3`, or a path. */
  readonly place: string;
  readonly line: number;
  readonly column: number;
  /** The text of the line, where it is a cell's. */
  readonly text?: string;
}

interface Compiled {
  readonly place: string;
  readonly source?: ExpandedSource;
  /** The two inline maps: of the emitted module, and of its conversion to CommonJS. */
  readonly maps: [string, string];
}

const mapComment = /^\/\/# sourceMappingURL=data:application\/json;base64,(\S+)$/gm;
/** tslab puts this many lines before a cell. */
const prefixLines = 1;

const parse = (base64: string) =>
  new SourceMap(JSON.parse(Buffer.from(base64, 'base64').toString()));

function origin(
  map: SourceMap,
  line: number,
  column: number,
): { line: number; column: number } | undefined {
  const entry = map.findEntry(line - 1, column - 1);
  // Lines of the wrapper around a cell have no entry of their own.
  if (!('originalLine' in entry) || entry.generatedLine !== line - 1) return undefined;
  return { line: entry.originalLine + 1, column: entry.originalColumn + 1 };
}

/** The sources of all code that the kernel compiled, to find a line of it from a stack trace. */
export class CellSources {
  readonly #compiled = new Map<string, Compiled>();

  /** Keeps a cell's source and maps; returns its code under a name of its own, without them. */
  addCell(number: number, source: ExpandedSource, code: string): string {
    const name = `cell-${number}.ts`;
    return `${this.#add(name, { place: `cell ${number}`, source }, code)}\n//# sourceURL=${name}`;
  }

  /** The same for a TypeScript file of the project that a cell imports. */
  addFile(path: string, code: string): string {
    const source = path.replace(/\.js$/, '.ts');
    return this.#add(path, { place: existsSync(source) ? source : path }, code);
  }

  #add(name: string, { place, source }: Omit<Compiled, 'maps'>, code: string): string {
    const found = [...code.matchAll(mapComment)].slice(-2).map((match) => match[1]!);
    if (found.length < 2) return code;
    this.#compiled.set(name, { place, source, maps: found as [string, string] });
    return code.replace(mapComment, '');
  }

  /** Where a line of compiled code came from; undefined for code that isn't the kernel's. */
  position(name: string, line: number, column: number): Position | undefined {
    const compiled = this.#compiled.get(name);
    if (!compiled) return undefined;
    const [first, second] = compiled.maps;
    const module = origin(parse(second), line, column);
    const found = module && origin(parse(first), module.line, module.column);
    if (!found) return undefined;
    if (compiled.source === undefined) return { place: compiled.place, ...found };
    const { place, source } = compiled;
    const at = found.line - prefixLines;
    const text = source.source.split('\n')[at - 1];
    return { place, line: at, column: source.column(at, found.column), text };
  }
}

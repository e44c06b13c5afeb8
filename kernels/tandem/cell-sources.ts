import { SourceMap } from 'node:module';

/** A place in a cell or in a local module; lines and columns count from 1. */
export interface Position {
  /** `cell 3`, or a path. */
  readonly place: string;
  readonly line: number;
  readonly column: number;
  /** The text of the line, for a line of a cell. */
  readonly text?: string;
}

interface Compiled {
  readonly place: string;
  /** Of a cell. */
  readonly source?: string;
  readonly map: string;
}

/** The sources of all code that the kernel compiled, to find a line of it from a stack trace. */
export class CellSources {
  readonly #compiled = new Map<string, Compiled>();

  /** Keeps a cell's source and map; returns its script under a name of its own. */
  addCell(number: number, source: string, script: string, map: string): string {
    const name = `cell-${number}.ts`;
    this.#compiled.set(name, { place: `cell ${number}`, source, map });
    return `${script}\n//# sourceURL=${name}`;
  }

  /** The same for a local module. */
  addFile(path: string, map: string): void {
    this.#compiled.set(path, { place: path, map });
  }

  /** Where a line of compiled code came from; undefined for code that isn't the kernel's. */
  position(name: string, line: number, column: number): Position | undefined {
    const compiled = this.#compiled.get(name);
    if (!compiled) return undefined;
    const entry = new SourceMap(JSON.parse(compiled.map)).findEntry(line - 1, column - 1);
    // Lines that the compiler added have no entry of their own.
    if (!('originalLine' in entry) || entry.generatedLine !== line - 1) return undefined;
    const at = { line: entry.originalLine + 1, column: entry.originalColumn + 1 };
    const text = compiled.source?.split('\n')[entry.originalLine];
    return { place: compiled.place, ...at, text };
  }
}

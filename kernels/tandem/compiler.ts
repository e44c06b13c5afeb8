import type { Converter, ConvertResult } from 'tslab/dist/converter';
import type { TypeProblem } from './cell-error';
import type { CellSources } from './cell-sources';
import { ExpandedSource } from './shorthand';
import { createConverter, watchedFiles } from './tslab';

type Diagnostic = ConvertResult['diagnostics'][number];

/** `TS2307: Cannot find module …` */
const moduleNotFound = 2307;

/**
 * tslab's compiler of cells, which carries declarations from cell to cell. Unlike tslab it carries
 * those of a cell that failed half-way too, since what the cell computed by then is there to use.
 */
export class Compiler implements Converter {
  readonly #converter = createConverter();
  #declarations = '';
  #pending: string | undefined;
  #problems: TypeProblem[] = [];
  #cell = 0;

  /** `compiled` is called when a cell is about to run. */
  constructor(
    private readonly sources: CellSources,
    private readonly compiled: () => void,
  ) {}

  /** Names the cell that is compiled next. */
  begin(cell: number): void {
    this.#cell = cell;
    this.#problems = [];
    this.#pending = undefined;
  }

  /** Makes the declarations of the cell that ran last known to those after it. */
  commit(): void {
    this.#declarations = this.#pending ?? this.#declarations;
    this.#pending = undefined;
  }

  /** What is wrong with the cell that was compiled last. */
  get problems(): readonly TypeProblem[] {
    return this.#problems;
  }

  convert(_: string, source: string): ConvertResult {
    watchedFiles.poll();
    const expanded = new ExpandedSource(source);
    const converted = this.#converter.convert(this.#declarations, expanded.text);
    this.#problems = problemsOf(converted.diagnostics, expanded);
    if (converted.diagnostics.some(({ code }) => code === moduleNotFound)) {
      // The compiler remembers what it did not find, until its file imports other things.
      this.#converter.convert(this.#declarations, "import 'node:path';");
    }
    if (converted.output !== undefined) {
      converted.output = this.sources.addCell(this.#cell, expanded, converted.output);
    }
    for (const file of converted.sideOutputs ?? []) {
      file.data = this.sources.addFile(file.path, file.data);
    }
    this.#pending = converted.declOutput;
    if (converted.output !== undefined) this.compiled();
    return converted;
  }

  inspect(_: string, source: string, position: number): ReturnType<Converter['inspect']> {
    return this.#converter.inspect(this.#declarations, source, position);
  }

  complete(_: string, source: string, position: number): ReturnType<Converter['complete']> {
    return this.#converter.complete(this.#declarations, source, position);
  }

  addModule(...parameters: Parameters<Converter['addModule']>): Diagnostic[] {
    return this.#converter.addModule(...parameters);
  }

  close(): void {
    this.#converter.close();
  }
}

/** tslab gives each part of a message as a diagnostic of its own at the same place. */
function problemsOf(diagnostics: readonly Diagnostic[], cell: ExpandedSource): TypeProblem[] {
  const problems: (TypeProblem & { offset: number; message: string })[] = [];
  for (const { start, end, code, messageText, fileName } of diagnostics) {
    const last = problems.at(-1);
    if (last && last.offset === start.offset && last.file === fileName) {
      last.message += `\n  ${messageText}`;
      continue;
    }
    const column = ({ line, character }: Diagnostic['start']) =>
      fileName ? character + 1 : cell.column(line + 1, character + 1);
    problems.push({
      file: fileName,
      line: start.line + 1,
      column: column(start),
      length: end.line === start.line ? column(end) - column(start) : 1,
      code,
      message: messageText,
      offset: start.offset,
    });
  }
  return problems;
}

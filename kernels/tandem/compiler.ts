import { relative } from 'node:path';
import ts from 'typescript-6';
import { CellCode } from './cell-code';
import type { TypeProblem } from './cell-error';
import { CellFiles } from './cell-files';
import { inspected, inspection } from './inspection';
import type { MimeBundle } from './rich';
import { scriptVariables } from './script-variables';
import { type Unsupported, unsupported } from './unsupported';

/** A cell as a script for V8's REPL, with its source map; or what is wrong with it. */
export type Compiled =
  | { readonly script: string; readonly map: string }
  | { readonly problems: readonly (TypeProblem | Unsupported)[] };

export interface Completeness {
  readonly status: 'complete' | 'incomplete' | 'invalid';
  /** The indentation of the line after an incomplete cell. */
  readonly indent?: string;
}

/** Positions count UTF-16 units. */
export interface Completion {
  readonly start: number;
  readonly end: number;
  readonly candidates: readonly { readonly text: string; readonly kind?: string }[];
}

/** What is reported in a JavaScript notebook besides syntax errors: assignments to constants, names declared twice. */
const javascriptErrors = new Set([2588, 2451]);

/** `TS1160: Unterminated template literal.` */
const unterminatedTemplate = 1160;

/** Compiles cells, and answers what an editor asks of them. */
export class Compiler {
  readonly #files: CellFiles;
  /** The versions of local files that passed the type check. */
  readonly #sound = new Set<ts.SourceFile>();

  constructor(
    private readonly folder: string,
    private readonly javascript: boolean,
  ) {
    this.#files = new CellFiles(folder, javascript);
  }

  /** Compiles the next cell. */
  compile(source: string): Compiled {
    this.#files.poll();
    const { program, file } = this.#files.open(source);
    const problems = this.#problems(program, file);
    if (problems.length > 0) {
      this.#files.drop();
      return { problems };
    }
    const code = new CellCode(
      program.getTypeChecker(),
      (candidate) => this.#files.isCell(candidate),
      this.javascript,
    );
    let script = '';
    let map = '';
    program.emit(
      file,
      (path, text) => {
        if (path.endsWith('.map')) map = text;
        else script = text.replace(/^\/\/# sourceMappingURL=.*$/m, '');
      },
      undefined,
      false,
      { before: [code.transformer], after: [scriptVariables] },
    );
    return { script, map };
  }

  /** Makes a cell's declarations visible to the cells after it. */
  keep(source: string): void {
    this.#files.keep(source);
  }

  #problems(program: ts.Program, file: ts.SourceFile): (TypeProblem | Unsupported)[] {
    const refused = unsupported(file);
    if (refused) return [refused];
    const syntactic = program.getSyntacticDiagnostics(file);
    const found = syntactic.length > 0 ? syntactic : program.getSemanticDiagnostics(file);
    const own = this.javascript && found !== syntactic;
    const problems = found
      .filter(({ code }) => !own || javascriptErrors.has(code))
      .map((diagnostic) => this.#problem(diagnostic));
    return problems.length > 0 ? problems : this.#localProblems(program, file);
  }

  /** Type errors in the local modules that a cell imports. */
  #localProblems(program: ts.Program, cell: ts.SourceFile): TypeProblem[] {
    const problems: TypeProblem[] = [];
    const seen = new Set([cell]);
    for (const file of seen) {
      if (file !== cell && !this.#sound.has(file)) {
        const found = [
          ...program.getSyntacticDiagnostics(file),
          ...(/\.[mc]?tsx?$/.test(file.fileName) ? program.getSemanticDiagnostics(file) : []),
        ];
        if (found.length === 0) this.#sound.add(file);
        problems.push(...found.map((diagnostic) => this.#problem(diagnostic)));
      }
      for (const imported of importsOf(program, file)) seen.add(imported);
    }
    return problems;
  }

  #problem({ file, start = 0, length = 1, code, messageText }: ts.Diagnostic): TypeProblem {
    const from = file!.getLineAndCharacterOfPosition(start);
    const to = file!.getLineAndCharacterOfPosition(start + length);
    return {
      file: this.#files.isCell(file!) ? undefined : relative(this.folder, file!.fileName),
      line: from.line + 1,
      column: from.character + 1,
      length: to.line === from.line ? to.character - from.character : 1,
      code,
      message: ts.flattenDiagnosticMessageText(messageText, '\n'),
    };
  }

  /** Completions at a position, with their kinds; those that start with the name there come first. */
  complete(source: string, position: number): Completion {
    const { file, service } = this.#files.open(source);
    const found = service.getCompletionsAtPosition(file.fileName, position, {
      includeCompletionsWithInsertText: false,
    });
    const { start, end } = nameAt(source, position);
    const name = source.slice(start, end).toLowerCase();
    const rank = (text: string) => {
      if (text.startsWith(source.slice(start, end))) return 0;
      if (text.toLowerCase().startsWith(name)) return 1;
      return text.toLowerCase().includes(name) ? 2 : 3;
    };
    const candidates = (found?.entries ?? [])
      .map((entry) => ({
        text: entry.name,
        kind: entry.kind,
        key: `${rank(entry.name)}${entry.sortText}`,
      }))
      .filter(({ key }) => !key.startsWith('3'))
      .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
      .map(({ text, kind }) => ({ text, kind: kind as string }));
    return { start, end, candidates };
  }

  /** Type and documentation of the code at a position; undefined if there is none. */
  inspect(source: string, position: number): MimeBundle | undefined {
    const { file, service } = this.#files.open(source);
    for (const place of inspected(source, position)) {
      const info = service.getQuickInfoAtPosition(file.fileName, place);
      if (info) return inspection(info);
    }
    return undefined;
  }

  /** Whether a cell is complete, incomplete, or invalid. */
  isComplete(source: string): Completeness {
    const name = this.javascript ? 'cell.js' : 'cell.ts';
    const { diagnostics = [] } = ts.transpileModule(source, {
      fileName: name,
      reportDiagnostics: true,
      compilerOptions: { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext },
    });
    if (diagnostics.length === 0) return { status: 'complete' };
    if (diagnostics.some(({ code }) => code === unterminatedTemplate))
      return { status: 'incomplete', indent: '' };
    // Two empty lines end an incomplete cell.
    const goesOn = diagnostics.some(
      ({ start, messageText }) =>
        start === source.length &&
        /expected\.$/.test(ts.flattenDiagnosticMessageText(messageText, '')),
    );
    if (!goesOn || /\n\s*\n\s*$/.test(source)) return { status: 'invalid' };
    return { status: 'incomplete', indent: indentBehind(source) };
  }
}

/** The local source files that a file imports. */
function importsOf(program: ts.Program, file: ts.SourceFile): ts.SourceFile[] {
  const { imports = [] } = file as { imports?: readonly ts.StringLiteralLike[] };
  const { getResolvedModuleFromModuleSpecifier: resolved } = program as never as {
    getResolvedModuleFromModuleSpecifier(
      literal: ts.StringLiteralLike,
      file: ts.SourceFile,
    ): ts.ResolvedModuleWithFailedLookupLocations | undefined;
  };
  return imports.flatMap((literal) => {
    const path = resolved(literal, file)?.resolvedModule?.resolvedFileName;
    const found = path && program.getSourceFile(path);
    const local = found && !found.isDeclarationFile && !path.includes('/node_modules/');
    return local ? [found] : [];
  });
}

/** The name that contains a position or ends at it. */
function nameAt(source: string, position: number): { start: number; end: number } {
  const before = /[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.exec(source.slice(0, position))?.[0] ?? '';
  const behind = /^[\p{ID_Continue}$]*/u.exec(source.slice(position))?.[0] ?? '';
  return { start: position - before.length, end: position + behind.length };
}

/** The indentation of the line after an unfinished one. */
function indentBehind(source: string): string {
  const line = source.slice(source.lastIndexOf('\n') + 1);
  const indent = /^\s*/.exec(line)![0];
  return /[([{][^)\]}]*$/.test(line) ? `${indent}  ` : indent;
}

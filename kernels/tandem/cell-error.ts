import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import type { CellSources, Position } from './cell-sources';
import type { Unsupported } from './unsupported';

/** What Jupyter's `error` message and a failed `execute_reply` carry. */
export interface CellFailure {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: string[];
}

/** A problem that the TypeScript compiler found in a cell; lines and columns count from 1. */
export interface TypeProblem {
  /** The file; undefined for the cell itself. */
  readonly file?: string;
  readonly line: number;
  readonly column: number;
  /** Characters that it spans on its line. */
  readonly length: number;
  /** The number of the compiler's message, as in TS2322. */
  readonly code: number;
  readonly message: string;
}

const red = (text: string) => `\u001b[31m${text}\u001b[39m`;
const dim = (text: string) => `\u001b[2m${text}\u001b[22m`;

/** A source line with carets below the marked part. */
function excerpt(text: string | undefined, line: number, column: number, length = 1): string[] {
  if (text === undefined) return [];
  const gutter = `${line} | `;
  // Tabs stay tabs, so that the caret lies below its character.
  const indent = text.slice(0, column - 1).replace(/[^\t]/g, ' ');
  return [
    dim(gutter) + text,
    ' '.repeat(gutter.length) + indent + red('^'.repeat(Math.max(1, length))),
  ];
}

/** All problems of a cell at once, as an editor shows them. */
export function typeFailure(
  problems: readonly (TypeProblem | Unsupported)[],
  source: string,
): CellFailure {
  const text = source.split('\n');
  const lines = problems.flatMap(({ file, line, column, length, code, message }) => [
    `${red(file ? `${file}:${line}:${column}` : `line ${line}, column ${column}`)}: ${code ? `TS${code}: ` : ''}${message}`,
    ...(file ? [] : excerpt(text[line - 1], line, column, length)),
  ]);
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  const at = first?.file ? `${first.file}, line ${first.line}` : `line ${first?.line}`;
  return {
    ename: 'TypeScriptError',
    evalue: first ? `${at}: ${first.message.split('\n')[0]}${more}` : 'the cell does not compile',
    traceback: lines,
  };
}

/** The function, file, line and column of a line of a stack trace. A path may have spaces and parentheses. */
const stackFrame = /^\s+at (?:async (?=\/|file:))?(?:(?!\/|file:)(.*?) \()?(.+):(\d+):(\d+)\)?$/;

/** The path of a module, which a stack names by its path or, percent-encoded, by its URL. */
function pathOf(place: string): string {
  try {
    return place.startsWith('file:') ? fileURLToPath(place) : place;
  } catch {
    return place; // Any program can write any stack.
  }
}

interface Frame {
  readonly called: string;
  readonly position: Position;
}

const ownFolder = __dirname;

/** The folder of the nearest package.json: its files belong to the user. */
const ownRoot = (() => {
  const start = process.cwd();
  for (let folder = start; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
  }
  return start;
})();

/** The frames that the user can act on: those of cells and of the project's files. */
function framesOf(error: Error, sources: CellSources): Frame[] {
  const frames: Frame[] = [];
  for (const line of (error.stack ?? '').split('\n')) {
    const [, called = '', place, row, column] = stackFrame.exec(line) ?? [];
    if (!place) continue;
    const file = pathOf(place);
    const found = sources.position(file, Number(row), Number(column));
    const path = relative(process.cwd(), file);
    const outside =
      relative(ownRoot, file).startsWith('..') || /node_modules\/|kernels\/tandem\//.test(path);
    if (found?.text !== undefined) frames.push({ called, position: found });
    else if (file.startsWith('/') && !outside && !file.startsWith(ownFolder)) {
      const at = found ?? { line: Number(row), column: Number(column) };
      frames.push({ called, position: { ...at, place: path } });
    }
  }
  return frames;
}

function describe({ called: name, position: { place, line, column } }: Frame): string {
  const inCell = place.startsWith('cell ');
  const where = inCell ? `${place}, line ${line}` : `${place}:${line}:${column}`;
  // What runs at the top of a cell has no name of its own.
  return dim(`    at ${name && name !== '<anonymous>' ? `${name} (${where})` : where}`);
}

/** The errors inside an error and its causes, a line each, down to a given depth. */
function inner(error: Error, depth = 5): string[] {
  const told = (label: string, value: unknown): string[] => {
    const text = value instanceof Error ? `${value.name}: ${value.message}` : inspect(value);
    const below = value instanceof Error ? inner(value, depth - 1) : [];
    return [`${label} ${text}`, ...below.map((line) => `  ${line}`)];
  };
  if (depth === 0) return [];
  const { errors } = error as AggregateError;
  return [
    ...(Array.isArray(errors) ? errors.slice(0, 10).flatMap((each) => told('-', each)) : []),
    ...(error.cause === undefined ? [] : told('Caused by:', error.cause)),
  ];
}

/** An error thrown by a cell, its stack cut to cells and the project's files. */
export function runtimeFailure(error: unknown, sources: CellSources): CellFailure {
  if (!(error instanceof Error)) {
    const text = inspect(error);
    return { ename: 'Thrown', evalue: text, traceback: [`${red('Thrown')}: ${text}`] };
  }
  const frames = framesOf(error, sources);
  const cell = frames.find(({ position }) => position.text !== undefined)?.position;
  return {
    ename: error.name,
    evalue: error.message,
    traceback: [
      `${red(error.name)}: ${error.message}`,
      ...(cell ? [dim(`${cell.place}:`), ...excerpt(cell.text, cell.line, cell.column)] : []),
      ...frames.slice(0, 12).map(describe),
      ...inner(error),
    ],
  };
}

/** The error of a cell that the user has interrupted. */
export function interruption(): CellFailure {
  const evalue = 'the cell was interrupted; its variables are kept';
  return {
    ename: 'KeyboardInterrupt',
    evalue,
    traceback: [`${red('KeyboardInterrupt')}: ${evalue}`],
  };
}

import { inspect } from 'node:util';

/** What Jupyter's `error` message and a failed `execute_reply` carry. */
export interface CellFailure {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: string[];
}

/** A problem that the TypeScript compiler found in a cell. */
export interface TypeProblem {
  /** Empty for the cell itself. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

const red = (text: string) => `\u001b[31m${text}\u001b[39m`;
const dim = (text: string) => `\u001b[2m${text}\u001b[22m`;

/** A source line with a caret below the column. */
function excerpt(source: string, line: number, column: number): string[] {
  const text = source.split('\n')[line - 1];
  if (text === undefined) return [];
  const gutter = `${line} | `;
  return [dim(gutter) + text, ' '.repeat(gutter.length + Math.max(0, column - 1)) + red('^')];
}

/** All problems of a cell at once, as an editor shows them. */
export function typeFailure(problems: readonly TypeProblem[], source: string): CellFailure {
  const lines = problems.flatMap(({ file, line, column, message }) => [
    `${red(file ? `${file}:${line}:${column}` : `line ${line}, column ${column}`)}: ${message}`,
    ...(file ? [] : excerpt(source, line, column)),
  ]);
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return {
    ename: 'TypeScriptError',
    evalue: first ? `line ${first.line}: ${first.message}${more}` : 'the cell does not compile',
    traceback: lines,
  };
}

/** The name under which a compiled cell stands in stack traces. */
const cellFrame = /evalmachine\.<anonymous>:(\d+):(\d+)/;

/**
 * The line of a cell that a line of its compiled code came from: the one with the same text that
 * lies nearest, since the compiler keeps statements in their order and drops only types.
 */
function sourceLine(compiled: string | undefined, source: string, line: number): number | null {
  const bare = (text: string) => text.replace(/\s|;$/g, '');
  const wanted = bare((compiled ?? '').split('\n')[line - 1] ?? '');
  const candidates = source
    .split('\n')
    .map((text, i) => ({ text: bare(text), line: i + 1 }))
    .filter(({ text }) => text !== '' && (text === wanted || wanted.endsWith(`=${text}`)));
  const nearest = candidates.sort((a, b) => Math.abs(a.line - line) - Math.abs(b.line - line))[0];
  return nearest?.line ?? null;
}

/** An error thrown by a cell, its stack cut to the cell's own lines and the code that it called. */
export function runtimeFailure(error: unknown, source: string, compiled?: string): CellFailure {
  if (!(error instanceof Error)) {
    const text = inspect(error);
    return { ename: 'Thrown', evalue: text, traceback: [`${red('Thrown')}: ${text}`] };
  }
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const last = frames.findLastIndex((frame) => cellFrame.test(frame));
  const lineOf = (frame: string) => {
    const line = cellFrame.exec(frame)?.[1];
    return line ? sourceLine(compiled, source, Number(line)) : null;
  };
  // The frames of the wrapper around a cell have no line of its own.
  const shown = frames
    .slice(0, last < 0 ? 12 : last + 1)
    .filter((frame) => !cellFrame.test(frame) || lineOf(frame) !== null)
    .slice(0, 12);
  const at = shown.map(lineOf).find((line) => line !== null) ?? null;
  return {
    ename: error.name,
    evalue: error.message,
    traceback: [
      `${red(error.name)}: ${error.message}`,
      ...(at ? excerpt(source, at, indentOf(source, at)) : []),
      ...shown.map((frame) =>
        dim(frame.replace(cellFrame, `cell line ${lineOf(frame)}`)),
      ),
    ],
  };
}

const indentOf = (source: string, line: number) =>
  (source.split('\n')[line - 1]?.search(/\S/) ?? 0) + 1;

/** The error of a cell that the person has interrupted. */
export function interruption(): CellFailure {
  return {
    ename: 'Interrupted',
    evalue: 'the cell was interrupted; its variables are kept',
    traceback: [`${red('Interrupted')}: the cell was interrupted; its variables are kept`],
  };
}

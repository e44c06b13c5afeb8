import { stripVTControlCharacters } from 'node:util';
import { executedCells, joined, type Notebook, raisingCells } from './notebook';

/** The cell that ended a notebook's run, and the error in it. */
export interface Failure {
  /** The cell's ordinal among the executed cells, from 1. */
  cell: number;
  /** The line of the cell's code, from 1, if the error has one. */
  line?: number;
  ename: string;
  evalue: string;
}

/** The first error that an executed notebook holds in a cell that isn't meant to fail. */
export function failureIn(notebook: Notebook): Failure | undefined {
  const allowed = new Set(raisingCells(notebook));
  for (const [index, cell] of executedCells(notebook).entries()) {
    const error = cell.outputs?.find((output) => output.output_type === 'error');
    if (error && !allowed.has(index + 1)) {
      return { cell: index + 1, ename: joined(error.ename), evalue: joined(error.evalue) };
    }
  }
  return undefined;
}

/**
 * Puts a failure into its cell as an error output, in place of an error that the cell already shows
 * (an interruption, if the time-out is the cause).
 */
export function markFailure(notebook: Notebook, failure: Failure): void {
  const cell = executedCells(notebook)[failure.cell - 1];
  if (!cell) return;
  const { ename, evalue } = failure;
  const outputs = (cell.outputs ?? []).filter((output) => output.output_type !== 'error');
  cell.outputs = [
    ...outputs,
    { output_type: 'error', ename, evalue, traceback: [`${ename}: ${evalue}`] },
  ];
}

/** A failure with the line that the error in its cell names. */
export function withLine(notebook: Notebook, failure: Failure | undefined): Failure | undefined {
  const cell = failure && executedCells(notebook)[failure.cell - 1];
  const error = cell?.outputs?.find((output) => output.output_type === 'error');
  if (!failure || !error) return failure;
  const line = lineIn(
    (error.traceback as string[]).join('\n'),
    cell?.execution_count ?? failure.cell,
  );
  return line === undefined ? failure : { ...failure, line };
}

/** The line of the cell itself in a kernel's traceback. */
const lineIn = (traceback: string, number: number): number | undefined => {
  const plain = stripVTControlCharacters(traceback);
  const frame = new RegExp(`\\bcell ${number}, line (\\d+)`).exec(plain);
  const found = frame ?? /^line (\d+), column \d+: /m.exec(plain);
  return found ? Number(found[1]) : undefined;
};

/** A notebook without the outputs of earlier runs. */
export function withoutOutputs(notebook: Notebook): Notebook {
  const copy = structuredClone(notebook);
  for (const cell of copy.cells) {
    if (cell.cell_type === 'code') Object.assign(cell, { outputs: [], execution_count: null });
  }
  return copy;
}

/** A failure in one line: cell, line, error, and the first line of its message. */
export function failureLine({ cell, line, ename, evalue }: Failure): string {
  const message = evalue.split('\n').find((line) => line.trim() !== '') ?? '';
  const short = message.length > 300 ? `${message.slice(0, 299)}…` : message;
  const where = line === undefined ? `cell ${cell}` : `cell ${cell}, line ${line}`;
  return `${where}: ${ename}${short ? `: ${short.trim()}` : ''}`;
}

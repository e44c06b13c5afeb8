import { basename, relative } from 'node:path';
import { workplace } from '../files/paths';

/** A MIME bundle as nbformat 4 stores it: JSON types as values, text as one string or lines. */
export type MimeBundle = Record<string, unknown>;

export interface Output {
  output_type: 'stream' | 'display_data' | 'execute_result' | 'error';
  [field: string]: unknown;
}

export interface Cell {
  cell_type: 'code' | 'markdown' | 'raw';
  source: string | string[];
  metadata: { tags?: string[]; [key: string]: unknown };
  outputs?: Output[];
  execution_count?: number | null;
  [field: string]: unknown;
}

/** A notebook of nbformat 4. */
export interface Notebook {
  nbformat: 4;
  nbformat_minor: number;
  metadata: {
    kernelspec?: { name?: string; language?: string };
    language_info?: { name?: string };
    [key: string]: unknown;
  };
  cells: Cell[];
}

/** The name that a notebook's page goes by: its file name without `.ipynb`. */
export const notebookName = (path: string): string => basename(path, '.ipynb');

/** A path for messages: relative to the project's root if it lies inside. */
export const shortPath = (path: string): string => {
  const fromRoot = relative(workplace, path);
  return fromRoot.startsWith('..') ? path : fromRoot;
};

/** A text that nbformat stores as one string or as lines. */
export const joined = (text: unknown): string =>
  Array.isArray(text) ? text.join('') : String(text ?? '');

export const hasTag = (cell: Cell, tag: string): boolean =>
  cell.metadata.tags?.includes(tag) ?? false;

/**
 * The cells that a run executes, in order. Cell N in messages, events and pages is number N of these,
 * from 1. nbconvert sends one request for each code cell that isn't blank or tagged
 * `skip-execution`.
 */
export const executedCells = (notebook: Notebook): Cell[] =>
  notebook.cells.filter(
    (cell) =>
      cell.cell_type === 'code' &&
      joined(cell.source).trim() !== '' &&
      !hasTag(cell, 'skip-execution'),
  );

/** Ordinals, from 1, of the executed cells that are meant to fail. */
export const raisingCells = (notebook: Notebook): number[] =>
  executedCells(notebook).flatMap((cell, index) =>
    hasTag(cell, 'raises-exception') ? [index + 1] : [],
  );

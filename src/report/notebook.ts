import { existsSync, readFileSync } from 'node:fs';
import { basename, relative } from 'node:path';
import { UserError } from '../errors';
import { projectRoot } from '../paths';

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

/**
 * Reads a notebook file.
 * @throws UserError where the file is missing, is no JSON, is no notebook of nbformat 4, has cells
 * that are none, or is written in a language that the Tandem kernel does not run.
 */
export function readNotebook(path: string): Notebook {
  const shown = shortPath(path);
  if (!existsSync(path)) throw new UserError(`${shown}: there is no such notebook.`);
  const notebook = parse(path);
  if (notebook?.nbformat !== 4 || !Array.isArray(notebook.cells)) {
    throw new UserError(
      `${shown}: not a Jupyter notebook of format 4 (it has no "nbformat": 4 with a list of cells).`,
    );
  }
  const fault = faultIn(notebook);
  if (fault) {
    throw new UserError(
      `${shown}: not a notebook that can be run, ${fault}; correct the file, or open it in JupyterLab and save it.`,
    );
  }
  const { kernelspec, language_info } = notebook.metadata;
  const language = kernelspec?.language ?? language_info?.name;
  if (language && !['typescript', 'javascript'].includes(String(language).toLowerCase())) {
    throw new UserError(
      `${shown}: a ${language} notebook; the report runs TypeScript notebooks only.`,
    );
  }
  return notebook;
}

const parse = (path: string): Notebook => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const reason = (cause as Error).message.replace(/\s+/g, ' ');
    throw new UserError(
      `${shortPath(path)}: not a Jupyter notebook, it isn't JSON (${reason}).`,
      2,
      {
        cause,
      },
    );
  }
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isText = (value: unknown): boolean =>
  typeof value === 'string' || isListOf(value, (line) => typeof line === 'string');

const isListOf = (value: unknown, isOne: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(isOne);

/** Where a notebook isn't as nbformat 4 has it, in words: what reads notebooks takes it so. */
const faultIn = (notebook: { metadata: unknown; cells: unknown[] }): string | undefined => {
  if (!isObject(notebook.metadata)) return 'its "metadata" is no object';
  for (const [index, cell] of notebook.cells.entries()) {
    const place = `cells[${index}]`;
    if (!isObject(cell)) return `${place} is no cell`;
    const { cell_type, source, metadata, outputs = [] } = cell;
    if (!['code', 'markdown', 'raw'].includes(cell_type as string))
      return `the "cell_type" of ${place} is none of code, markdown, raw`;
    if (!isText(source)) return `the "source" of ${place} is no text`;
    if (!isObject(metadata)) return `the "metadata" of ${place} is no object`;
    if (!isListOf(metadata.tags ?? [], (tag) => typeof tag === 'string'))
      return `the "tags" of ${place} are no list of texts`;
    if (!isListOf(outputs, isObject)) return `the "outputs" of ${place} are no list of outputs`;
  }
  return undefined;
};

/** The name that a notebook's page goes by: its file name without `.ipynb`. */
export const notebookName = (path: string): string => basename(path, '.ipynb');

/** A path as a person reads it: from the project's root, where it lies inside. */
export const shortPath = (path: string): string => {
  const fromRoot = relative(projectRoot, path);
  return fromRoot.startsWith('..') ? path : fromRoot;
};

/** A text that nbformat stores as one string or as lines. */
export const joined = (text: unknown): string =>
  Array.isArray(text) ? text.join('') : String(text ?? '');

export const hasTag = (cell: Cell, tag: string): boolean =>
  cell.metadata.tags?.includes(tag) ?? false;

/**
 * The cells that a run executes, in order: cell N of messages, events and pages is the (N-1)th of
 * these. nbconvert sends one request for each code cell that isn't blank or tagged
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

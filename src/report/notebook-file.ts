import { existsSync, readFileSync } from 'node:fs';
import { UserError } from '../errors';
import { venvBin } from './jupyter';
import { type Cell, joined, type Notebook, type Output, shortPath } from './notebook';

/**
 * Reads a notebook file as leniently as Jupyter does: what the format asks for and the file leaves
 * out or has as null is filled in, and every cell has a valid id of its own.
 * @throws UserError where the file is missing, is no JSON, is no notebook of nbformat 4, holds a
 * cell that is none, or is written in a language that the Tandem kernel does not run.
 */
export function readNotebook(path: string): Notebook {
  const shown = shortPath(path);
  if (!existsSync(path)) throw new UserError(`${shown}: there is no such notebook.`);
  const notebook = completed(parse(path), shown);
  const { kernelspec, language_info } = notebook.metadata;
  const language = kernelspec?.language ?? language_info?.name;
  if (language && !['typescript', 'javascript'].includes(String(language).toLowerCase())) {
    throw new UserError(
      `${shown}: a ${language} notebook; the report runs TypeScript notebooks only.`,
    );
  }
  return notebook;
}

/** Reads an executed notebook, which any tool may have written since. */
export const readExecutedNotebook = (path: string): Notebook =>
  completed(parse(path), shortPath(path));

const parse = (path: string): unknown => {
  try {
    return JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));
  } catch (cause) {
    const reason = (cause as Error).message.replace(/\s+/g, ' ');
    const text = `${shortPath(path)}: not a Jupyter notebook, it isn't JSON (${reason}).`;
    throw new UserError(text, 2, { cause });
  }
};

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const objectOr = (value: unknown): Json => (isObject(value) ? value : {});

const isText = (value: unknown): boolean =>
  typeof value === 'string' ||
  (Array.isArray(value) && value.every((line) => typeof line === 'string'));

const completed = (file: unknown, shown: string): Notebook => {
  const notebook = objectOr(file);
  const format = notebook.nbformat;
  if (typeof format === 'number' && format < 4) {
    const jupyter = shortPath(venvBin('jupyter'));
    throw new UserError(
      `${shown}: a notebook of format ${format}; convert it with: ${jupyter} nbconvert --to notebook --inplace ${quoted(shown)}`,
    );
  }
  if (format !== 4 || !Array.isArray(notebook.cells)) {
    throw new UserError(
      `${shown}: not a Jupyter notebook of format 4 (it has no "nbformat": 4 with a list of cells).`,
    );
  }
  const ids = new Set<string>();
  const cells = notebook.cells.map((cell, index, { length }) =>
    completedCell(cell, ids, `${shown}, cell ${index + 1} of ${length}`),
  );
  // Widgets' states are of another run, and written in ways that nbconvert doesn't read.
  const { widgets: _, ...metadata } = objectOr(notebook.metadata);
  for (const field of ['kernelspec', 'language_info']) {
    if (!isObject(metadata[field])) delete metadata[field];
  }
  const minor = Math.max(5, Number(notebook.nbformat_minor) || 0);
  return { ...notebook, nbformat: 4, nbformat_minor: minor, metadata, cells };
};

/** A word of a shell's command line. */
const quoted = (text: string): string =>
  /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

const completedCell = (value: unknown, ids: Set<string>, where: string): Cell => {
  if (!isObject(value)) {
    throw new UserError(`${where}: is ${JSON.stringify(value)}, not a cell; remove it.`);
  }
  const { cell_type: type, source = '' } = value;
  if (type !== 'code' && type !== 'markdown' && type !== 'raw') {
    throw new UserError(
      `${where}: has the unknown cell_type ${JSON.stringify(type)}; it must be code, markdown or raw.`,
    );
  }
  if (source !== null && !isText(source)) {
    throw new UserError(`${where}: its source is not a text; it must be a string or lines.`);
  }
  const cell: Cell = {
    ...value,
    id: ownId(value.id, ids),
    cell_type: type,
    metadata: completedMetadata(value.metadata),
    source: joined(source),
  };
  if (!isObject(cell.attachments)) delete cell.attachments;
  if (type !== 'code') return cell;
  const outputs = Array.isArray(value.outputs) ? value.outputs.filter(isObject) : [];
  cell.outputs = outputs.flatMap(completedOutput);
  cell.execution_count = Number.isInteger(value.execution_count)
    ? (value.execution_count as number)
    : null;
  return cell;
};

const completedMetadata = (value: unknown): Cell['metadata'] => {
  const { tags, ...metadata } = objectOr(value);
  if (typeof tags === 'string') return { ...metadata, tags: [tags] };
  if (!Array.isArray(tags)) return metadata;
  return { ...metadata, tags: tags.filter((tag) => typeof tag === 'string') };
};

/** A cell's id where it is valid and no earlier cell's, as nbformat 4.5 asks; else one of our own. */
const ownId = (value: unknown, ids: Set<string>): string => {
  let id = typeof value === 'string' && /^[\w-]{1,64}$/.test(value) ? value : '';
  for (let count = ids.size + 1; id === '' || ids.has(id); count++) id = `cell-${count}`;
  ids.add(id);
  return id;
};

const completedOutput = (output: Json): Output[] => {
  switch (output.output_type) {
    case 'stream':
      return [{ name: 'stdout', ...output, output_type: 'stream', text: joined(output.text) }];
    case 'display_data':
    case 'execute_result': {
      const { output_type } = output;
      const metadata = objectOr(output.metadata);
      return [{ ...output, output_type, metadata, data: objectOr(output.data) }];
    }
    case 'error': {
      const { ename, evalue, traceback } = output;
      const lines = Array.isArray(traceback) ? traceback.map(String) : [];
      const texts = { ename: joined(ename), evalue: joined(evalue), traceback: lines };
      return [{ ...output, output_type: 'error', ...texts }];
    }
    default:
      return [];
  }
};

import { UserError } from '../command/errors';
import { venvBin } from './jupyter';
import {
  type Cell,
  joined,
  type MimeBundle,
  type Notebook,
  type Output,
  shortPath,
} from './notebook';

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const objectOr = (value: unknown): Json => (isObject(value) ? value : {});

const isText = (value: unknown): boolean =>
  typeof value === 'string' ||
  (Array.isArray(value) && value.every((line) => typeof line === 'string'));

const isString = (value: unknown) => typeof value === 'string';

type Fields = Readonly<Record<string, (value: unknown) => boolean>>;

/** The types that nbformat's schema requires of metadata. */
const notebookFields: Fields = {
  language_info: (value) => isObject(value) && isString(value.name),
  orig_nbformat: (value) => Number.isInteger(value) && Number(value) > 0,
  title: isString,
  authors: Array.isArray,
};
const languageFields: Fields = {
  codemirror_mode: (value) => isString(value) || isObject(value),
  file_extension: isString,
  mimetype: isString,
  pygments_lexer: isString,
};
const cellFields: Fields = {
  collapsed: (value) => typeof value === 'boolean',
  scrolled: (value) => typeof value === 'boolean' || value === 'auto',
  name: (value) => isString(value) && value !== '',
  format: isString,
  jupyter: isObject,
  execution: (value) => isObject(value) && Object.values(value).every(isString),
};

/** Metadata without invalid fields. */
const validMetadata = (metadata: Json, fields: Fields): Json =>
  Object.fromEntries(
    Object.entries(metadata).filter(([name, value]) => fields[name]?.(value) ?? true),
  );

/** The valid entries of a MIME bundle: text, or JSON for a JSON type. */
const validBundle = (value: unknown): MimeBundle =>
  Object.fromEntries(
    Object.entries(objectOr(value)).filter(
      ([type, data]) => isText(data) || /^application\/(.*\+)?json$/.test(type),
    ),
  ) as MimeBundle;

/**
 * A notebook with everything that nbformat's schema requires: missing fields are filled in, invalid ones left out.
 * `shown` names it in errors.
 */
export const completed = (file: unknown, shown: string): Notebook => {
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
  // Widget states belong to another run, and nbconvert can't read all of their formats.
  const { widgets: _, kernelspec, ...others } = objectOr(notebook.metadata);
  const metadata = validMetadata(others, notebookFields);
  if (isObject(metadata.language_info)) {
    metadata.language_info = validMetadata(metadata.language_info, languageFields);
  }
  if (isObject(kernelspec)) {
    const { name, display_name } = kernelspec;
    metadata.kernelspec = {
      ...kernelspec,
      name: isString(name) ? name : 'tandem',
      display_name: isString(display_name) ? display_name : 'Tandem',
    };
  }
  const minor = Math.max(5, Number(notebook.nbformat_minor) || 0);
  return { nbformat: 4, nbformat_minor: minor, metadata, cells };
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
    id: ownId(value.id, ids),
    cell_type: type,
    metadata: completedMetadata(value.metadata),
    source: joined(source),
  };
  if (type !== 'code') {
    if (isObject(value.attachments)) cell.attachments = mapped(value.attachments, validBundle);
    return cell;
  }
  const outputs = Array.isArray(value.outputs) ? value.outputs.filter(isObject) : [];
  cell.outputs = outputs.flatMap(completedOutput);
  cell.execution_count = count(value.execution_count);
  return cell;
};

const count = (value: unknown): number | null =>
  Number.isInteger(value) && Number(value) >= 0 ? (value as number) : null;

const mapped = <T>(values: Json, change: (value: unknown) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));

const completedMetadata = (value: unknown): Cell['metadata'] => {
  const { tags, ...others } = objectOr(value);
  const metadata = validMetadata(others, cellFields);
  if (tags === undefined || tags === null) return metadata;
  const words = [tags].flat().filter(isString).join(',').split(',');
  return { ...metadata, tags: [...new Set(words.map((word) => word.trim()))].filter(Boolean) };
};

/** A cell's id if it is valid and unique, as nbformat 4.5 requires; else a new one. */
const ownId = (value: unknown, ids: Set<string>): string => {
  let id = typeof value === 'string' && /^[\w-]{1,64}$/.test(value) ? value : '';
  for (let count = ids.size + 1; id === '' || ids.has(id); count++) id = `cell-${count}`;
  ids.add(id);
  return id;
};

const completedOutput = (output: Json): Output[] => {
  switch (output.output_type) {
    case 'stream':
      return [
        {
          output_type: 'stream',
          name: isString(output.name) ? output.name : 'stdout',
          text: isText(output.text) ? joined(output.text) : '',
        },
      ];
    case 'display_data':
    case 'execute_result': {
      const { output_type } = output;
      const metadata = objectOr(output.metadata);
      const counted =
        output_type === 'execute_result' ? { execution_count: count(output.execution_count) } : {};
      return [{ ...counted, output_type, metadata, data: validBundle(output.data) }];
    }
    case 'error': {
      const { ename, evalue, traceback } = output;
      const lines = Array.isArray(traceback) ? traceback.map(String) : [];
      const texts = { ename: joined(ename), evalue: joined(evalue), traceback: lines };
      return [{ output_type: 'error', ...texts }];
    }
    default:
      return [];
  }
};

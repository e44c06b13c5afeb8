import { existsSync, readFileSync } from 'node:fs';
import { UserError } from '../command/errors';
import { completed } from './completed-notebook';
import { type Notebook, shortPath } from './notebook';

/**
 * Reads a notebook file as leniently as Jupyter does: required fields that are missing or null are
 * filled in, and every cell gets a valid, unique id.
 * @throws UserError if the file is missing, is not JSON, is not a notebook of nbformat 4, contains an
 * invalid cell, or is in a language that the Tandem kernel does not run.
 */
export function readNotebook(path: string): Notebook {
  const shown = shortPath(path);
  if (!existsSync(path)) throw new UserError(`${shown}: no such notebook.`);
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

/** Reads an executed notebook, which other tools may have changed. */
export const readExecutedNotebook = (path: string): Notebook =>
  completed(parse(path), shortPath(path));

/** A page can't contain half a surrogate pair. */
const wellFormed = (_key: string, value: unknown) =>
  typeof value === 'string' ? value.replace(/\p{Surrogate}/gu, '\uFFFD') : value;

const parse = (path: string): unknown => {
  try {
    const text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
    return JSON.parse(text, /\\ud[89a-f]/i.test(text) ? wellFormed : undefined);
  } catch (cause) {
    const reason = (cause as Error).message.replace(/\s+/g, ' ');
    const text = `${shortPath(path)}: not a Jupyter notebook, it isn't JSON (${reason}).`;
    throw new UserError(text, 2, { cause });
  }
};

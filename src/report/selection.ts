import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UserError } from '../command/errors';
import { workplace } from '../files/paths';
import { notebookName, shortPath } from './notebook';

const notebooksIn = (folder: string): string[] =>
  (existsSync(folder) ? readdirSync(folder) : [])
    .filter((file) => file.endsWith('.ipynb'))
    .sort()
    .map((file) => join(folder, file));

/** The project's own notebooks, in reading order: those in notebooks/, or without that folder those at the top. */
export const projectNotebooks = (): string[] => {
  const folder = join(workplace, 'notebooks');
  return notebooksIn(existsSync(folder) ? folder : workplace);
};

/**
 * Turns selectors into notebook paths: `05` or `5` picks notebooks/05-*.ipynb, a notebook's name
 * picks it, and anything that ends with `.ipynb` is a path from `folder`. No selector picks all.
 */
export function selectNotebooks(selectors: readonly string[], folder: string): string[] {
  const own = projectNotebooks();
  const paths =
    selectors.length === 0
      ? own
      : [...new Set(selectors.flatMap((selector) => select(selector, own, folder)))];
  if (paths.length === 0)
    throw new UserError(`${workplace} has no notebook to run, in notebooks/ or at the top.`);
  refuseEqualNames(paths);
  return paths;
}

/**
 * The notebooks of a selection without those that further selectors pick.
 * @throws UserError for a selector that matches none of them.
 */
export function leaveOut(
  paths: readonly string[],
  selectors: readonly string[],
  folder: string,
): string[] {
  const out = new Set(
    selectors.flatMap((selector) => {
      const found = select(selector, paths, folder).filter((path) => paths.includes(path));
      if (found.length > 0) return found;
      throw new UserError(`--skip ${selector}: no selected notebook matches.`);
    }),
  );
  const left = paths.filter((path) => !out.has(path));
  if (left.length === 0) throw new UserError('--skip leaves no notebook to run.');
  return left;
}

const select = (selector: string, own: readonly string[], folder: string): string[] => {
  if (selector.endsWith('.ipynb')) return [resolve(folder, selector)];
  const found = own.filter((path) => {
    const name = notebookName(path);
    const number = /^(\d+)-/.exec(name)?.[1];
    return name === selector || (/^\d+$/.test(selector) && Number(number) === Number(selector));
  });
  if (found.length === 0) {
    const choice = own.map((path) => notebookName(path)).join(', ');
    throw new UserError(
      `Unknown notebook "${selector}": give a number or a name (${choice || 'none yet'}), or a path to an .ipynb file.`,
    );
  }
  return found;
};

const refuseEqualNames = (paths: readonly string[]): void => {
  const seen = new Map<string, string>([['index', 'the index page']]);
  for (const path of paths) {
    const name = notebookName(path);
    const other = seen.get(name);
    if (other) {
      throw new UserError(
        `${shortPath(path)}: its page would overwrite that of ${other}; rename one of them.`,
      );
    }
    seen.set(name, shortPath(path));
  }
};

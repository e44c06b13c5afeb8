import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { UserError } from '../command/errors';
import { projectRoot } from './paths';

/**
 * A record that is committed with the project; undefined if there is none.
 * @throws UserError if the file is not a complete record
 */
export function readCommitted<T>(path: string, isWhole: (record: T) => boolean): T | undefined {
  if (!existsSync(path)) return undefined;
  try {
    const record: T = JSON.parse(readFileSync(path, 'utf8'));
    if (isWhole(record)) return record;
  } catch {
    // Told below, as what is not a record at all.
  }
  const file = relative(projectRoot, path);
  throw new UserError(
    `${file} is not a complete record: restore it (git checkout ${file}), or delete it.`,
  );
}

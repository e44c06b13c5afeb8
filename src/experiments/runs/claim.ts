import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isRunning, processName } from '../../files/process-name';

/** The process that holds a claim; undefined if it has been released meanwhile. */
function holderOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * Claims a piece of work among processes with a file that names its holder. Returns a function that
 * releases it, or undefined if a running process holds it. A dead holder's claim is taken over.
 */
export function claim(path: string): (() => void) | undefined {
  mkdirSync(dirname(path), { recursive: true });
  const own = processName(process.pid);
  // The file appears complete or not at all: it is written to another file, then linked into place.
  const aside = `${path}.${own}`;
  writeFileSync(aside, own);
  try {
    for (let tries = 0; tries < 2; tries++) {
      try {
        linkSync(aside, path);
        return () => rmSync(path, { force: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        const holder = holderOf(path);
        if (holder !== undefined && isRunning(holder)) return undefined;
        rmSync(path, { force: true });
      }
    }
    return undefined;
  } finally {
    rmSync(aside, { force: true });
  }
}

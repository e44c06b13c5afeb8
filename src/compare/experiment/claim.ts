import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isRunning, processName } from '../../process-name';

/** The process that holds a claim; undefined where it has been given back meanwhile. */
function holderOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * Claims a piece of work among processes by a file that names its holder. Returns how to give it
 * back, or undefined where a living process holds it. A claim whose holder has died is taken over.
 */
export function claim(path: string): (() => void) | undefined {
  mkdirSync(dirname(path), { recursive: true });
  const own = processName(process.pid);
  // The file appears whole or not at all: it is written aside and linked into its place.
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

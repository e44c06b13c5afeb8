import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** When a process started, in the kernel's ticks; undefined where it is no more. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

const isAlive = (holder: string): boolean => {
  const [pid, start] = holder.split(' ');
  return start !== undefined && startOf(Number(pid)) === start;
};

/**
 * Claims a piece of work among processes by a file that names its holder. Returns how to give it
 * back, or undefined where a living process holds it. A claim whose holder has died is taken over.
 */
export function claim(path: string): (() => void) | undefined {
  mkdirSync(dirname(path), { recursive: true });
  // The file appears whole or not at all: it is written aside and linked into its place.
  const aside = `${path}.${process.pid}`;
  writeFileSync(aside, `${process.pid} ${startOf(process.pid)}`);
  try {
    for (let tries = 0; tries < 2; tries++) {
      try {
        linkSync(aside, path);
        return () => rmSync(path, { force: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        if (isAlive(readFileSync(path, 'utf8'))) return undefined;
        rmSync(path, { force: true });
      }
    }
    return undefined;
  } finally {
    rmSync(aside, { force: true });
  }
}

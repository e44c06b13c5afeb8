import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { processName } from './process-name';

/** Writes a file whole: a reader, or a kill half-way, sees the old content or the new one. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const aside = `${path}.${processName(process.pid)}.tmp`;
  mkdirSync(dirname(path), { recursive: true });
  try {
    writeFileSync(aside, content);
    renameSync(aside, path);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
}

import { mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning, processName } from '../../files/process-name';
import { endRun } from './processes';

/** Where runs work, inside the report's folder. */
export const workFolderOf = (output: string): string => join(output, '.work');

/** A fresh folder inside `parent`, whose name identifies the process that works in it. */
export function makeWorkFolder(parent: string): string {
  for (let tries = 0; ; tries++) {
    mkdirSync(parent, { recursive: true });
    try {
      return mkdtempSync(join(parent, `${processName(process.pid)}-`));
    } catch (error) {
      // Another run that ended has just removed the empty parent.
      if (tries === 20) throw error;
    }
  }
}

/**
 * Removes what killed runs left: their folders, their temporary files, and processes that they started
 * and that still run.
 */
export async function removeStaleWork(output: string): Promise<void> {
  const work = workFolderOf(output);
  for (const entry of entriesOf(work)) {
    if (isRunning(entry.split('-')[0]!)) continue;
    await endRun(join(work, entry, 'run.json'));
    rmSync(join(work, entry), { recursive: true, force: true });
  }
  for (const folder of [output, join(output, '.cache')]) {
    for (const entry of entriesOf(folder)) {
      const owner = /\.(\d+\.\d+)\.tmp$/.exec(entry)?.[1];
      if (owner && !isRunning(owner)) rmSync(join(folder, entry), { force: true });
    }
  }
  removeIfEmpty(work);
}

/** Removes the work folder unless another run uses it. */
export function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Another run's files are in it, or it was never made.
  }
}

const entriesOf = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return []; // It was never created.
  }
};

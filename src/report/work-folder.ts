import { mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning, processName } from '../process-name';
import { endRun } from './processes';

/** Where runs work, inside the report's folder. */
export const workFolderOf = (output: string): string => join(output, '.work');

/** A fresh folder inside `parent`, by whose name it is known which process works in it. */
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
 * Clears away what runs left that were killed: their folders, their files aside, and whatever they
 * had started and the system has not ended with them.
 */
export async function sweep(output: string): Promise<void> {
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

/** Removes the folder of work unless another run works in it. */
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
    return []; // It was never made.
  }
};

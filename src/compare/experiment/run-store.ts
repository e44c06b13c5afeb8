import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf, type ImageDataset } from '../../data/image-set';
import { inProject } from '../../paths';
import type { History } from '../../training/history';
import type { Profile } from '../../training/profiles';
import { versions } from '../../training/versions';
import { writeWhole } from '../../whole-file';
import type { Cell } from './design';

/** The result of one run. */
export interface RunResult {
  /** Without the losses of single batches, of which there are thousands. */
  readonly history: Omit<History, 'batchLoss'>;
  /** Wall-clock seconds of the whole run. */
  readonly seconds: number;
  /** Largest resident memory of the process seen during the run, in MB (2²⁰ bytes). */
  readonly peakMemory: number;
}

/** Stores the results of runs, one file each. The same cell, data and versions give the same file. */
export class RunStore {
  constructor(
    private readonly dataset: ImageDataset,
    private readonly folder = inProject('data/cache/experiments'),
  ) {}

  /**
   * Where a profile's records are kept. A full experiment takes hours: its runs lie with the project,
   * so that one machine can go on where another has stopped, and a page need not repeat them.
   */
  static of(profile: Profile, dataset: ImageDataset): RunStore {
    return profile === 'full'
      ? new RunStore(dataset, inProject('data/results/runs'))
      : new RunStore(dataset);
  }

  /** Where a cell's record lies, whichever experiment asks for it. */
  pathOf({ framework, recipe, seed }: Cell): string {
    const { name: _, ...choices } = recipe;
    const key = JSON.stringify([
      framework,
      Object.entries(choices).sort(([a], [b]) => (a < b ? -1 : 1)),
      seed,
      digestOf(this.dataset),
      versions(framework),
    ]);
    const digest = createHash('sha256').update(key).digest('hex').slice(0, 16);
    return join(this.folder, `${framework}-seed${seed}-${digest}.json`);
  }

  /** The record of a finished run; undefined where there is none, or none that can be read whole. */
  async read(cell: Cell): Promise<RunResult | undefined> {
    try {
      const record: RunResult = JSON.parse(await readFile(this.pathOf(cell), 'utf8'));
      return record.history.test ? record : undefined;
    } catch {
      return undefined;
    }
  }

  /** Writes a record whole: aside first, then in place. */
  write(cell: Cell, record: RunResult): void {
    writeWhole(this.pathOf(cell), `${JSON.stringify(record)}\n`);
  }
}

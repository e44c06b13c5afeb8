import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf, type ImageDataset } from '../../data/image-set';
import { inProject } from '../../files/paths';
import { writeWhole } from '../../files/whole-file';
import type { History } from '../../training/history';
import type { Profile } from '../../training/profiles';
import { versions } from '../../training/versions';
import type { Cell } from './design';

/** The result of one run. */
export interface RunResult {
  /** Without the thousands of batch losses. */
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
   * The store of a profile's runs. A full experiment takes hours: its runs are kept in the project,
   * so that another machine can continue it, and pages need not repeat it.
   */
  static of(profile: Profile, dataset: ImageDataset): RunStore {
    return profile === 'full'
      ? new RunStore(dataset, inProject('data/results/runs'))
      : new RunStore(dataset);
  }

  /** The file of a cell's result, the same for every experiment. */
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

  /** The result of a finished run; undefined if there is none, or it is incomplete. */
  async read(cell: Cell): Promise<RunResult | undefined> {
    try {
      const record: RunResult = JSON.parse(await readFile(this.pathOf(cell), 'utf8'));
      return record.history.test ? record : undefined;
    } catch {
      return undefined;
    }
  }

  /** Writes a result atomically. */
  write(cell: Cell, record: RunResult): void {
    writeWhole(this.pathOf(cell), `${JSON.stringify(record)}\n`);
  }
}

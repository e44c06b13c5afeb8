import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../../files/whole-file';
import { executedCells, type Notebook } from '../notebook';
import type { RunRecord } from '../run-record';
import type { Fingerprint } from './fingerprint';

/** A successful run, as stored. */
interface Kept {
  record: RunRecord;
  notebook: Notebook;
}

/** How many runs are kept for each notebook. */
const most = 4;

/** Successful runs, stored in the report's folder: the same fingerprint need not run again. */
export class RunCache {
  readonly #folder: string;

  constructor(output: string) {
    this.#folder = join(output, '.cache');
  }

  /** Stores a run, and drops all but the latest few of its notebook. */
  keep(fingerprint: Fingerprint, record: RunRecord, notebook: Notebook): void {
    const kept: Kept = { record, notebook };
    writeWhole(this.#path(record.name, fingerprint), JSON.stringify(kept));
    const age = (path: string) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    const others = readdirSync(this.#folder)
      .filter((file) => file.replace(/-[0-9a-f]{16}\.json$/, '') === record.name)
      .map((file) => join(this.#folder, file))
      .sort((a, b) => age(b) - age(a));
    for (const path of others.slice(most)) rmSync(path, { force: true });
  }

  /**
   * The stored run of a notebook, with its outputs in the notebook's current version: prose may have
   * changed. Undefined if there is none, or it can't be read.
   */
  find(name: string, fingerprint: Fingerprint, source: Notebook): Kept | undefined {
    const path = this.#path(name, fingerprint);
    if (!existsSync(path)) return undefined;
    try {
      const { record, notebook }: Kept = JSON.parse(readFileSync(path, 'utf8'));
      return { record, notebook: withOutputsOf(notebook, source) };
    } catch {
      return undefined;
    }
  }

  #path(name: string, fingerprint: Fingerprint): string {
    return join(this.#folder, `${name}-${fingerprint.slice(0, 16)}.json`);
  }
}

const withOutputsOf = (executed: Notebook, source: Notebook): Notebook => {
  const copy = structuredClone(source);
  const cells = executedCells(executed);
  for (const [index, cell] of executedCells(copy).entries()) {
    const { outputs = [], execution_count = null } = cells[index]!;
    Object.assign(cell, { outputs, execution_count });
  }
  const metadata = { ...copy.metadata, language_info: executed.metadata.language_info };
  return { ...copy, metadata };
};

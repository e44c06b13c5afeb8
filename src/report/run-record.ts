import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../files/whole-file';
import type { Profile } from '../training/profiles';
import type { Values } from './declared-parameters';
import type { Failure } from './failure';
import { shortPath } from './notebook';
import type { CellRun } from './run/cell-watch';

/** A run of one notebook, as its page and the index show it. */
export interface RunRecord {
  /** The notebook's name; its page is `<name>.html`, the executed notebook `<name>.ipynb`. */
  name: string;
  /** The notebook's file, relative to the project's root if it lies inside. */
  source: string;
  title: string;
  summary: string;
  state: 'passed' | 'failed';
  failure?: Failure;
  cells: number;
  /** The outcome of each cell that was started or aborted. */
  runs: CellRun[];
  seconds: number;
  profile: Profile;
  seed: number;
  /** The values of the notebook's `parameters({ … })`. */
  parameters: Values;
  /** ISO date and time of the end. */
  finished: string;
  versions: Record<string, string>;
  /** The short commit of the sources, with `+` if files had changed since. */
  commit?: string;
}

const file = (output: string): string => join(output, 'run.json');

/**
 * The records of all pages in a report's folder, sorted by name. Unreadable ones count as absent, which
 * a line on stderr says.
 */
export function readRecords(output: string): RunRecord[] {
  if (!existsSync(file(output))) return [];
  const pages = pagesIn(file(output));
  const whole = pages?.filter(isRecord);
  if (whole?.length !== pages?.length || !whole) {
    console.error(
      `${shortPath(file(output))} is damaged: pages that it doesn't list are left out until their notebooks run again.`,
    );
  }
  return (whole ?? []).filter(({ name }) => existsSync(join(output, `${name}.ipynb`)));
}

const pagesIn = (path: string): unknown[] | undefined => {
  try {
    const { pages } = JSON.parse(readFileSync(path, 'utf8'));
    return Array.isArray(pages) ? pages : undefined;
  } catch {
    return undefined;
  }
};

const isRecord = (page: unknown): page is RunRecord => {
  const { name, source, title, summary, cells, runs, seconds, profile, seed, finished, versions } =
    (page ?? {}) as Partial<RunRecord>;
  const texts = [name, source, title, summary, profile, finished];
  return (
    texts.every((text) => typeof text === 'string') &&
    [cells, seconds, seed].every((number) => typeof number === 'number') &&
    Array.isArray(runs) &&
    typeof versions === 'object' &&
    versions !== null
  );
};

/** Adds a run to the records, in place of an earlier one of the same notebook. */
export function addRecord(output: string, record: RunRecord): void {
  const others = readRecords(output).filter(({ name }) => name !== record.name);
  const pages = [...others, record].sort((a, b) =>
    a.name.localeCompare(b.name, 'en', { numeric: true }),
  );
  writeWhole(file(output), `${JSON.stringify({ pages }, null, 2)}\n`);
}

import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inProject } from '../paths';
import { exportHtml } from './nbconvert';
import { executedCells, type Notebook } from './notebook';
import { clock } from './progress';
import type { RunRecord } from './run-record';

/** A link from one page to another. */
interface Link {
  href: string;
  title: string;
}

/** What the template finds in a notebook's metadata under `tandem`. */
interface PageMetadata {
  title: string;
  failure?: RunRecord['failure'];
  notebook: string;
  previous?: Link;
  next?: Link;
  /** The run's provenance, as pairs of a label and a text. */
  provenance: [string, string][];
  /** Marks the page's own scripts; its security policy lets no other script run. */
  nonce: string;
}

/** A page's provenance in words. */
export function provenance(record: RunRecord): [string, string][] {
  const facts: [string, string | undefined][] = [
    ['Profile', record.profile],
    ['Seed', String(record.seed)],
    ['Duration', clock(record.seconds)],
    ['Finished', dateAndTime(record.finished)],
    ['Notebook', record.source],
    ['Commit', record.commit],
    ['Versions', versionLine(record)],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== undefined);
}

/** A run's versions in one line, in which no name is parted from its version. */
export const versionLine = ({ versions }: RunRecord): string =>
  Object.entries(versions)
    .map((pair) => pair.join('\u00a0'))
    .join(' · ');

/** An ISO date and time as a person reads it, in UTC: `2026-01-31 14:05 UTC`. */
export const dateAndTime = (iso: string): string => `${iso.slice(0, 16).replace('T', ' ')} UTC`;

/** Where a page lies, from another in the same folder. */
export const pageHref = (name: string): string => `${encodeURIComponent(name)}.html`;

/** A fresh nonce for a page's own scripts. */
export const scriptNonce = (): string => randomBytes(16).toString('hex');

/**
 * Makes the HTML page of each record from the executed notebook beside it, all in one call of
 * nbconvert. The pages link to each other in the records' order.
 */
export async function makePages(
  output: string,
  records: readonly RunRecord[],
  options: { workFolder: string; signal?: AbortSignal; verbose?: boolean },
): Promise<void> {
  mkdirSync(options.workFolder, { recursive: true });
  const folder = mkdtempSync(join(options.workFolder, 'pages-'));
  try {
    const sources = records.map((record, index) => {
      const notebook = JSON.parse(readFileSync(join(output, `${record.name}.ipynb`), 'utf8'));
      furnish(notebook, record, records[index - 1], records[index + 1]);
      const path = join(folder, `${record.name}.ipynb`);
      writeFileSync(path, JSON.stringify(notebook));
      return path;
    });
    await exportHtml(sources, folder, {
      ...options,
      workFolder: folder,
      template: 'tandem',
      templateFolder: inProject('src', 'report', 'template'),
    });
    for (const { name } of records) {
      renameSync(join(folder, `${name}.html`), join(output, `${name}.html`));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Puts into a notebook what its page shows beside its cells. */
const furnish = (
  notebook: Notebook,
  record: RunRecord,
  previous: RunRecord | undefined,
  next: RunRecord | undefined,
): void => {
  const link = (to: RunRecord | undefined): Link | undefined =>
    to && { href: pageHref(to.name), title: to.title };
  const page: PageMetadata = {
    title: record.title,
    failure: record.failure,
    notebook: `${encodeURIComponent(record.name)}.ipynb`,
    previous: link(previous),
    next: link(next),
    provenance: provenance(record),
    nonce: scriptNonce(),
  };
  notebook.metadata.tandem = page;
  executedCells(notebook).forEach((cell, index) => {
    cell.metadata.tandem = { cell: index + 1 };
  });
};

import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inProject } from '../../files/paths';
import { writeWhole } from '../../files/whole-file';
import { escapeHtml } from '../../plots/escape';
import { executedCells, joined, type MimeBundle, type Notebook, type Output } from '../notebook';
import { readExecutedNotebook } from '../notebook-file';
import { type Exported, exportHtml } from '../run/nbconvert';
import { makeWorkFolder } from '../run/work-folder';
import type { RunRecord } from '../run-record';
import { codeHint } from './code-hint';
import { withFormulas } from './formulas';
import { scriptNonce } from './html-page';
import type { Pictures } from './pictures';
import { type PlotlyParts, partsFor, prepareFigures } from './plotly-figures';
import { terminalText } from './terminal-text';

/** A link from one page to another. */
interface Link {
  href: string;
  title: string;
}

/** The template's data in a notebook's metadata, under `tandem`. */
interface PageMetadata {
  title: string;
  /** The small text above the title. */
  eyebrow: string[];
  failure?: RunRecord['failure'];
  notebook: string;
  previous?: Link;
  next?: Link;
  /** The run's provenance, as pairs of a label and a text. */
  provenance: [string, string][];
  /** The pictures that the notebook's Markdown names. */
  pictures: Pictures;
  /** The scripts and data that its figures need; missing if there are none. */
  plotly?: PlotlyParts;
  /** Marks the page's own scripts; its security policy blocks all others. */
  nonce: string;
}

/** The template's data in a cell's metadata. */
interface CellMetadata {
  /** The cell's position, Markdown cells counted too: `2 of 7`. */
  position: string;
  hint?: string;
  /** The cell's ordinal among the executed ones, from 1. */
  cell?: number;
}

/** A page's provenance in words. */
function provenance(record: RunRecord): [string, string][] {
  const facts: [string, string | undefined][] = [
    ['Profile', record.profile],
    ['Seed', String(record.seed)],
    ['Parameters', settings(record)],
    ['Duration', duration(record.seconds)],
    ['Finished', dateAndTime(record.finished)],
    ['Commit', record.commit],
    ['Notebook', record.source],
    ['Versions', versionLine(record)],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== undefined);
}

/** The parameters besides profile and seed; undefined if there were none. */
const settings = ({ parameters = {} }: RunRecord): string | undefined => {
  const { profile: _, seed: __, ...others } = parameters;
  const pairs = Object.entries(others).map(([name, value]) => `${name}\u00a0=\u00a0${value}`);
  return pairs.length > 0 ? pairs.join(' · ') : undefined;
};

/** A run's versions in one line, with no line break between a name and its version. */
export const versionLine = ({ versions }: RunRecord): string =>
  Object.entries(versions)
    .map((pair) => pair.join('\u00a0'))
    .join(' · ');

/** A duration in words: `17 s`, `2 min 29 s`, `1 h 5 min`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  if (minutes >= 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}

/** An ISO date and time for readers, in UTC: `2026-01-31 14:05 UTC`. */
export const dateAndTime = (iso: string): string => `${iso.slice(0, 16).replace('T', ' ')} UTC`;

/** A page's address relative to the others in its folder. */
export const pageHref = (name: string): string => `${encodeURIComponent(name)}.html`;

/** Options for making pages. */
export interface PageOptions {
  workFolder: string;
  signal?: AbortSignal;
  verbose?: boolean;
}

/** A run with its executed notebook. */
export interface Executed {
  record: RunRecord;
  notebook: Notebook;
}

/** The executed notebooks of records; an unreadable one doesn't affect the others. */
export const readAllExecuted = (
  output: string,
  records: readonly RunRecord[],
): { executed: Executed[]; unread: Exported[] } => {
  const executed: Executed[] = [];
  const unread: Exported[] = [];
  for (const record of records) {
    try {
      const notebook = readExecutedNotebook(join(output, `${record.name}.ipynb`));
      executed.push({ record, notebook });
    } catch (error) {
      unread.push({ name: record.name, failure: (error as Error).message, notes: [] });
    }
  }
  return { executed, unread };
};

/**
 * Makes the HTML page of each record from the executed notebook beside it. The pages link to each
 * other in the records' order; one that can't be made says so, and why.
 */
export async function makePages(
  output: string,
  records: readonly RunRecord[],
  options: PageOptions,
): Promise<Exported[]> {
  const folder = makeWorkFolder(options.workFolder);
  try {
    const { executed, unread } = readAllExecuted(output, records);
    const pages = [...(await renderPages(executed, folder, options)), ...unread];
    for (const { name, failure } of pages) {
      const page = join(output, `${name}.html`);
      if (failure === undefined) renameSync(join(folder, `${name}.html`), page);
      else writeWhole(page, failedPage(name, failure));
    }
    return pages;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Renders the pages of executed notebooks into a folder, all in one call of nbconvert. */
export async function renderPages(
  executed: readonly Executed[],
  folder: string,
  options: PageOptions,
): Promise<Exported[]> {
  const records = executed.map(({ record }) => record);
  const names = executed.map(({ record, notebook }, index) => {
    addPageMetadata(notebook, record, { records, index });
    writeFileSync(join(folder, `${record.name}.ipynb`), JSON.stringify(notebook));
    return record.name;
  });
  const exported = await exportHtml(names, {
    ...options,
    workFolder: folder,
    template: { name: 'tandem', folder: inProject('src', 'report', 'template') },
  });
  for (const { name, failure } of exported) {
    const page = join(folder, `${name}.html`);
    if (failure === undefined) writeFileSync(page, withFormulas(readFileSync(page, 'utf8')));
  }
  return exported;
}

/** The page in place of one that could not be made. */
const failedPage = (name: string, failure: string): string => `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>${escapeHtml(name)} · Tandem</title></head>
<body><p><a href="index.html">Tandem</a></p>
<h1>${escapeHtml(name)}</h1>
<p>This page could not be made: ${escapeHtml(failure)}</p>
<p><a href="${encodeURIComponent(name)}.ipynb" download>Download the executed notebook</a></p></body>
</html>
`;

/** Adds the data that a page shows besides its cells; `ending` is the pages' file extension. */
export const addPageMetadata = (
  notebook: Notebook,
  record: RunRecord,
  {
    records,
    index,
    ending = 'html',
  }: { records: readonly RunRecord[]; index: number; ending?: string },
): void => {
  const link = (to: RunRecord | undefined): Link | undefined =>
    to && { href: pageHref(to.name), title: to.title };
  const page: PageMetadata = {
    title: record.title,
    eyebrow: [
      `Notebook ${index + 1} of ${records.length}`,
      `${record.profile} profile, seed ${record.seed}`,
      `ran ${dateAndTime(record.finished)} in ${duration(record.seconds)}`,
    ],
    failure: record.failure,
    notebook: `${encodeURIComponent(record.name)}.ipynb`,
    previous: link(records[index - 1]),
    next: link(records[index + 1]),
    provenance: provenance(record),
    pictures: (notebook.metadata.tandem as Partial<PageMetadata> | undefined)?.pictures ?? {},
    plotly: partsFor(prepareFigures(notebook)),
    nonce: scriptNonce(),
  };
  notebook.metadata.tandem = page;
  const linked = (text: unknown) => toPages(joined(text as string), records, ending);
  for (const [position, cell] of notebook.cells.entries()) {
    if (cell.cell_type === 'markdown') cell.source = linked(cell.source);
    const own: CellMetadata = { position: `${position + 1} of ${notebook.cells.length}` };
    if (cell.cell_type === 'code') own.hint = codeHint(joined(cell.source));
    cell.metadata.tandem = own;
    cell.outputs = cell.outputs && shownOutputs(cell.outputs);
    for (const { data } of cell.outputs ?? []) {
      const bundle = data as MimeBundle | undefined;
      if (!bundle) continue;
      escapeActiveHtml(bundle);
      const text = bundle['text/markdown'];
      if (text !== undefined) bundle['text/markdown'] = linked(text);
    }
  }
  executedCells(notebook).forEach((cell, position) => {
    Object.assign(cell.metadata.tandem as object, { cell: position + 1 });
  });
};

/**
 * Makes Markdown links to notebooks lead to their pages. If there is no page, only the words stay, so
 * that no link is dead.
 */
export const toPages = (
  text: string,
  records: readonly Pick<RunRecord, 'name'>[],
  ending: string,
): string =>
  text.replace(/\[([^\]\n]+)\]\(([\w-]+)\.ipynb(#[^)\s]*)?\)/g, (_, words, name, place = '') =>
    records.some((record) => record.name === name)
      ? `[${words}](${name}.${ending}${place})`
      : words,
  );

/** Joins each stream and shows it as a terminal would, since a later part may overwrite an earlier one. */
const shownOutputs = (outputs: readonly Output[]): Output[] => {
  const shown: Output[] = [];
  for (const output of outputs) {
    const last = shown.at(-1);
    if (output.output_type !== 'stream') shown.push(output);
    else if (last?.output_type === 'stream' && last.name === output.name) {
      last.text = joined(last.text) + joined(output.text);
    } else shown.push({ ...output, text: joined(output.text) });
  }
  return shown.map((output) =>
    output.output_type === 'stream'
      ? { ...output, text: terminalText(joined(output.text)) }
      : output,
  );
};

/** Elements that would redirect the reader, or load or restyle something for the whole page. */
const orders = /<(?=\/?(?:meta|base|link|script|style|iframe|frame|object|embed|form)\b)/gi;

/** Style elements, which would restyle the page and contain nothing to read. */
const styles = /<style\b[^>]*>[\s\S]*?<\/style\s*>/gi;

/** Escapes the elements in a cell's HTML that do more than display content; styles are removed. */
const escapeActiveHtml = (bundle: MimeBundle): void => {
  for (const type of ['text/html', 'text/markdown']) {
    const html = bundle[type];
    if (html !== undefined) bundle[type] = joined(html).replace(styles, '').replace(orders, '&lt;');
  }
};

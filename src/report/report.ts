import { accessSync, appendFileSync, constants, mkdirSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { UserError } from '../command/errors';
import { exclusively } from '../files/exclusive';
import { writeWhole } from '../files/whole-file';
import type { Call } from './call';
import { failureLine } from './failure';
import { writeIndexPage } from './index/index-page';
import { jobSummary } from './output/job-summary';
import { junitXml } from './output/junit';
import { progressOn } from './output/progress';
import { jsonLines, type Listener, type Outcome } from './output/run-events';
import { makeMarkdown } from './pages/markdown';
import { makePages } from './pages/pages';
import { makePdfs } from './pages/pdf';
import { type Plan, plansOf } from './plan';
import type { Result } from './result';
import type { Exported } from './run/nbconvert';
import { inOrder } from './run/schedule';
import { removeIfEmpty, removeStaleWork, workFolderOf } from './run/work-folder';
import { Worker } from './run/worker';
import { readRecords } from './run-record';

/**
 * Runs the call's notebooks, then makes the pages of all notebooks in the report's folder, so that
 * their links to each other are valid. Returns the exit code: 1 if a notebook failed or differs
 * from the recorded run, 2 if one could not be read. `signal` ends the work; the promise then rejects.
 */
export async function report(call: Call, signal: AbortSignal): Promise<number> {
  // Report a wrong call before anything runs.
  const { plans, refused } = plansOf(call);
  const started = performance.now();
  const tell = call.json ? jsonLines(process.stdout) : progressOn(process.stdout);
  mkdirSync(call.output, { recursive: true });
  if (call.junit) prepareFile(call.junit);
  await removeStaleWork(call.output);
  try {
    const results = await runAll(plans, call, tell, signal);
    const written = await exclusively(call.output, () => writePages(call, results, tell, signal));
    if (call.junit) writeWhole(call.junit, junitXml(results));
    const { GITHUB_STEP_SUMMARY } = process.env;
    if (GITHUB_STEP_SUMMARY) appendFileSync(GITHUB_STEP_SUMMARY, jobSummary(results));
    const well = results.every(succeeded) && !written.failed;
    const code = refused.length > 0 ? 2 : well ? 0 : 1;
    const { files } = written;
    const seconds = (performance.now() - started) / 1000;
    tell({ event: 'run-end', code, seconds, counts: counts(results), files: files.map(shown) });
    if (!call.json) for (const file of files) console.log(`report: ${shown(file)}`);
    for (const line of [...refused, ...written.lines, ...results.flatMap(problemLines)])
      console.error(line);
    return code;
  } finally {
    removeIfEmpty(workFolderOf(call.output));
  }
}

/** Checks, before anything runs, that a file can be written at the end. */
const prepareFile = (path: string): void => {
  mkdirSync(dirname(path), { recursive: true });
  accessSync(dirname(path), constants.W_OK);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UserError(`${shown(path)} is a folder, where a file is to be written.`);
  }
};

/** Runs what must run, as many at a time as the call allows. Returns the results in the plans' order. */
const runAll = async (
  plans: readonly Plan[],
  call: Call,
  tell: Listener,
  signal: AbortSignal,
): Promise<Result[]> => {
  const { profile, seed, jobs, timeoutAllSeconds } = call;
  const parameters = Object.assign({}, ...plans.map((plan) => plan.parameters));
  const notebooks = plans.map(({ name }) => name);
  tell({ event: 'run-start', notebooks, profile, seed, parameters, jobs });
  // An installation that can't run notebooks fails the whole call and ends the running ones.
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const late = new AbortController();
  const timer = setTimeout(
    () => late.abort(new Error(`the run was stopped after its time-out of ${timeoutAllSeconds} s`)),
    Math.min(2 ** 31 - 1, 1000 * (timeoutAllSeconds ?? Number.POSITIVE_INFINITY)),
  );
  const worker = new Worker(call, tell, either, late.signal);
  const results = new Map<Plan, Result>();
  try {
    for (const plan of plans) {
      const cached = await worker.fromCache(plan);
      if (cached) results.set(plan, cached);
    }
    const todo = plans.filter((plan) => !results.has(plan));
    await inOrder(todo, jobs, async (plan) => {
      either.throwIfAborted();
      try {
        results.set(plan, await worker.run(plan));
      } catch (error) {
        failed.abort(error);
        throw error;
      }
    });
  } finally {
    clearTimeout(timer);
  }
  return plans.map((plan) => results.get(plan)!);
};

/** The outcome of writing a report. */
interface Written {
  /** The files to look at. */
  files: string[];
  /** Notes for the user, a line each. */
  lines: string[];
  /** Whether something could not be written. */
  failed: boolean;
}

/** Writes the report in the formats that the call asks for. */
const writePages = async (
  call: Call,
  results: readonly Result[],
  tell: Listener,
  signal: AbortSignal,
): Promise<Written> => {
  const { output, verbose, formats } = call;
  const options = { workFolder: workFolderOf(output), signal, verbose };
  const own = results.flatMap(({ record }) => record ?? []);
  const files: string[] = [];
  const all: (Exported & { format: string })[] = [];
  const add = (format: string, exported: readonly Exported[]) => {
    all.push(...exported.map((one) => ({ ...one, format })));
    return exported.filter(({ failure }) => failure === undefined).map(({ name }) => name);
  };
  if (formats.includes('html')) {
    tell({ event: 'writing', what: 'the pages' });
    const records = readRecords(output);
    add('page', await makePages(output, records, options));
    writeIndexPage(output, records);
    files.push(join(output, 'index.html'));
  }
  if (formats.includes('pdf') && own.length > 0) {
    tell({ event: 'writing', what: 'PDF' });
    const names = add('PDF', await makePdfs(output, own, options));
    files.push(...names.map((name) => join(output, `${name}.pdf`)));
  }
  if (formats.includes('markdown') && own.length > 0) {
    tell({ event: 'writing', what: 'Markdown' });
    const names = add('Markdown', await makeMarkdown(output, own, options));
    files.push(...names.map((name) => join(output, `${name}.md`)));
  }
  const lines = new Set<string>();
  for (const { name, format, failure, notes } of all) {
    const source = own.find((record) => record.name === name)?.source;
    if (failure !== undefined) {
      tell({ event: 'note', notebook: name, text: `no ${format}: ${failure}` });
      lines.add(`failed: ${source ?? name}, its ${format} could not be made: ${failure}`);
    }
    // Notes on the other pages in the folder were printed when they were first made.
    for (const { cell, text } of source ? notes : []) {
      tell({ event: 'note', notebook: name, cell, text });
      lines.add(`note: ${source}, cell ${cell}: ${text}`);
    }
  }
  return { files, lines: [...lines], failed: all.some(({ failure }) => failure !== undefined) };
};

const succeeded = ({ state, differences }: Result): boolean =>
  (state === 'passed' || state === 'cached') && differences.length === 0;

const counts = (results: readonly Result[]): Record<Outcome, number> => {
  const all = { passed: 0, failed: 0, cached: 0, 'not-run': 0 };
  for (const { state } of results) all[state]++;
  return all;
};

/** The problems of a notebook, a line each. */
const problemLines = ({ source, state, record, differences }: Result): string[] => {
  if (state === 'not-run') return [`not run: ${source}, total time limit reached`];
  const failed = record?.failure ? [`failed: ${source}, ${failureLine(record.failure)}`] : [];
  const differ = differences.flatMap(({ cell, where, recorded, found }) => [
    `differs: ${source}, cell ${cell}, ${where}`,
    `  recorded  ${short(recorded)}`,
    `  this run  ${short(found)}`,
  ]);
  return [...failed, ...differ];
};

const short = (text: string): string => (text.length > 160 ? `${text.slice(0, 159)}…` : text);

/** A path for messages: relative to the current folder if it lies inside. */
const shown = (path: string): string => {
  const from = relative('', path);
  return from.startsWith('..') ? path : from;
};

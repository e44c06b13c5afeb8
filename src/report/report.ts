import { rmdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Call } from './call';
import { failureLine } from './failure';
import { headline } from './headline';
import { writeIndexPage } from './index-page';
import { executedCells, type Notebook, notebookName, readNotebook, shortPath } from './notebook';
import { makePages } from './pages';
import { type Progress, progressOn } from './progress';
import { installedVersions, sourceCommit } from './provenance';
import { addRecord, type RunRecord, readRecords } from './run-record';
import { runNotebook } from './runner';
import { writeWhole } from './whole-file';

/**
 * Runs the call's notebooks one after another, then makes the pages of all that the report's
 * folder holds, so that their links to each other are true. Gives the exit code: 1 when a
 * notebook failed. `signal` ends the work; the promise then rejects.
 */
export async function report(call: Call, signal: AbortSignal): Promise<number> {
  const { output, verbose } = call;
  // Read before anything runs: a file that is no notebook is refused at once.
  const sources = call.notebooks.map((path) => ({ path, notebook: readNotebook(path) }));
  const workFolder = join(output, '.work');
  const progress = progressOn(process.stdout);
  const failed: RunRecord[] = [];
  try {
    for (const { path, notebook } of sources) {
      const record = await runOne(path, notebook, { call, workFolder, progress, signal });
      if (record.failure) failed.push(record);
    }
    progress.note('writing the pages');
    const records = readRecords(output);
    await makePages(output, records, { workFolder, signal, verbose });
    writeIndexPage(output, records);
  } finally {
    removeIfEmpty(workFolder);
  }
  const index = join(output, 'index.html');
  console.log(`report: ${relative('', index).startsWith('..') ? index : relative('', index)}`);
  for (const { source, failure } of failed) {
    if (failure) console.error(`failed: ${source}, ${failureLine(failure)}`);
  }
  return failed.length > 0 ? 1 : 0;
}

/** Runs one notebook, and keeps what it left in the report's folder. */
const runOne = async (
  path: string,
  notebook: Notebook,
  run: { call: Call; workFolder: string; progress: Progress; signal: AbortSignal },
): Promise<RunRecord> => {
  const { call, progress } = run;
  const name = notebookName(path);
  const cells = executedCells(notebook).length;
  progress.start(name, cells);
  let state = 'ended';
  try {
    const result = await runNotebook(path, notebook, {
      parameters: { profile: call.profile, seed: call.seed },
      timeoutSeconds: call.timeoutSeconds,
      workFolder: run.workFolder,
      signal: run.signal,
      verbose: call.verbose,
      onCell: (cell) => progress.cell(name, cell),
    });
    state = result.failure ? 'FAILED' : 'ok';
    const record: RunRecord = {
      name,
      source: shortPath(path),
      ...headline(notebook, name),
      state: result.failure ? 'failed' : 'passed',
      failure: result.failure,
      cells,
      seconds: result.seconds,
      profile: call.profile,
      seed: call.seed,
      finished: new Date().toISOString(),
      versions: installedVersions(),
      commit: sourceCommit(),
    };
    writeWhole(join(call.output, `${name}.ipynb`), `${JSON.stringify(result.notebook, null, 1)}\n`);
    addRecord(call.output, record);
    return record;
  } finally {
    progress.end(name, state);
  }
};

/** Removes the folder of work unless another run works in it. */
const removeIfEmpty = (folder: string): void => {
  try {
    rmdirSync(folder);
  } catch {
    // Another run's files are in it, or it was never made.
  }
};

import { rmdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { UserError } from '../errors';
import { inProject } from '../paths';
import { checkProfile, type Profile } from '../training/profiles';
import { failureLine } from './failure';
import { headline } from './headline';
import { writeIndexPage } from './index-page';
import { executedCells, notebookName, readNotebook } from './notebook';
import { makePages } from './pages';
import { type Progress, progressOn } from './progress';
import { installedVersions, sourceCommit } from './provenance';
import { addRecord, type RunRecord, readRecords } from './run-record';
import { runNotebook } from './runner';
import { selectNotebooks, shortPath } from './selection';
import { writeWhole } from './whole-file';

const help = `npm run report [-- [options] [notebooks]]

Runs notebooks headless and writes reports/index.html with an HTML page for each.

  notebooks           numbers or names (05 06), or paths of .ipynb files; default: all
  --profile NAME      smoke (seconds), quick (default), full (the article's own sizes)
  --seed N            the seed of everything random, default 0
  --timeout SECONDS   the most that one cell may take; default 120, 600, 3600 by profile
  --output DIR        where the report goes, default reports
  --verbose           shows nbconvert's log, and the stack of an error
  --help              shows this

Exit code: 0 all well, 1 a notebook failed, 2 a wrong call or set-up, 130 interrupted.`;

const timeouts: Record<Profile, number> = { smoke: 120, quick: 600, full: 3600 };

interface Call {
  notebooks: string[];
  profile: Profile;
  seed: number;
  timeoutSeconds: number;
  output: string;
  verbose: boolean;
}

/** The command `npm run report`; gives the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const call = readCall(argv);
    if (!call) {
      console.log(help);
      return 0;
    }
    return await untilInterrupted((signal) => report(call, signal));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    console.error(argv.includes('--verbose') ? error : error.message);
    return error.exitCode;
  }
}

/** The call in its arguments; undefined when help is asked for. */
const readCall = (argv: readonly string[]): Call | undefined => {
  const { values, positionals } = parse(argv);
  if (values.help) return undefined;
  const profile = checkProfile(values.profile);
  const folder = process.env.INIT_CWD ?? process.cwd();
  return {
    notebooks: selectNotebooks(positionals, folder),
    profile,
    seed: wholeNumber('seed', values.seed, 0),
    timeoutSeconds: values.timeout ? wholeNumber('timeout', values.timeout, 1) : timeouts[profile],
    output: values.output ? resolve(folder, values.output) : inProject('reports'),
    verbose: values.verbose,
  };
};

const parse = (argv: readonly string[]) => {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        profile: { type: 'string', default: 'quick' },
        seed: { type: 'string', default: '0' },
        timeout: { type: 'string' },
        output: { type: 'string' },
        verbose: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (cause) {
    const [reason] = (cause as Error).message.split(/\.\s|\n/);
    throw new UserError(`${reason}; \`npm run report -- --help\` lists the options.`, 2, { cause });
  }
};

const wholeNumber = (option: string, text: string, least: number): number => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > 2 ** 31 - 1) {
    throw new UserError(
      `--${option} takes a whole number from ${least} to 2147483647, not "${text}".`,
    );
  }
  return value;
};

/** Does work that SIGINT, SIGTERM and SIGHUP end; gives the exit code that a shell expects. */
const untilInterrupted = async (
  work: (signal: AbortSignal) => Promise<number>,
): Promise<number> => {
  const abort = new AbortController();
  const codes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
  const signals = Object.keys(codes) as (keyof typeof codes)[];
  let code = 0;
  const end = (signal: NodeJS.Signals) => {
    code = codes[signal as keyof typeof codes];
    abort.abort(new Error(`ended by ${signal}`));
  };
  for (const signal of signals) process.on(signal, end);
  try {
    return await work(abort.signal);
  } catch (error) {
    if (code === 0) throw error;
    console.error('\nInterrupted.');
    return code;
  } finally {
    for (const signal of signals) process.off(signal, end);
  }
};

const report = async (call: Call, signal: AbortSignal): Promise<number> => {
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
};

/** Runs one notebook, and keeps what it left in the report's folder. */
const runOne = async (
  path: string,
  notebook: ReturnType<typeof readNotebook>,
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

import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inProject } from '../../src/files/paths';
import { executedCells, joined, type MimeBundle, type Output } from '../../src/report/notebook';
import { readNotebook } from '../../src/report/notebook-file';
import '../outside';

/** Environment variables of the calls to come, beside the tests' own. */
export const environment: NodeJS.ProcessEnv = {};

/** What a call of the report command gave. */
export interface Ended {
  code: number | null;
  stdout: string;
  /** Lines of stderr, blank ones left out. */
  errors: string[];
}

/** The executed notebook of that name in a report's folder: the text of each executed cell. */
export function textsIn(output: string, name: string): string[] {
  const text = (out: Output) => joined(out.text ?? (out.data as MimeBundle)?.['text/plain'] ?? '');
  return executedCells(readNotebook(join(output, `${name}.ipynb`))).map((cell) =>
    (cell.outputs ?? []).map(text).join(''),
  );
}

/** Resolves once a started report has printed `text`. */
export const printed = (child: ChildProcess, text: string): Promise<void> =>
  new Promise((resolve) => {
    let seen = '';
    child.stdout?.on('data', (chunk) => {
      seen += chunk;
      if (seen.includes(text)) resolve();
    });
  });

/** Resolves once a condition holds; rejects when it hasn't within ten minutes. */
export async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 12_000; tries++) {
    if (condition()) return;
    await sleep(50);
  }
  throw new Error(`never came true: ${condition}`);
}

/** Starts the command as a person would, without the set-up before it. */
export function startReport(...args: string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const program = `require(${JSON.stringify(inProject('dist/src/report/cli'))})
    .main(process.argv.slice(1)).then((code) => { process.exitCode = code; });`;
  const child = spawn(process.execPath, ['-e', program, '--', ...args], {
    cwd: inProject(),
    env: { ...process.env, INIT_CWD: inProject(), GITHUB_STEP_SUMMARY: '', ...environment },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve) =>
    child.on('close', (code) =>
      resolve({ code, stdout, errors: stderr.split('\n').filter((line) => line.trim() !== '') }),
    ),
  );
  return { child, ended };
}

/** Runs the command to its end. */
export const runReport = (...args: string[]): Promise<Ended> => startReport(...args).ended;

/** The running processes whose environment names something below `folder`. */
export const processesOf = (folder: string): string[] =>
  readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => {
      try {
        return readFileSync(join('/proc', pid, 'environ'), 'utf8').includes(`TANDEM_RUN=${folder}`);
      } catch {
        return false;
      }
    });

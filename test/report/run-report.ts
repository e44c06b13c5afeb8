import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inProject } from '../../src/paths';

/** What a call of the report command gave. */
export interface Ended {
  code: number | null;
  stdout: string;
  /** Lines of stderr, blank ones left out. */
  errors: string[];
}

/** A fixture notebook's path. */
export const fixture = (name: string): string =>
  inProject('test', 'report', 'fixtures', `${name}.ipynb`);

/** Starts the command as a person would, without the set-up before it. */
export function startReport(...args: string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const program = `require(${JSON.stringify(inProject('dist/src/report/cli'))})
    .main(process.argv.slice(1)).then((code) => { process.exitCode = code; });`;
  const child = spawn(process.execPath, ['-e', program, '--', ...args], {
    cwd: inProject(),
    env: { ...process.env, INIT_CWD: inProject() },
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

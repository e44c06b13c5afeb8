import { spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { projectRoot } from '../../src/files/paths';

const folders: string[] = [];

const temporaryFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-'));
  folders.push(folder);
  return folder;
};

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A copy of the project's own files with nothing installed or built, as a fresh clone is. */
export function bareCheckout(parts = ['src', 'kernels', 'requirements', 'data/checksums.json']) {
  const folder = temporaryFolder();
  const always = ['scripts', '.npmrc', 'package.json', 'package-lock.json', 'tsconfig.json'];
  // Set-up itself runs these.
  always.push(
    'requirements.txt',
    'src/torch/generated',
    'src/command/invocation.js',
    'src/torch/addon-build.js',
    'src/torch/find-torch.js',
    'src/files/lock.js',
    'src/report/pages/chromium.js',
    'kernels/tandem/snapshot-file.js',
  );
  for (const part of [...always, ...parts]) {
    cpSync(join(projectRoot, part), join(folder, part), {
      recursive: true,
      filter: (path) => !['build', 'dist'].includes(basename(path)),
    });
  }
  return folder;
}

/** A folder to be the whole PATH, with these programs: each a program's path or a shell script. */
export function pathWith(programs: Record<string, string>): string {
  const folder = temporaryFolder();
  for (const [name, program] of Object.entries(programs)) {
    const path = join(folder, name);
    if (program.startsWith('/')) {
      symlinkSync(program, path);
    } else {
      writeFileSync(path, `#!/bin/sh\n${program}\n`);
      chmodSync(path, 0o755);
    }
  }
  return folder;
}

/** A running node process of a checkout, with what it has written so far. */
export class Run {
  stdout = '';
  stderr = '';
  readonly ended: Promise<number | null>;
  private readonly child;

  constructor(folder: string, args: string[], env: NodeJS.ProcessEnv = {}) {
    this.child = spawn(process.execPath, args, {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout.setEncoding('utf8').on('data', (text) => {
      this.stdout += text;
    });
    this.child.stderr.setEncoding('utf8').on('data', (text) => {
      this.stderr += text;
    });
    this.ended = new Promise((resolve, reject) => {
      this.child.on('error', reject);
      this.child.on('close', resolve);
    });
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Waits until stderr has this text. */
  async says(text: string): Promise<void> {
    while (!this.stderr.includes(text)) {
      if (this.child.exitCode !== null) throw new Error(`ended without "${text}": ${this.stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** The set-up alone, with the exit code and the error line that commands give it. */
export const setUp = (folder: string, env?: NodeJS.ProcessEnv): Run =>
  new Run(folder, ['-e', "require('./scripts/setup/command').command({ main: () => 0 })"], env);

/** What an expression over the set-up's modules gives, as JSON, in a checkout. */
export async function evaluate<T>(
  folder: string,
  code: string,
  env?: NodeJS.ProcessEnv,
): Promise<T> {
  const run = new Run(
    folder,
    [
      '-e',
      `(async () => { ${code} })().then((value) => console.log(JSON.stringify(value ?? null)))`,
    ],
    env,
  );
  if ((await run.ended) !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout);
}

import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { inProject } from '../../src/files/paths';

const run = promisify(execFile);

interface ProgramOptions {
  /** Of Node. */
  flags?: readonly string[];
  /** Most address space in KB, as `ulimit -v` takes it. */
  memory?: number;
  /** A shared library that is loaded before all others. */
  preload?: string;
}

/**
 * Runs JavaScript with `torch` at hand in a process of its own, or a file of `programs/` with arguments,
 * and gives what it prints as JSON. Rejects where it fails, or the process aborts.
 */
export async function program(
  code: string,
  args: readonly (string | number)[] = [],
  { flags = [], memory, preload }: ProgramOptions = {},
): Promise<unknown> {
  const script = code.endsWith('.js')
    ? [resolve(inProject('test/torch/programs'), code)]
    : ['-e', `const torch = require('./src/torch/dist');${code}`];
  const call = [...flags, ...script, ...args].map(String);
  const env = { ...process.env, ...(preload && { LD_PRELOAD: preload }) };
  const { stdout } = memory
    ? await run('sh', ['-c', `ulimit -v ${memory}; exec "$0" "$@"`, process.execPath, ...call], {
        cwd: inProject(),
        env,
      })
    : await run(process.execPath, call, { cwd: inProject(), env, maxBuffer: 1 << 26 });
  return JSON.parse(stdout);
}

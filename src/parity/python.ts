import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { UserError } from '../command/errors';
import { inProject } from '../files/paths';

/** The Python whose torch the addon is built against. */
export const torchPython = (): string =>
  readFileSync(inProject('src/torch/native/build/python'), 'utf8');

/**
 * Runs a script of src/parity/python, in the project's Python by default, and returns its output, parsed as JSON.
 * `input` goes to its standard input. Rejects with UserError if it fails.
 */
export function runPython<T>(
  script: string,
  args: readonly string[],
  { input = '', python = inProject('.venv/bin/python') } = {},
): Promise<T> {
  return new Promise((resolve, reject) => {
    const child = spawn(python, [inProject('src/parity/python', script), ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2', KERAS_BACKEND: 'tensorflow' },
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    child.on('error', reject);
    // A script that ends without reading everything says why on stderr.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(out));
      else
        reject(
          new UserError(`src/parity/python/${script} failed: ${err.trim().split('\n').pop()}`, 1),
        );
    });
  });
}

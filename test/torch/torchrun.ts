import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { promisify } from 'node:util';
import { inProject } from '../../src/files/paths';
import { askPython, pythonPath } from '../python';

const run = promisify(execFile);

/** Each restart has a store of its own: in one that is shared, processes find the addresses of those that have died. */
const env = { ...process.env, TORCH_DISABLE_SHARE_RDZV_TCP_STORE: '1' };

const program = (name: string) => (isAbsolute(name) ? name : `test/torch/programs/${name}`);

/** What a program of `programs/` prints, in JavaScript, that PyTorch's torchrun starts with the options given. */
export async function torchrun(
  options: readonly string[],
  file: string,
  ...args: string[]
): Promise<unknown> {
  const call = ['-m', 'torch.distributed.run', '--standalone', ...options, '--no-python'];
  const { stdout } = await run(pythonPath, [...call, process.execPath, program(file), ...args], {
    cwd: inProject(),
    env,
    maxBuffer: 1 << 26,
  });
  return stdout && JSON.parse(stdout);
}

/** The same in Python. */
export function pythonTorchrun(
  options: readonly string[],
  file: string,
  ...args: string[]
): unknown {
  const main = 'import sys; from torch.distributed.run import main; main(sys.argv[1:])';
  const call = ['-c', main, '--standalone', ...options, program(file), ...args];
  const printed = askPython(call, { env, input: readFileSync(inProject(program(file)), 'utf8') });
  return printed && JSON.parse(printed);
}

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors';
import { inProject } from '../paths';
import { jupyterEnvironment, venvBin } from './jupyter';
import { endProcess } from './processes';

/** What every call of nbconvert needs to know. */
export interface NbconvertCall {
  /** An existing folder for what the call leaves beside its result. */
  workFolder: string;
  /** Further environment variables, which the kernel inherits. */
  environment?: Record<string, string>;
  /** Ends the call, with the signal's reason as the error. */
  signal?: AbortSignal;
  /** Shows nbconvert's own log on stderr. */
  verbose?: boolean;
}

/** nbconvert ended with an error, or was ended. */
export class NbconvertError extends UserError {
  constructor(
    message: string,
    /** nbconvert's exit code: 1 for an exception, 2 for a wrong call, 255 for no notebook. */
    readonly code: number | null,
    /** Everything that nbconvert wrote to stderr. */
    readonly log: string,
  ) {
    super(message, 2);
  }
}

/**
 * Runs a notebook in a kernel, in the notebook's own folder, and writes the executed copy.
 *
 * Failing cells do not end the call (`--allow-errors`): nbconvert writes nothing at all where
 * they would. A cell that runs longer than `timeoutSeconds` is interrupted.
 * @throws NbconvertError where nothing was written: no such kernel, or the kernel died.
 */
export function executeNotebook(
  notebook: string,
  executed: { folder: string; name: string },
  options: { kernel: string; timeoutSeconds: number } & NbconvertCall,
): Promise<void> {
  return nbconvert(
    [
      '--to=notebook',
      '--execute',
      '--allow-errors',
      `--ExecutePreprocessor.kernel_name=${options.kernel}`,
      `--ExecutePreprocessor.timeout=${options.timeoutSeconds}`,
      '--ExecutePreprocessor.interrupt_on_timeout=True',
      '--ExecutePreprocessor.record_timing=False',
      `--output-dir=${executed.folder}`,
      `--output=${executed.name}`,
      notebook,
    ],
    options,
  );
}

/**
 * Turns notebooks into HTML pages of the same names in `folder`.
 * @throws NbconvertError where a notebook could not be rendered.
 */
export function exportHtml(
  notebooks: readonly string[],
  folder: string,
  options: { templateFolder: string; template: string } & NbconvertCall,
): Promise<void> {
  return nbconvert(
    [
      '--to=html',
      `--template=${options.template}`,
      `--TemplateExporter.extra_template_basedirs=${options.templateFolder}`,
      `--TemplateExporter.extra_template_paths=${inProject('node_modules', 'plotly.js-cartesian-dist-min')}`,
      `--output-dir=${folder}`,
      ...notebooks,
    ],
    options,
  );
}

function nbconvert(args: readonly string[], call: NbconvertCall): Promise<void> {
  const python = venvBin('python');
  if (!existsSync(python)) {
    throw new UserError('.venv/bin/python is missing; run `npm run doctor` to see what to do.');
  }
  call.signal?.throwIfAborted();
  const child = spawn(python, ['-m', 'nbconvert', ...args], {
    cwd: call.workFolder,
    env: {
      ...jupyterEnvironment(),
      // Where a kernel that is killed leaves its connection file: it goes with the folder.
      JUPYTER_RUNTIME_DIR: join(call.workFolder, 'runtime'),
      ...call.environment,
    },
    // A group of its own, so that Ctrl-C reaches this process alone, which then ends the group.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const end = () => child.pid && endProcess(-child.pid);
  call.signal?.addEventListener('abort', end, { once: true });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
    if (call.verbose) process.stderr.write(text);
  });
  return new Promise<void>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => {
      call.signal?.removeEventListener('abort', end);
      if (call.signal?.aborted) reject(call.signal.reason);
      else if (code === 0) resolve();
      else reject(new NbconvertError(reasonIn(log, code), code, log));
    });
  });
}

/** nbconvert's failures in one line that says what to do. */
const reasonIn = (log: string, code: number | null): string => {
  const last = log.trim().split('\n').at(-1)?.trim() ?? '';
  const kernel = /NoSuchKernel: (?:No such kernel named )?(\S+)/.exec(log)?.[1];
  if (kernel) {
    return `The Jupyter kernel "${kernel}" is not installed; run \`npm run doctor\` to see what to do.`;
  }
  if (/No module named '?nbconvert/.test(log)) {
    return 'nbconvert is missing from .venv; run `npm run doctor` to see what to do.';
  }
  if (/DeadKernelError|Kernel died/.test(log)) return 'The kernel died.';
  if (code === null) return 'nbconvert was killed.';
  return `nbconvert failed with exit code ${code}${last ? `: ${last}` : ''}`;
};

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
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
    /** What was lost, where that is what happened: the kernel died, or nbconvert was killed. */
    readonly lost?: 'kernel' | 'nbconvert',
  ) {
    super(message, 2);
  }
}

/**
 * Runs a notebook in a kernel, in the notebook's own folder, and writes the executed copy.
 *
 * Failing cells do not end the call (`--allow-errors`): nbconvert writes nothing at all where
 * they would. A cell that runs longer than `timeoutSeconds` is interrupted. After each cell, and
 * when the kernel dies, `executed.soFar` in the same folder holds the notebook with all outputs up
 * to there.
 * @throws NbconvertError where nothing was written: no such kernel, or the kernel died.
 */
export function executeNotebook(
  notebook: string,
  executed: { folder: string; name: string; soFar: string },
  options: { kernel: string; timeoutSeconds: number } & NbconvertCall,
): Promise<void> {
  return nbconvert(
    [
      '--to=notebook',
      '--allow-errors',
      '--NotebookExporter.preprocessors=executor.KeepingExecutor',
      `--KeepingExecutor.so_far=${join(executed.folder, executed.soFar)}`,
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

/** The tags by which a notebook says what its pages leave out. */
const removals = [
  '--TagRemovePreprocessor.enabled=True',
  '--TagRemovePreprocessor.remove_cell_tags=remove-cell',
  '--TagRemovePreprocessor.remove_input_tags=remove-input',
  '--TagRemovePreprocessor.remove_all_outputs_tags=remove-output',
];

/** A template of our own: its name, and the folder that holds the folder of that name. */
export interface Template {
  name: string;
  folder: string;
}

/**
 * Turns notebooks into HTML pages of the same names in `folder`. Cells tagged `remove-cell`, the
 * code of those tagged `remove-input` and the outputs of those tagged `remove-output` are left out.
 * @throws NbconvertError where a notebook could not be rendered.
 */
export function exportHtml(
  notebooks: readonly string[],
  folder: string,
  options: { template: Template } & NbconvertCall,
): Promise<void> {
  return nbconvert(
    [
      '--to=pages.PageExporter',
      `--template=${options.template.name}`,
      `--TemplateExporter.extra_template_basedirs=${options.template.folder}`,
      `--TemplateExporter.extra_template_paths=${inProject('node_modules', 'plotly.js-cartesian-dist-min')}`,
      ...removals,
      `--output-dir=${folder}`,
      ...notebooks,
    ],
    options,
  );
}

/**
 * Turns notebooks into Markdown of the same names in `folder`, their images in `<name>_files`; tags
 * are heeded as in {@link exportHtml}.
 * @throws NbconvertError where a notebook could not be rendered.
 */
export function exportMarkdown(
  notebooks: readonly string[],
  folder: string,
  options: { template: Template } & NbconvertCall,
): Promise<void> {
  return nbconvert(
    [
      '--to=markdown',
      `--template=${options.template.name}`,
      `--TemplateExporter.extra_template_basedirs=${options.template.folder}`,
      ...removals,
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
  const child = spawn(python, [inProject('src/report/engine'), ...args], {
    cwd: call.workFolder,
    env: {
      ...jupyterEnvironment(),
      // Where a kernel that is killed leaves its connection file: it goes with the folder.
      JUPYTER_RUNTIME_DIR: join(call.workFolder, 'runtime'),
      // What ends with this process, even where it is killed.
      TANDEM_PARENT: String(process.pid),
      PYTHONDONTWRITEBYTECODE: '1',
      // Set where this runs inside a kernel; by it the run's own kernel is known.
      JPY_PARENT_PID: undefined,
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
    child.on('exit', async (code) => {
      call.signal?.removeEventListener('abort', end);
      // A kernel that lives on would hold the log open.
      await Promise.race([once(child, 'close'), sleep(300)]);
      if (call.signal?.aborted) reject(call.signal.reason);
      else if (code === 0) resolve();
      else reject(failureOf(code, log));
    });
  });
}

/** nbconvert's failures in one line that says what to do. */
const failureOf = (code: number | null, log: string): NbconvertError => {
  if (code === null) return new NbconvertError('nbconvert was killed.', code, log, 'nbconvert');
  const kernel = /NoSuchKernel: (?:No such kernel named )?(\S+)/.exec(log)?.[1];
  if (kernel) {
    const reason = `The Jupyter kernel "${kernel}" is not installed; run \`npm run doctor\` to see what to do.`;
    return new NbconvertError(reason, code, log);
  }
  if (/No module named '?nbconvert/.test(log)) {
    const reason = 'nbconvert is missing from .venv; run `npm run doctor` to see what to do.';
    return new NbconvertError(reason, code, log);
  }
  if (/DeadKernelError|Kernel died/.test(log)) {
    return new NbconvertError('The kernel died.', code, log, 'kernel');
  }
  const last = log.trim().split('\n').at(-1)?.trim() ?? '';
  const reason = `nbconvert failed with exit code ${code}${last ? `: ${last}` : ''}`;
  return new NbconvertError(reason, code, log);
};

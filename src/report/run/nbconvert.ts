import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { commandLine } from '../../command/command-line';
import { UserError } from '../../command/errors';
import { inProject } from '../../files/paths';
import { jupyterEnvironment, venvBin } from '../jupyter';
import { plotlyFolder } from '../pages/plotly-figures';
import { endProcess } from './processes';

/** Options for every call of nbconvert. */
export interface NbconvertCall {
  /** An existing folder for the call's other files. */
  workFolder: string;
  /** Further environment variables, which the kernel inherits. */
  environment?: Record<string, string>;
  /** Ends the call, with the signal's reason as the error. */
  signal?: AbortSignal;
  /** Shows nbconvert's own log on stderr. */
  verbose?: boolean;
}

/** nbconvert failed or was killed. */
export class NbconvertError extends UserError {
  constructor(
    message: string,
    /** The cause: the set-up, with which no notebook works, or this notebook. */
    readonly kind: 'set-up' | 'ports taken' | 'kernel died' | 'killed' | 'notebook',
  ) {
    super(message, 2);
  }
}

/** A run's input and output: files in the call's working folder. */
export interface ExecutionFiles {
  /** The notebook to run. */
  source: string;
  executed: string;
  /** The notebook with all outputs up to the last cell that ended or lost its kernel. */
  soFar: string;
  /** The run's events; a time-out is noted here before its interrupt. */
  events: string;
}

/**
 * Runs a notebook in a kernel that starts in `kernelFolder`, and writes the executed copy.
 *
 * Failing cells do not end the call (`--allow-errors`): otherwise nbconvert would write nothing. A cell that runs longer than `timeoutSeconds` is interrupted. `files.soFar` is written
 * after each cell, and when the kernel dies.
 * @throws NbconvertError if nothing was written: no such kernel, or the kernel died.
 */
export async function executeNotebook(
  files: ExecutionFiles,
  options: { kernel: string; kernelFolder: string; timeoutSeconds: number } & NbconvertCall,
  tries = 3,
): Promise<void> {
  try {
    await nbconvert(executionArguments(files, options), options);
  } catch (error) {
    // Jupyter chooses free ports before it starts the kernel; another kernel may take one meanwhile.
    const isTaken = error instanceof NbconvertError && error.kind === 'ports taken';
    if (!isTaken || tries === 1) throw error;
    await executeNotebook(files, options, tries - 1);
  }
}

const executionArguments = (
  files: ExecutionFiles,
  options: { kernel: string; kernelFolder: string; timeoutSeconds: number },
): string[] => [
  '--to=notebook',
  '--allow-errors',
  '--NotebookExporter.preprocessors=executor.KeepingExecutor',
  `--KeepingExecutor.so_far=${files.soFar}`,
  `--KeepingExecutor.events=${files.events}`,
  `--KeepingExecutor.folder=${options.kernelFolder}`,
  `--ExecutePreprocessor.kernel_name=${options.kernel}`,
  `--ExecutePreprocessor.timeout=${options.timeoutSeconds}`,
  '--ExecutePreprocessor.interrupt_on_timeout=True',
  // On a busy machine a kernel starts, and its output arrives, later than nbconvert expects.
  '--ExecutePreprocessor.startup_timeout=600',
  '--ExecutePreprocessor.iopub_timeout=60',
  '--ExecutePreprocessor.record_timing=False',
  '--output-dir=.',
  `--output=${files.executed}`,
  files.source,
];

/** The tags that mark what pages leave out. */
const removals = [
  '--TagRemovePreprocessor.enabled=True',
  '--TagRemovePreprocessor.remove_cell_tags=remove-cell',
  '--TagRemovePreprocessor.remove_input_tags=remove-input',
  '--TagRemovePreprocessor.remove_all_outputs_tags=remove-output',
];

/** A template of ours: its name, and the parent of the folder of that name. */
export interface Template {
  name: string;
  folder: string;
}

/** The outcome of exporting a notebook. */
export interface Exported {
  /** The notebook's name: its file's, without `.ipynb`. */
  name: string;
  /** Why nothing was written. */
  failure?: string;
  /** Notes about the written page for its reader. */
  notes: Note[];
}

interface Note {
  /** The cell that it is about, Markdown cells counted too: `2 of 7`. */
  cell: string;
  text: string;
}

/**
 * Turns `<name>.ipynb` of the working folder into HTML pages beside them. Cells tagged `remove-cell`,
 * the code of those tagged `remove-input` and the outputs of those tagged `remove-output` are left
 * out. A notebook that can't be exported doesn't stop the others.
 */
export function exportHtml(
  names: readonly string[],
  options: { template: Template } & NbconvertCall,
): Promise<Exported[]> {
  return exportEach(
    ['--to=pages.PageExporter', `--TemplateExporter.extra_template_paths=${plotlyFolder}`],
    names,
    options,
  );
}

/**
 * Turns `<name>.ipynb` of the working folder into Markdown beside them, the images in `<name>_files`;
 * tags work as in {@link exportHtml}.
 */
export function exportMarkdown(
  names: readonly string[],
  options: { template: Template } & NbconvertCall,
): Promise<Exported[]> {
  return exportEach(['--to=markdown'], names, options);
}

const exportEach = async (
  format: readonly string[],
  names: readonly string[],
  options: { template: Template } & NbconvertCall,
): Promise<Exported[]> => {
  const { template, workFolder } = options;
  const args = [
    ...format,
    `--template=${template.name}`,
    `--TemplateExporter.extra_template_basedirs=${template.folder}`,
    ...removals,
    '--output-dir=.',
  ];
  const call = (some: readonly string[]) =>
    nbconvert([...args, ...some.map((name) => `./${name}.ipynb`)], options).catch((error) => {
      if (!(error instanceof NbconvertError) || error.kind === 'set-up') throw error;
      return error.message;
    });
  const outcomeOf = (name: string): Exported | undefined => {
    const file = join(workFolder, `${name}.ipynb.outcome.json`);
    if (!existsSync(file)) return undefined;
    return { name, notes: [], ...JSON.parse(readFileSync(file, 'utf8')) };
  };
  await call(names);
  const all: Exported[] = [];
  for (const name of names) {
    // A notebook that crashed nbconvert has no outcome; those after it are exported one by one.
    const failure = outcomeOf(name) ? undefined : await call([name]);
    all.push(outcomeOf(name) ?? { name, failure: failure ?? 'nothing was written', notes: [] });
  }
  return all;
};

function nbconvert(args: readonly string[], call: NbconvertCall): Promise<void> {
  const python = venvBin('python');
  if (!existsSync(python)) {
    throw new UserError(
      `.venv/bin/python is missing; run \`${commandLine('doctor')}\` to see what to do.`,
    );
  }
  call.signal?.throwIfAborted();
  const child = spawn(python, [inProject('src/report/engine'), ...args], {
    cwd: call.workFolder,
    env: {
      ...jupyterEnvironment(),
      // A killed kernel leaves its connection file here; it is deleted with the folder.
      JUPYTER_RUNTIME_DIR: join(call.workFolder, 'runtime'),
      // nbconvert ends with this process, even if it is killed.
      TANDEM_PARENT: String(process.pid),
      PYTHONDONTWRITEBYTECODE: '1',
      // Set when this runs inside a kernel; it identifies the run's own kernel.
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
      // A surviving kernel would hold the log open. What nbconvert wrote is read in one more turn of the event loop.
      await Promise.race([once(child, 'close'), sleep(300).then(() => turn())]);
      if (call.signal?.aborted) reject(call.signal.reason);
      else if (code === 0) resolve();
      else reject(failureOf(code, log));
    });
  });
}

/** nbconvert's failure in one line that says what to do. */
const failureOf = (code: number | null, log: string): NbconvertError => {
  if (code === null) return new NbconvertError('nbconvert was killed', 'killed');
  const kernel = /NoSuchKernel: (?:No such kernel named )?(\S+)/.exec(log)?.[1];
  if (kernel) {
    const reason = `The Jupyter kernel "${kernel}" is not installed; run \`${commandLine('doctor')}\` to see what to do.`;
    return new NbconvertError(reason, 'set-up');
  }
  const missing = /(?:ModuleNotFoundError: No module named|ImportError:) (.+)/.exec(log)?.[1];
  if (missing) {
    const reason = `.venv lacks a part (${missing}); run \`${commandLine('doctor')}\` to see what to do.`;
    return new NbconvertError(reason, 'set-up');
  }
  if (/The kernel can't open its channels/.test(log)) {
    return new NbconvertError('The kernel found its ports taken.', 'ports taken');
  }
  if (/DeadKernelError|Kernel died/.test(log)) {
    return new NbconvertError('The kernel died.', 'kernel died');
  }
  const last = log.trim().split('\n').at(-1)?.trim() ?? '';
  const reason = `nbconvert failed with exit code ${code}${last ? `: ${last}` : ''}`;
  return new NbconvertError(reason, 'notebook');
};

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { commandLine } from '../../command/command-line';
import { UserError } from '../../command/errors';
import { inProject } from '../../files/paths';
import { type Stack, stacks } from './stacks';

/** The task of a process. */
export interface Plan {
  /** The folder of the images, as `writeImages` writes them. */
  readonly folder: string;
  /** When the process was started, in seconds since 1970. */
  readonly started: number;
  readonly seed: number;
  /** The accuracy is measured after each chunk of this many images. */
  readonly chunkImages: number;
  readonly chunks: number;
  /** Training ends early if the goal is reached, but not before this many chunks. */
  readonly leastChunks: number;
  readonly validationImages: number;
  /** A share of the validation images. */
  readonly goal: number;
  /** The names of the mistakes to make at the end. */
  readonly mistakes: readonly string[];
}

/** The result of a mistake: an error's class and message, or none, and the loss if training continued. */
export interface Mistake {
  readonly error: string | null;
  readonly loss: number | null;
}

/** A process's measurements. */
export interface Measured {
  /** Seconds from the start of the process to the first tensor. */
  readonly startUp: number;
  /** Memory at that time, in MB (2²⁰ bytes). */
  readonly startMemory: number;
  /** Peak memory until the training's end, in MB. */
  readonly peakMemory: number;
  readonly chunks: readonly { readonly seconds: number; readonly accuracy: number }[];
  readonly mistakes: Readonly<Record<string, Mistake>>;
  /** The process's processor time in seconds. */
  readonly processor: number;
}

/** A process's measurements, and how busy the machine was meanwhile. */
export interface Watched extends Measured {
  /** The share of processor time that other work took. */
  readonly others: number;
}

/** A file that a stack needs. Throws UserError if it is missing. */
export function needed(path: string): string {
  if (existsSync(path)) return path;
  throw new UserError(`${path} is missing: ${commandLine('doctor')} shows the fix.`);
}

const python = () => needed(inProject('.venv/bin/python'));
const typescript = () => needed(inProject('dist/src/experiments/choosing/measure.js'));

/** Throws UserError if Python or the build is missing. */
export const checkLanguages = () => void [python(), typescript()];

/** The line of a failed process's output that says what went wrong. */
function causeIn(words: string): string | undefined {
  const lines = words.trim().split('\n');
  return lines.findLast((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1);
}

/** Total busy time of the machine's processors since it was started, in seconds. */
const worked = (): number =>
  cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) /
  1000;

/**
 * Runs one stack in its own process, following a plan. Rejects with UserError if it fails, and with
 * the signal's reason if aborted.
 */
export function measure(
  stack: Stack,
  plan: Omit<Plan, 'started'>,
  signal?: AbortSignal,
): Promise<Watched> {
  const { framework, language, name } = stacks[stack];
  const [command, script] =
    language === 'python'
      ? [python(), inProject('src/experiments/choosing/measure.py')]
      : [process.execPath, typescript()];
  // The kernel's own settings don't apply to other processes.
  const { NODE_OPTIONS: _, ...env } = process.env;
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const before = worked();
    const whole: Plan = { ...plan, started: Date.now() / 1000 };
    const child = spawn(command, [script, framework, JSON.stringify(whole)], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...env, TF_CPP_MIN_LOG_LEVEL: '3', KERAS_BACKEND: 'tensorflow' },
      signal,
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (text) => {
      out += text;
    });
    child.stderr.on('data', (text) => {
      err += text;
    });
    child.on('error', (error) => reject(signal?.aborted ? signal.reason : error));
    child.on('close', (code) => {
      if (code === 0) {
        const measured: Measured = JSON.parse(out.trim().split('\n').at(-1)!);
        const seconds = (Date.now() / 1000 - whole.started) * cpus().length;
        const others = Math.max(0, worked() - before - measured.processor) / seconds;
        resolve({ ...measured, others });
      } else reject(new UserError(`${name} failed: ${causeIn(err) || code}`, 1));
    });
  });
}

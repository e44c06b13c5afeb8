import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { UserError } from '../../errors';
import { inProject } from '../../paths';
import { type Stack, stacks } from './stacks';

/** What a process is to do. */
export interface Plan {
  /** Where the images lie, as `writeImages` leaves them. */
  readonly folder: string;
  /** When the process was started, in seconds since 1970. */
  readonly started: number;
  readonly seed: number;
  /** The training is looked at after each chunk of so many images. */
  readonly chunkImages: number;
  readonly chunks: number;
  /** Ends before the last chunk where the goal is reached, but not before so many. */
  readonly leastChunks: number;
  readonly validationImages: number;
  /** A share of the validation images. */
  readonly goal: number;
  /** The names of the mistakes to make at the end. */
  readonly mistakes: readonly string[];
}

/** What a mistake led to: an error's class and message, or none, and the loss of what went on. */
export interface Mistake {
  readonly error: string | null;
  readonly loss: number | null;
}

/** What a process measured of itself. */
export interface Measured {
  /** Seconds from the start of the process to the first tensor. */
  readonly startUp: number;
  /** What the process holds then, in MB (2²⁰ bytes). */
  readonly startMemory: number;
  /** The most that it held until the training's end, in MB. */
  readonly peakMemory: number;
  readonly chunks: readonly { readonly seconds: number; readonly accuracy: number }[];
  readonly mistakes: Readonly<Record<string, Mistake>>;
  /** Seconds of the processors' time that the process has taken. */
  readonly processor: number;
}

/** What a process measured, and how quiet the machine was meanwhile. */
export interface Watched extends Measured {
  /** The share of the processors' time that other work has taken. */
  readonly others: number;
}

/** A file without which a stack can't run. Throws UserError where it is missing. */
export function needed(path: string): string {
  if (existsSync(path)) return path;
  throw new UserError(`${path} is missing: npm run doctor shows the fix.`);
}

const python = () => needed(inProject('.venv/bin/python'));
const typescript = () => needed(inProject('dist/src/compare/choosing/measure.js'));

/** Throws UserError where Python or the build is missing. */
export const checkLanguages = () => void [python(), typescript()];

/** The line of a failed process's last words that says what went wrong. */
function causeIn(words: string): string | undefined {
  const lines = words.trim().split('\n');
  return lines.findLast((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1);
}

/** Seconds for which the machine's processors have worked since it was started, all together. */
const worked = (): number =>
  cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) /
  1000;

/**
 * Runs one stack by a plan in a process of its own. Rejects with UserError where it fails, and with
 * the signal's reason when aborted.
 */
export function measure(
  stack: Stack,
  plan: Omit<Plan, 'started'>,
  signal?: AbortSignal,
): Promise<Watched> {
  const { framework, language, name } = stacks[stack];
  const [command, script] =
    language === 'python'
      ? [python(), inProject('src/compare/choosing/measure.py')]
      : [process.execPath, typescript()];
  // The kernel's own settings are not for others.
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

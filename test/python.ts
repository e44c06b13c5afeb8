import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inProject, projectRoot } from '../src/files/paths';
import './outside';

export const pythonPath = inProject('.venv/bin/python');

interface Call {
  readonly input?: string;
  /** The environment; that of the tests by default. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The framework that is loaded before: the call runs in a fork of a process that has it. */
  readonly framework?: 'torch' | 'tensorflow';
  /** An empty folder that it writes files into, which are part of the answer. */
  readonly folder?: string;
}

/**
 * What Python prints when it is called with these arguments: `-c` and a program, or a file, and the program's own.
 * Answers are kept in build/python-answers, by all that they depend on, and given again; with `TANDEM_TEST_CACHE=0`
 * Python is asked each time. A program that names a file of its own making is always asked.
 * @throws Error with what Python wrote to stderr, if it fails.
 */
export function askPython(args: readonly string[], call: Call = {}): string {
  const key = keyOf(args, call);
  const kept = key && join(answers, key);
  const files = `${kept}.files`;
  if (kept && existsSync(kept)) {
    if (call.folder) cpSync(files, call.folder, { recursive: true });
    return readFileSync(kept, 'utf8');
  }
  const answer = call.framework ? forked(args, call) : started(args, call);
  if (kept) {
    if (call.folder) cpSync(call.folder, files, { recursive: true });
    keep(kept, answer);
  }
  return answer;
}

/** Writes an answer's file, which is there whole or not at all. */
export function keep(file: string, answer: string | Uint8Array): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.${process.pid}.tmp`, answer);
  renameSync(`${file}.${process.pid}.tmp`, file);
}

export const answers = inProject('build/python-answers');

/** Variables that change what frameworks compute, or which files Python loads. */
const relevant =
  /^(ATEN|MKL|ONEDNN|DNNL|TF|XLA|OMP|KMP|GOMP|OPENBLAS|TORCH|PYTORCH|PYTHON|KERAS|CUDA|GLIBC|LD|LC|LANG)(_|$)|^PYTHON/;

/** What an answer depends on, as a name; undefined where it depends on files that a test makes. */
function keyOf(all: readonly string[], { input = '', env = process.env, folder }: Call) {
  const args = folder ? all.map((text) => text.replaceAll(folder, '<folder>')) : all;
  const [file, program] = args;
  const own = file === '-c' ? program! : '';
  const said = [own, input, ...args.slice(own ? 2 : 1)];
  if (process.env.TANDEM_TEST_CACHE === '0') return undefined;
  if (said.some((text) => text.includes(tmpdir()) || text.includes(projectRoot))) return undefined;
  return digest([...args, ...[input, ...surroundings(env)], ...(own ? [] : sourcesBeside(file!))]);
}

/** Of texts and bytes, as a name. */
export function digest(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length} `).update(part);
  return hash.digest('hex');
}

/** What each of Python's answers depends on: the processor, the packages and some variables. */
export const surroundings = (env: NonNullable<Call['env']> = process.env): string[] => [
  ...machine(),
  ...Object.entries(env)
    .filter(([name]) => relevant.test(name))
    .map(([name, value]) => `${name}=${value}`)
    .sort(),
];

let known: readonly string[] | undefined;

/** The processor, and every package of Python with its version. */
function machine(): readonly string[] {
  if (known) return known;
  const processor = readFileSync('/proc/cpuinfo', 'utf8').match(/^(model name|flags)\s*:.*$/gm);
  const library = inProject('.venv/lib');
  const packages = readdirSync(library)
    .flatMap((python) => [python, ...readdirSync(join(library, python, 'site-packages'))])
    .filter((name) => /^python|\.dist-info$/.test(name));
  const versions = [process.platform, String(availableParallelism()), ...packages.sort()];
  known = [...new Set(processor), ...versions];
  return known;
}

/** A program's file and the Python files beside and below it, which it may import. */
export const sourcesBeside = (file: string): string[] =>
  readdirSync(dirname(file), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.py'))
    .sort()
    .map((name) => name + readFileSync(join(dirname(file), name), 'utf8'));

const started = (args: readonly string[], { input, env }: Call): string =>
  execFileSync(pythonPath, args, {
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: env ?? process.env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });

/** The same in a fork of a process that has the framework loaded, one for each of jest's workers. */
function forked(args: readonly string[], call: Call): string {
  const answer = answerOf(args, call) ?? answerOf(args, call);
  if (!answer) throw new Error(`the process that has ${call.framework} loaded ends: ${args}`);
  const { code, out, err } = answer;
  if (code !== '0') throw new Error(`Python failed (${code}): ${err}`);
  return out;
}

/** What a server says; undefined where it has ended, or was about to. */
function answerOf(args: readonly string[], call: Call) {
  const server = serverFor(call);
  const folder = mkdtempSync(join(server.folder, 'call-'));
  // Held open, so that the call waits there for a server that still starts.
  const pipe = openSync(join(server.folder, 'calls'), constants.O_RDWR);
  try {
    writeFileSync(join(folder, 'input'), call.input ?? '');
    writeFileSync(join(folder, 'call.json'), JSON.stringify({ args, cwd: process.cwd() }));
    writeSync(pipe, `${folder}\n`);
    while (!existsSync(join(folder, 'code'))) {
      if (!alive(server.pid)) return undefined;
      pause();
    }
    const read = (name: string) => readFileSync(join(folder, name), 'utf8');
    return { code: read('code'), out: read('out'), err: read('err') };
  } finally {
    closeSync(pipe);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Waits for some milliseconds without giving others their turn. */
const pause = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3);

function alive(pid: number): boolean {
  try {
    // A process that has ended and that nobody has waited for is still there, as a zombie.
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** What a server loads. Optimizers import torch._dynamo when they are first called, which takes as long as torch itself. */
const modules = { torch: ['torch', 'torch._dynamo'], tensorflow: ['tensorflow'] };

/** The server of this worker, which lives until the worker ends; several test files use it. */
function serverFor({ framework, env = process.env }: Call): { folder: string; pid: number } {
  const variables = Object.entries(env).filter(([name]) => relevant.test(name));
  const kind = createHash('sha256').update(JSON.stringify(variables.sort())).digest('hex');
  const folder = join(tmpdir(), `tandem-python-${framework}-${kind.slice(0, 8)}-${process.pid}`);
  const note = join(folder, 'pid');
  if (existsSync(note)) {
    const pid = Number(readFileSync(note, 'utf8'));
    if (alive(pid)) return { folder, pid };
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  execFileSync('mkfifo', [join(folder, 'calls')]);
  const server = [inProject('test/python-server.py'), folder, ...modules[framework!]];
  const child = spawn(pythonPath, server, { env: env as NodeJS.ProcessEnv, stdio: 'ignore' });
  child.unref();
  writeFileSync(note, String(child.pid));
  return { folder, pid: child.pid! };
}

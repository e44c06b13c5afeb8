import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { median } from 'simple-statistics';
import { inProject } from '../files/paths';
import type { Outcome } from './outcome';

/** One workload's times, in seconds a round, and their ratio. */
export interface Result {
  readonly workload: string;
  readonly python: number[];
  readonly typescript: number[];
  /** Median over the rounds of Python's time / ours. */
  readonly ratio: number;
  /** The same of the time that processors were busy, which other programs on the machine change less. */
  readonly processorRatio?: number;
  /** Whether both sides computed the same bits, where the workload tells. */
  readonly equal?: boolean;
  /** The same work in torch.compile and in tfjs. */
  readonly peers?: readonly Peer[];
}

/** Another engine that does the work of Python and TypeScript. */
interface Peer {
  readonly name: string;
  /** Seconds a round. */
  readonly times: number[];
  /** Median over the rounds of Python's time / the peer's. */
  readonly ratio?: number;
  /** Why it does not run on this machine. */
  readonly problem?: string;
}

const python = inProject('.venv/bin/python');
const pythonWorkloads = inProject('src/bench/workloads.py');

const run = promisify(execFile);

async function outcomeOf(command: string, args: string[], settings = {}): Promise<Outcome> {
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2', ...settings };
  const { stdout } = await run(command, args, { env, maxBuffer: 1 << 24 });
  return JSON.parse(stdout.trim().split('\n').pop()!);
}

type Side = () => Promise<Outcome>;

/** The engines beside the two, by workload: the article's models. */
function peersOf(workload: string, cache: string): Record<string, Side> {
  if (workload !== 'article-step' && workload !== 'model-28') return {};
  return {
    'torch.compile': () =>
      outcomeOf(python, [pythonWorkloads, workload, '--compile'], {
        TORCHINDUCTOR_CACHE_DIR: cache,
      }),
    tfjs: () => outcomeOf(process.execPath, [`${__dirname}/tfjs.js`, workload]),
  };
}

/** The line of a failed program that says what is wrong. */
function problemOf({ stderr = '', message = '' }: { stderr?: string; message?: string }): string {
  const errors = stderr.match(/^[\w.]*(?:Error|Exception): .*$/gm);
  return errors?.at(-1) ?? message.split('\n')[0]!;
}

/** Both sides of a workload and its peers in turn, each in its own process. */
export async function measure(workload: string, rounds: number): Promise<Result> {
  const cache = await mkdtemp(join(tmpdir(), 'tandem-bench-'));
  const inPython = () => outcomeOf(python, [pythonWorkloads, workload]);
  const inTypeScript = () => outcomeOf(process.execPath, [`${__dirname}/workloads.js`, workload]);
  const peers = peersOf(workload, cache);
  const outcomes = { python: [] as Outcome[], typescript: [] as Outcome[] };
  const peerTimes = Object.fromEntries(Object.keys(peers).map((name) => [name, [] as number[]]));
  const problems: Record<string, string> = {};
  try {
    for (let round = 0; round < rounds; round++) {
      // The order alternates, since machines get slower and faster.
      if (round % 2 === 0) outcomes.python.push(await inPython());
      outcomes.typescript.push(await inTypeScript());
      if (round % 2 === 1) outcomes.python.push(await inPython());
      for (const [name, side] of Object.entries(peers)) {
        if (problems[name]) continue;
        try {
          peerTimes[name]!.push((await side()).seconds);
        } catch (error) {
          problems[name] = problemOf(error as Error);
        }
      }
    }
  } finally {
    await rm(cache, { recursive: true, force: true });
  }
  const [pythonTimes, ourTimes] = [outcomes.python, outcomes.typescript].map((side) =>
    side.map(({ seconds }) => seconds),
  ) as [number[], number[]];
  const digests = new Set([...outcomes.python, ...outcomes.typescript].map(({ digest }) => digest));
  return {
    ...withRatio({ workload, python: pythonTimes, typescript: ourTimes }),
    processorRatio: ratioOf(
      outcomes.python.map(({ processor }) => processor),
      outcomes.typescript.map(({ processor }) => processor),
    ),
    ...(!digests.has(undefined) && { equal: digests.size === 1 }),
    ...(Object.keys(peers).length > 0 && {
      peers: Object.entries(peerTimes).map(([name, times]) => ({
        name,
        times,
        ...(problems[name] ? { problem: problems[name] } : { ratio: ratioOf(pythonTimes, times) }),
      })),
    }),
  };
}

const ratioOf = (of: number[], to: number[]): number =>
  median(of.map((seconds, i) => seconds / to[i]!));

export const withRatio = (times: Omit<Result, 'ratio'>): Result => ({
  ...times,
  ratio: ratioOf(times.python, times.typescript),
});

/** A result in a line, and one for each peer. */
export function linesOf({
  workload,
  python,
  typescript,
  ratio,
  processorRatio,
  equal,
  peers = [],
}: Result): string[] {
  const processor = processorRatio ? ` (${processorRatio.toFixed(2)} of processor time)` : '';
  const different = equal === false ? '; the results are not equal to the last bit' : '';
  return [
    `${workload.padEnd(18)} Python ${median(python).toFixed(3)} s, TypeScript ` +
      `${median(typescript).toFixed(3)} s, ratio ${ratio.toFixed(2)}${processor}${different}`,
    ...peers.map(({ name, times, ratio: ahead, problem }) =>
      problem
        ? `  ${name.padEnd(16)} does not run here: ${problem}`
        : `  ${name.padEnd(16)} ${median(times).toFixed(3)} s, ${ahead!.toFixed(2)} times as fast as Python's eager`,
    ),
  ];
}

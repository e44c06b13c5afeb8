import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { inProject } from '../files/paths';

/** Seconds that a user waits in a notebook, by action. */
type Times = Readonly<Record<string, number>>;

export interface KernelResult {
  /** `kernel start`, `first-cell` with both frameworks' imports, `next-cell`, `late-cell`, `complete`. */
  readonly workload: string;
  /** Of ipykernel, seconds a round. */
  readonly python: number[];
  /** Of ours. */
  readonly typescript: number[];
}

const run = promisify(execFile);

async function timesOf(kernel: string): Promise<Times> {
  const python = inProject('.venv/bin/python');
  const { stdout } = await run(python, [inProject('src/bench/kernel.py'), kernel]);
  return JSON.parse(stdout.trim().split('\n').pop()!);
}

/** Our kernel and ipykernel in turn, each driven by Jupyter's own client. */
export async function measureKernel(rounds: number): Promise<KernelResult[]> {
  const python: Times[] = [];
  const typescript: Times[] = [];
  for (let round = 0; round < rounds; round++) {
    python.push(await timesOf('python3'));
    typescript.push(await timesOf('tandem'));
  }
  return Object.keys(typescript[0]!).map((name) => ({
    workload: `kernel ${name}`,
    python: python.map((times) => times[name]!),
    typescript: typescript.map((times) => times[name]!),
  }));
}

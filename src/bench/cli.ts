import { execFile } from 'node:child_process';
import { cpus } from 'node:os';
import { promisify } from 'node:util';
import { median } from 'simple-statistics';
import { readArguments, wholeNumber } from '../command/arguments';
import { UserError } from '../command/errors';
import { inProject } from '../files/paths';
import { type HeadlessResult, measureHeadless } from './headless';
import { measureKernel } from './kernel';
import { type MemoryResult, measureMemory } from './memory';
import { workloadNames } from './workloads';

/** Workloads that run only if `--workload` names them. */
const named = ['memory', 'headless', 'kernel'];

/** One workload's times, in seconds a round, and their ratio. */
interface Result {
  readonly workload: string;
  readonly python: number[];
  readonly typescript: number[];
  /** Median over the rounds of Python's time / ours. */
  readonly ratio: number;
}

const run = promisify(execFile);

async function secondsOf(command: string, args: string[]): Promise<number> {
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' };
  const { stdout } = await run(command, args, { env, maxBuffer: 1 << 24 });
  return JSON.parse(stdout.trim().split('\n').pop()!).seconds;
}

async function measure(workload: string, rounds: number): Promise<Result> {
  const python: number[] = [];
  const typescript: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const inPython = () =>
      secondsOf(inProject('.venv/bin/python'), [inProject('src/bench/workloads.py'), workload]);
    const inTypeScript = () => secondsOf(process.execPath, [`${__dirname}/workloads.js`, workload]);
    // The order alternates, since machines get slower and faster.
    if (round % 2 === 0) {
      python.push(await inPython());
      typescript.push(await inTypeScript());
    } else {
      typescript.push(await inTypeScript());
      python.push(await inPython());
    }
  }
  return withRatio({ workload, python, typescript });
}

function withRatio(times: Omit<Result, 'ratio'>): Result {
  const { python, typescript } = times;
  return { ...times, ratio: median(python.map((seconds, i) => seconds / typescript[i]!)) };
}

function parse(argv: string[]) {
  return readArguments('bench', {
    args: argv,
    options: {
      workload: { type: 'string', multiple: true },
      rounds: { type: 'string', default: '5' },
      json: { type: 'boolean' },
      verbose: { type: 'boolean' },
    },
  }).values;
}

/** `npm run bench`. */
export async function main(argv: string[]): Promise<number> {
  const values = parse(argv);
  const rounds = wholeNumber('rounds', values.rounds, 1);
  const chosen = values.workload ?? workloadNames;
  const unknown = chosen.find((name) => ![...workloadNames, ...named].includes(name));
  if (unknown) {
    throw new UserError(
      `Unknown workload '${unknown}'. Choose ${[...workloadNames, ...named].join(', ')}.`,
    );
  }
  const results: (Result | MemoryResult | HeadlessResult)[] = [];
  for (const workload of chosen) {
    if (workload === 'memory') {
      results.push(...(await measureMemory((line) => console.error(line))));
      continue;
    }
    if (workload === 'headless') {
      const result = await measureHeadless(rounds, median);
      results.push(result);
      const { script, notebook, overhead, processorOverhead, start } = result;
      console.error(
        `headless         script ${median(script.training).toFixed(3)} s, notebook ` +
          `${median(notebook.training).toFixed(3)} s, overhead ${(100 * overhead).toFixed(1)} % ` +
          `(${(100 * processorOverhead).toFixed(1)} % of processor time), starting costs ${start.toFixed(1)} s more`,
      );
      continue;
    }
    const found =
      workload === 'kernel'
        ? (await measureKernel(rounds)).map(withRatio)
        : [await measure(workload, rounds)];
    results.push(...found);
    for (const { workload: name, python, typescript, ratio } of found) {
      console.error(
        `${name.padEnd(18)} Python ${median(python).toFixed(3)} s, TypeScript ` +
          `${median(typescript).toFixed(3)} s, ratio ${ratio.toFixed(2)}`,
      );
    }
  }
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}`;
  if (values.json) console.log(JSON.stringify({ machine, rounds, results }, null, 1));
  return 0;
}

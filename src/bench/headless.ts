/**
 * The overhead of a headless notebook over a plain script: `node headless.js` trains with the article's
 * PyTorch recipe, as src/bench/headless.ipynb does, and prints the time and the losses.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadMnist } from '../data';
import { inProject } from '../files/paths';
import { fitPyTorch } from '../training/pytorch';
import { pytorchRecipe } from '../training/recipe';

/** One way of running, in seconds a round. */
interface Times {
  /** The training alone. */
  readonly training: number[];
  /** The training's processor time, which other work on the machine hardly affects. */
  readonly processor: number[];
  /** From the start of the process to its end. */
  readonly whole: number[];
}

export interface HeadlessResult {
  readonly workload: 'headless';
  readonly script: Times;
  readonly notebook: Times;
  /** Median over the rounds of how much longer the training takes in the notebook: 0.02 is 2 %. */
  readonly overhead: number;
  /** The same of the processors' time. */
  readonly processorOverhead: number;
  /** Median of the additional time to start and end, in seconds, which doesn't depend on the training. */
  readonly start: number;
}

/** The times and losses of one run. */
interface Run {
  readonly training: number;
  readonly processor: number;
  readonly whole: number;
  /** The losses, as JSON: both must be the same. */
  readonly losses: string;
}

const run = promisify(execFile);

async function plainScript(): Promise<Run> {
  const start = performance.now();
  const { stdout } = await run(process.execPath, [__filename]);
  const whole = (performance.now() - start) / 1000;
  const { losses, ...times } = JSON.parse(stdout.trim().split('\n').at(-1)!);
  return { ...times, whole, losses: JSON.stringify(losses) };
}

/** The training is the second cell; the report's own set-up and its pages are not counted. */
async function notebook(): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-bench-'));
  try {
    const report = JSON.stringify(inProject('dist/src/report/cli'));
    const { stdout } = await run(process.execPath, [
      ...['-e', `require(${report}).main(process.argv.slice(1))`, '--'],
      ...['--force', '--json', '--output', folder, inProject('src/bench/headless.ipynb')],
    ]);
    const events: { event: string; cell?: number; seconds: number }[] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const training = events.find(({ event, cell }) => event === 'cell-end' && cell === 2)!.seconds;
    const whole = events.find(({ event }) => event === 'notebook-end')!.seconds;
    const { cells } = JSON.parse(readFileSync(join(folder, 'headless.ipynb'), 'utf8'));
    const { processor, losses } = JSON.parse([cells.at(-1).outputs[0].text].flat().join(''));
    return { training, processor, whole, losses: JSON.stringify(losses) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const times = (runs: readonly Run[]): Times => ({
  training: runs.map(({ training }) => training),
  processor: runs.map(({ processor }) => processor),
  whole: runs.map(({ whole }) => whole),
});

/** Runs both in turn. Rejects if the notebook's losses differ from the script's. */
export async function measureHeadless(
  rounds: number,
  median: (values: number[]) => number,
): Promise<HeadlessResult> {
  const runs: [script: Run, notebook: Run][] = [];
  for (let round = 0; round < rounds; round++) {
    // The order alternates, since machines get slower and faster.
    const first = round % 2 === 0 ? await plainScript() : await notebook();
    const second = round % 2 === 0 ? await notebook() : await plainScript();
    if (first.losses !== second.losses) {
      throw new Error(`the notebook trains differently: ${first.losses} and ${second.losses}`);
    }
    runs.push(round % 2 === 0 ? [first, second] : [second, first]);
  }
  const rest = ({ whole, training }: Run) => whole - training;
  return {
    workload: 'headless',
    script: times(runs.map(([script]) => script)),
    notebook: times(runs.map(([, notebook]) => notebook)),
    overhead: median(runs.map(([a, b]) => b.training / a.training)) - 1,
    processorOverhead: median(runs.map(([a, b]) => b.processor / a.processor)) - 1,
    start: median(runs.map(([a, b]) => rest(b) - rest(a))),
  };
}

if (require.main === module) {
  (async () => {
    const mnist = await loadMnist();
    const start = performance.now();
    const before = process.cpuUsage();
    const { history } = await fitPyTorch(pytorchRecipe, mnist, { seed: 0 });
    const training = (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(before);
    const processor = (user + system) / 1e6;
    console.log(JSON.stringify({ training, processor, losses: history.loss }));
  })();
}

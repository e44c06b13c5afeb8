import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alea } from 'seedrandom';
import { loadMnist } from '../../src/data';
import {
  cellsOf,
  checkExperiment,
  type Experiment,
  factorial,
  factorsBetween,
  meanWithInterval,
  pairedEffectSize,
  path,
  RunStore,
  runCells,
} from '../../src/experiments/runs';
import { inProject } from '../../src/files/paths';
import { pytorchRecipe, tensorflowRecipe } from '../../src/training/recipe';

const base = { ...tensorflowRecipe, trainImages: 200, testImages: 100, epochs: 1, hiddenUnits: 16 };
const experiment: Experiment = {
  name: 'tiny',
  base: { ...base, imageSize: 8 },
  factors: { pooling: [2, 1], batchSize: [50, 100] },
  seeds: [0, 1],
  frameworks: ['pytorch', 'tensorflow'],
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-experiment-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a path changes one factor at a time, in any order; a factorial has every combination', () => {
  const choices = (recipes: { pooling: number; batchSize: number }[]) =>
    recipes.map(({ pooling, batchSize }) => [pooling, batchSize]);
  expect(choices(path(experiment))).toEqual([
    [2, 50],
    [1, 50],
    [1, 100],
  ]);
  expect(choices(path(experiment, ['batchSize', 'pooling']))).toEqual([
    [2, 50],
    [2, 100],
    [1, 100],
  ]);
  expect(choices(factorial(experiment))).toHaveLength(4);
  expect(() => path(experiment, ['pooling'])).toThrow(
    /must name each factor once: pooling, batchSize/,
  );
});

test('between the article’s recipes lie nine changes, and the path leads from one to the other', () => {
  const factors = factorsBetween(tensorflowRecipe, pytorchRecipe);
  expect(Object.keys(factors)).toHaveLength(9);
  const recipes = path({ ...experiment, base: tensorflowRecipe, factors });
  expect(recipes.at(0)).toEqual(tensorflowRecipe);
  expect(recipes.at(-1)).toEqual({ ...pytorchRecipe, name: tensorflowRecipe.name });
});

test('the same cell is one cell, also where two paths share it', () => {
  const recipes = [...path(experiment), ...path(experiment, ['batchSize', 'pooling'])];
  expect(cellsOf(experiment, recipes)).toHaveLength(4 * 2 * 2);
});

test.each<[Partial<Experiment>, RegExp]>([
  [{ factors: { batchSize: [-1] } }, /batchSize is -1, but must be a whole number from 1/],
  [{ factors: { imageSize: [28, 5] } }, /imageSize is 5, but must be a whole number from 6/],
  [{ factors: { colour: ['red'] } as never }, /unknown factor 'colour'; choose imageSize, /],
  [{ factors: { pooling: [] } }, /pooling has no levels/],
  [{ seeds: [] }, /seeds are missing/],
  [{ seeds: [1.5] }, /seed 1.5 must be a whole number/],
  [{ frameworks: ['jax' as never] }, /unknown framework 'jax'/],
  [{ name: '../up' }, /its name must be words-with-hyphens/],
])('a wrong experiment is refused before any training: %j', async (wrong, message) => {
  const dataset = await loadMnist();
  const check = () => checkExperiment({ ...experiment, ...wrong }, dataset);
  expect(check).toThrow(message);
  expect(check).toThrow(/^[^\n]+$/);
});

test('runs are kept one by one; what has been run is not run again', async () => {
  const dataset = await loadMnist();
  const records = new RunStore(dataset, folder);
  const cells = cellsOf({ ...experiment, seeds: [0] }, path(experiment).slice(0, 2));
  const stop = new AbortController();
  const first = runCells(cells, dataset, {
    records,
    signal: stop.signal,
    onProgress: ({ done }) => done === 2 && stop.abort(new Error('enough')),
  });
  await expect(first).rejects.toThrow('enough');
  const kept = readdirSync(folder);
  expect(kept).toHaveLength(2);
  const before = kept.map((file) => readFileSync(join(folder, file), 'utf8'));

  const told: string[] = [];
  const found = await runCells(cells, dataset, {
    records,
    onProgress: ({ done, total, epoch }) => told.push(`${done}/${total} ${epoch ?? ''}`),
  });
  expect(found.map(({ cell }) => cell)).toEqual(cells);
  expect(found.every(({ history }) => history.test!.accuracy > 0)).toBe(true);
  expect(found.every(({ peakMemory, seconds }) => peakMemory > 50 && seconds > 0)).toBe(true);
  expect(kept.map((file) => readFileSync(join(folder, file), 'utf8'))).toEqual(before);
  expect(told.filter((line) => line.endsWith('1'))).toEqual(['2/4 1', '3/4 1']);
  expect(told.at(-1)).toBe('4/4 ');

  // Those behind a missing one count from the start, or the time left would be told too long.
  rmSync(records.pathOf(cells[0]!));
  const again: string[] = [];
  await runCells(cells, dataset, {
    records,
    onProgress: ({ done, total }) => again.push(`${done}/${total}`),
  });
  expect(again[0]).toBe('3/4');
});

/** A process that runs cells of PyTorch, which start fast, in the folder. */
function other(seeds: number[]) {
  const cells = `cellsOf({ ...${JSON.stringify({ ...experiment, frameworks: ['pytorch'], seeds })} }, path(${JSON.stringify(experiment)}))`;
  const script = `
    const { cellsOf, path, RunStore, runCells } = require('./dist/src/experiments/runs');
    const { loadMnist } = require('./dist/src/data');
    loadMnist().then(async (dataset) => {
      const records = new RunStore(dataset, ${JSON.stringify(folder)});
      let trained = 0;
      await runCells(${cells}, dataset, { records, onProgress: ({ epoch }) => {
        if (epoch) trained++;
        process.stderr.write('.');
      } });
      console.log(trained);
    });`;
  const child = spawn(process.execPath, ['-e', script], {
    cwd: inProject(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // A dot for each report of progress.
  const progress: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    progress.push(...text);
    child.emit('progress');
  });
  let out = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  const ended = new Promise<string>((resolve) => child.on('close', () => resolve(out.trim())));
  return { child, progress, ended };
}

/** What the runs found, without what time and memory they took. */
const results = () =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => {
      const { history } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
      const { seconds: _, startedAt: __, ...rest } = history;
      return [file, rest];
    });

test('an experiment killed at any moment and started again gives what one never killed gives', async () => {
  const seeds = [0, 1, 2];
  await other(seeds).ended;
  const expected = results();
  expect(expected).toHaveLength(9);
  rmSync(folder, { recursive: true });
  // Before the first run, in the first and behind the second: each run is reported twice.
  for (const reports of [0, 1, 4]) {
    const { child, progress, ended } = other(seeds);
    child.on('progress', () => progress.length >= reports && child.kill('SIGKILL'));
    if (reports === 0) child.on('spawn', () => child.kill('SIGKILL'));
    await ended;
  }
  await other(seeds).ended;
  expect(results()).toEqual(expected);
  expect(readdirSync(folder).filter((file) => !file.endsWith('.json'))).toEqual([]);
});

test('two processes share the work: no cell is run twice', async () => {
  const seeds = [0, 1, 2, 3];
  const trained = await Promise.all([other(seeds).ended, other(seeds).ended]);
  expect(results()).toHaveLength(12);
  expect(trained.map(Number).reduce((a, b) => a + b)).toBe(12);
});

test('a record that is damaged is run again', async () => {
  const dataset = await loadMnist();
  const records = new RunStore(dataset, folder);
  const cells = cellsOf({ ...experiment, seeds: [0], frameworks: ['pytorch'] }, [experiment.base]);
  const [first] = await runCells(cells, dataset, { records });
  writeFileSync(records.pathOf(cells[0]!), '{"history":');
  const [again] = await runCells(cells, dataset, { records });
  expect(again!.history.loss).toEqual(first!.history.loss);
});

test('intervals are Student’s, which hold the mean of a few values as often as they say; effect sizes', () => {
  // The interval's half width in units of the mean's standard error, as every table of t has it.
  for (const [count, t] of [
    [2, 12.706],
    [3, 4.303],
    [5, 2.776],
    [31, 2.042],
  ] as const) {
    const values = Array.from({ length: count }, (_, i) => i);
    const { mean, low, high } = meanWithInterval(values);
    const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (count - 1);
    expect(mean).toBe((count - 1) / 2);
    expect((high - mean) / Math.sqrt(variance / count)).toBeCloseTo(t, 3);
    expect(mean - low).toBeCloseTo(high - mean, 10);
  }
  // Five values from a normal distribution, again and again: how often the true mean is inside. The
  // percentile bootstrap's intervals hold it about 84 % of the time.
  const random = alea('five seeds');
  const normal = () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
  const trials = Array.from({ length: 4000 }, () =>
    meanWithInterval(Array.from({ length: 5 }, normal)),
  );
  const held = trials.filter(({ low, high }) => low < 0 && high > 0).length / trials.length;
  expect(Math.abs(held - 0.95)).toBeLessThan(0.015);
  expect(meanWithInterval([7])).toEqual({ mean: 7, low: 7, high: 7, count: 1 });
  expect(() => meanWithInterval([])).toThrow(RangeError);
  expect(pairedEffectSize([1, 2, 3])).toBeCloseTo(2);
  expect(pairedEffectSize([2])).toBeNaN();
});

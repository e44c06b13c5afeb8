import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { commandLine } from '../command/command-line';
import { UserError } from '../command/errors';
import { digestOf, type ImageDataset } from '../data/image-set';
import { loadMnist } from '../data/mnist';
import { readCommitted } from '../files/committed-record';
import { inProject } from '../files/paths';
import { writeWhole } from '../files/whole-file';
import type { History } from './history';
import { type Framework, pytorchRecipe, type Recipe, tensorflowRecipe } from './recipe';
import { versions } from './versions';

/** The committed histories of one run at the article's full size. */
export interface FullRun {
  /** What it ran on, e.g. `2 cores, Linux x64`. */
  readonly machine: string;
  readonly histories: Readonly<Record<Framework, History>>;
}

/** The same framework, recipe, data, seed and versions give the same file. */
function pathOf(framework: Framework, recipe: Recipe, sha256: string, seed: number): string {
  const key = JSON.stringify([framework, recipe, sha256, seed, versions(framework)]);
  const digest = createHash('sha256').update(key).digest('hex').slice(0, 12);
  return inProject('data/cache/runs', `${recipe.name}-seed${seed}-${digest}.json`);
}

/** Keeps a finished run's history, so that other notebooks need not train again. */
export function saveRun(history: History): void {
  const { framework, recipe, data, seed } = history;
  const path = pathOf(framework, recipe, data.sha256, seed);
  writeWhole(path, `${JSON.stringify(history)}\n`);
}

/** Whether a file holds all of a finished run. */
function isWhole({ recipe, loss, valLoss, batchLoss, test }: History): boolean {
  const columns = loss.length === recipe.epochs && valLoss.length === recipe.epochs;
  return columns && batchLoss.length > 0 && test !== undefined;
}

/** The saved history of such a run; undefined if there is none, or none that can be read whole. */
export async function readRun(
  framework: Framework,
  recipe: Recipe,
  dataset: ImageDataset,
  seed: number,
): Promise<History | undefined> {
  const path = pathOf(framework, recipe, digestOf(dataset), seed);
  try {
    const history: History = JSON.parse(await readFile(path, 'utf8'));
    return isWhole(history) ? history : undefined;
  } catch {
    return undefined;
  }
}

/** A saved history, or the one that `train` makes, which is then saved. */
export async function readOrTrain(
  framework: Framework,
  recipe: Recipe,
  dataset: ImageDataset,
  seed: number,
  train: () => Promise<{ history: History }>,
): Promise<History> {
  const saved = await readRun(framework, recipe, dataset, seed);
  if (saved) return saved;
  const { history } = await train();
  saveRun(history);
  return history;
}

/**
 * The committed full run; undefined before there is one, and where `dataset` is not what it ran on.
 * Throws UserError if the file is damaged.
 */
export function readFullRun(dataset?: ImageDataset): FullRun | undefined {
  const run = readCommitted<FullRun>(
    inProject('data/results/full.json'),
    ({ histories: { pytorch, tensorflow } }) =>
      [pytorch, tensorflow].every((history) => isWhole(history) && history.data.sha256 !== ''),
  );
  return !dataset || digestOf(dataset) === run?.histories.pytorch.data.sha256 ? run : undefined;
}

/**
 * Writes data/results/full.json from the saved runs of both article recipes at full size, seed 0.
 * Throws UserError if one has not been run.
 */
export async function recordFullRun(machine: string): Promise<string> {
  const histories: Partial<Record<Framework, History>> = {};
  const dataset = await loadMnist();
  for (const [framework, recipe] of Object.entries({
    pytorch: pytorchRecipe,
    tensorflow: tensorflowRecipe,
  }) as [Framework, Recipe][]) {
    const history = await readRun(framework, recipe, dataset, 0);
    if (!history) {
      throw new UserError(
        `The full run of ${recipe.name} is missing: ${commandLine('report', '--profile full 03 04')}`,
      );
    }
    // Six digits of thousands of batch losses are more than a picture shows.
    const batchLoss = history.batchLoss.map((loss) => Number(loss.toPrecision(6)));
    histories[framework] = { ...history, batchLoss };
  }
  const path = inProject('data/results/full.json');
  const text = JSON.stringify({ machine, histories }, null, 1);
  // Numbers of one list on one line.
  writeWhole(path, `${text.replace(/\n\s+(?=-?[\d.])/g, ' ')}\n`);
  return path;
}

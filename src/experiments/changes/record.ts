import type { ImageDataset } from '../../data';
import type { Profile } from '../../training/profiles';
import type { Framework, Recipe } from '../../training/recipe';
import { type Origin, originHere } from '../results';
import { type CellRecord, type Factor, type RunOptions, RunStore, runCells } from '../runs';
import { cellsOfDesign, type Design, designOf, recipesOf } from './design';

/** One run, reduced to what the report needs. */
export interface Run {
  readonly framework: Framework;
  /** Index into the record's recipes. */
  readonly recipe: number;
  readonly seed: number;
  readonly loss: readonly number[];
  readonly valLoss: readonly number[];
  readonly valAccuracy: readonly number[];
  readonly test: { readonly loss: number; readonly accuracy: number };
  readonly seconds: number;
  /** Of the process while it ran, in MB. */
  readonly peakMemory: number;
}

/** A path from one recipe to the other, as it was run. */
export interface WalkRecord {
  readonly order: readonly Factor[];
  /** Indices into the record's recipes: before each change, and after the last. */
  readonly recipes: readonly number[];
  readonly frameworks: readonly Framework[];
  readonly seeds: readonly number[];
}

/** All results of the experiment: plain data, from which every figure and sentence is made. */
export interface ChangesRecord extends Origin {
  readonly recipes: readonly Recipe[];
  /** The walks; the first was run in both frameworks. */
  readonly walks: readonly WalkRecord[];
  /** The recipe of the long runs: an index into the recipes. */
  readonly long: number;
  readonly runs: readonly Run[];
}

/** The experiment's name, as commands and files have it. */
export const changesName = 'what-made-the-difference';

const short = (value: number) => Number(value.toPrecision(6));

/** The record of a design's finished runs. */
export function recordOf(
  { walks, long }: Design,
  results: readonly CellRecord[],
  origin: Origin,
): ChangesRecord {
  const recipes = new Map(results.map(({ cell }) => [JSON.stringify(cell.recipe), cell.recipe]));
  const keys = [...recipes.keys()];
  const indexOf = (recipe: Recipe) => keys.indexOf(JSON.stringify(recipe));
  return {
    ...origin,
    recipes: [...recipes.values()],
    walks: walks.map((walk) => ({
      order: walk.order,
      recipes: recipesOf(walk).map(indexOf),
      frameworks: walk.experiment.frameworks,
      seeds: walk.experiment.seeds,
    })),
    long: indexOf({ ...long.base, name: long.name }),
    runs: results.map(({ cell, history, seconds, peakMemory }) => ({
      framework: cell.framework,
      recipe: indexOf(cell.recipe),
      seed: cell.seed,
      loss: history.loss.map(short),
      valLoss: history.valLoss.map(short),
      valAccuracy: history.valAccuracy.map(short),
      test: { loss: short(history.test!.loss), accuracy: short(history.test!.accuracy) },
      seconds: Number(seconds.toFixed(1)),
      peakMemory: Math.round(peakMemory),
    })),
  };
}

/**
 * Runs the missing runs of a profile's design, and returns the record of all. See `runCells`
 * for interrupts and for several processes at once.
 */
export async function runChanges(
  profile: Profile,
  dataset: ImageDataset,
  options: RunOptions = {},
): Promise<ChangesRecord> {
  const design = designOf(profile);
  const records = RunStore.of(profile, dataset);
  const results = await runCells(cellsOfDesign(design, dataset), dataset, { records, ...options });
  return recordOf(design, results, originHere(changesName, profile, dataset));
}

import { setImmediate } from 'node:timers/promises';
import * as torch from 'tandem-torch';
import type { ImageDataset } from '../../data';
import { CNNModel } from '../../models/pytorch';
import type { Recipe } from '../../training/recipe';
import { checkRecipe } from '../../training/recipe-check';
import { sharedBatches } from './batches';
import { buildPair, layersOf, type Pair } from './layers';
import { compareSteps, firstDeparture, firstStepTolerance, type StepDifference } from './trace';
import { copyToTensorFlow } from './weights';

/** Both frameworks' results for one recipe, with the same start and the same batches. */
export interface SameRecipe {
  readonly recipe: Recipe;
  readonly seed: number;
  /** The losses of every step. */
  readonly loss: { readonly pytorch: readonly number[]; readonly tensorflow: readonly number[] };
  /** The steps at which the layers were compared. */
  readonly compared: readonly Pick<StepDifference, 'step' | 'layers'>[];
}

export interface SameRecipeOptions {
  readonly seed: number;
  readonly steps: number;
  /** Compares the layers at every step until a difference has grown, to find its cause. */
  readonly search?: boolean;
  readonly onStep?: (step: number) => void;
  readonly signal?: AbortSignal;
}

/** The recipe's model in both frameworks, with the weights that PyTorch's article model starts from. */
function pairOf(recipe: Recipe, seed: number): Pair {
  torch.manualSeed(seed);
  const start = new CNNModel(recipe);
  const { imageSize } = recipe;
  const pair = buildPair(layersOf(recipe), [imageSize, imageSize, 1]);
  const parameters = start.parameters();
  torch.noGrad(() =>
    pair.pytorch.parameters().forEach((target, i) => void target.copy_(parameters[i]!)),
  );
  copyToTensorFlow(pair.pytorch, pair.tensorflow);
  return pair;
}

/** Steps 1, 2, 5, 10, 20, … and the last: about evenly spaced where differences grow by factors. */
export function stepsToCompare(steps: number): number[] {
  const found = new Set<number>();
  for (let power = 1; power <= steps; power *= 10) {
    for (const digit of [1, 2, 5]) if (digit * power <= steps) found.add(digit * power);
  }
  return [...found.add(steps)];
}

/**
 * Trains a recipe's model in both frameworks at once, from the same weights and on the same batches.
 * Throws UserError for a recipe out of bounds; rejects with the signal's reason when aborted.
 */
export async function runSameRecipe(
  recipe: Recipe,
  dataset: ImageDataset,
  options: SameRecipeOptions,
): Promise<SameRecipe> {
  checkRecipe(recipe, dataset);
  const { seed, steps, search = false, onStep, signal } = options;
  const pair = pairOf(recipe, seed);
  const chosen = new Set(stepsToCompare(steps));
  let grown = false;
  const look = (step: number) => chosen.has(step) || (search && !grown);
  const loss = { pytorch: [] as number[], tensorflow: [] as number[] };
  const compared: Pick<StepDifference, 'step' | 'layers'>[] = [];
  const batches = sharedBatches(recipe, dataset, seed, steps);
  try {
    const all = compareSteps(pair, batches, recipe.learningRate, look);
    for (const found of all) {
      signal?.throwIfAborted();
      loss.pytorch.push(found.loss.pytorch);
      loss.tensorflow.push(found.loss.tensorflow);
      if (found.layers.length > 0) compared.push({ step: found.step, layers: found.layers });
      grown ||= firstDeparture(found, firstStepTolerance) !== undefined;
      onStep?.(found.step);
      await setImmediate();
    }
  } finally {
    pair.tensorflow.dispose();
  }
  return { recipe, seed, loss, compared };
}

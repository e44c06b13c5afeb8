import { loadMnist } from '../../data';
import { manualSeed } from '../../torch';
import { pytorchRecipe, type Recipe, tensorflowRecipe } from '../../training/recipe';
import {
  buildPair,
  compareSteps,
  copyToTensorFlow,
  firstDeparture,
  type LayerDifference,
  layersOf,
  rounding,
  type StepDifference,
  sharedBatches,
} from '../pair';
import type { Suite } from './suite';

const steps = 200;
/** Largest relative difference of the losses at step 100. */
const tolerance = 1e-4;
/** Largest difference at the first step, in units of rounding: sums of thousands of products. */
const firstStep = 100;

const relative = ({ loss }: StepDifference): number =>
  Math.abs(loss.pytorch - loss.tensorflow) / Math.abs(loss.pytorch);

/** The largest of one of the differences over all steps and layers, relative to the largest element. */
function largest(
  all: readonly StepDifference[],
  what: Exclude<keyof LayerDifference, 'layer'>,
): number {
  const values = all.flatMap(({ layers }) => layers.map((layer) => layer[what] ?? 0));
  return Math.max(...values) * rounding;
}

/**
 * Both of the article's recipes in both frameworks in one process, from the same initial weights and
 * on the same batches: how far losses, activations, gradients and weights are apart.
 */
export const frameworks: Suite = async ({ seed, log }) => {
  const dataset = await loadMnist();
  return [pytorchRecipe, tensorflowRecipe].map((recipe: Recipe) => {
    log(`${recipe.name}, ${steps} steps in both frameworks …`);
    manualSeed(seed);
    const { imageSize } = recipe;
    const pair = buildPair(layersOf(recipe), [imageSize, imageSize, 1]);
    copyToTensorFlow(pair.pytorch, pair.tensorflow);
    const batches = sharedBatches(recipe, dataset, seed, steps);
    const found = [...compareSteps(pair, batches, recipe.learningRate)];
    const departure = firstDeparture(found[0]!, firstStep);
    const lossAt100 = relative(found[99]!);
    return {
      suite: 'frameworks',
      ok: found.length === steps && lossAt100 <= tolerance && !departure,
      recipe: recipe.name,
      steps,
      lossAtStep100: lossAt100,
      tolerance,
      loss: Math.max(...found.map(relative)),
      activations: largest(found, 'activation'),
      gradients: largest(found, 'gradient'),
      weightGradients: largest(found, 'weightGradient'),
      weights: largest(found, 'weights'),
      ...(departure && { firstDeparture: departure }),
    };
  });
};

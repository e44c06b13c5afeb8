import { loadMnist } from '../data';
import { agreementOf, largest, runSameRecipe } from '../experiments/same-recipe';
import { pytorchRecipe, type Recipe, tensorflowRecipe } from '../training/recipe';
import type { Suite, SuiteResult } from './suite';

const steps = 200;
/** Largest relative difference of the losses at step 100. */
const tolerance = 1e-4;

/**
 * Both of the article's recipes in both frameworks in one process, from the same initial weights,
 * PyTorch's default ones, and on the same batches: the differences of the losses at every step, and
 * of activations, gradients and weights at some of them. With Keras' larger weights, roundings change
 * choices of the pooling within a hundred steps, which says nothing about the layouts; see notebook 07.
 */
export const frameworks: Suite = async ({ seed, log }) => {
  const dataset = await loadMnist();
  const compare = async (article: Recipe): Promise<SuiteResult> => {
    const recipe: Recipe = { ...article, initialization: 'kaiming' };
    log(`${recipe.name}, ${steps} steps in both frameworks …`);
    const run = await runSameRecipe(recipe, dataset, { seed, steps });
    const { loss, lossAt100, departure } = agreementOf(run);
    return {
      suite: 'frameworks',
      ok: lossAt100! <= tolerance && !departure,
      recipe: recipe.name,
      initialization: recipe.initialization,
      steps,
      lossAtStep100: lossAt100,
      tolerance,
      loss,
      comparedSteps: run.compared.map(({ step }) => step),
      activations: largest(run, 'activation'),
      gradients: largest(run, 'gradient'),
      weightGradients: largest(run, 'weightGradient'),
      weights: largest(run, 'weights'),
      ...(departure && { firstDeparture: departure }),
    };
  };
  return [await compare(pytorchRecipe), await compare(tensorflowRecipe)];
};

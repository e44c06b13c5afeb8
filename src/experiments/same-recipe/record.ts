import type { ImageDataset } from '../../data';
import { type Profile, withProfile } from '../../training/profiles';
import { pytorchRecipe, tensorflowRecipe } from '../../training/recipe';
import { type Origin, originHere } from '../results';
import { runSameRecipe, type SameRecipe } from './same-recipe';

/** Both of the article's recipes in both frameworks: plain data. */
export interface SameRecipeRecord extends Origin {
  readonly runs: readonly SameRecipe[];
}

/** The experiment's name, as commands and files have it. */
export const sameRecipeName = 'same-recipe';

const steps: Readonly<Record<Profile, number>> = { smoke: 5, quick: 40, full: 200 };

/** A float32 has at most nine significant digits, and three are enough for a difference. */
function rounded({ loss, compared, ...run }: SameRecipe): SameRecipe {
  const whole = (value: number) => Number(value.toPrecision(9));
  const short = (value: number | null) => value && Number(value.toPrecision(3));
  return {
    ...run,
    loss: { pytorch: loss.pytorch.map(whole), tensorflow: loss.tensorflow.map(whole) },
    compared: compared.map(({ step, layers }) => ({
      step,
      layers: layers.map(({ layer, activation, gradient, weightGradient, weights }) => ({
        layer,
        activation: short(activation)!,
        gradient: short(gradient)!,
        weightGradient: short(weightGradient),
        weights: short(weights),
      })),
    })),
  };
}

/** Runs both article recipes, each in both frameworks at once; see `runSameRecipe`. */
export async function runSameRecipes(
  profile: Profile,
  dataset: ImageDataset,
  options: {
    readonly seed: number;
    readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
    readonly signal?: AbortSignal;
  },
): Promise<SameRecipeRecord> {
  const { seed, onProgress, signal } = options;
  const total = 2 * steps[profile];
  const runs: SameRecipe[] = [];
  for (const recipe of [tensorflowRecipe, pytorchRecipe]) {
    const before = runs.length * steps[profile];
    const run = await runSameRecipe(withProfile(recipe, profile), dataset, {
      seed,
      steps: steps[profile],
      search: profile === 'full',
      signal,
      onStep: (step) => onProgress?.({ done: before + step, total }),
    });
    runs.push(rounded(run));
  }
  return { ...originHere(sameRecipeName, profile, dataset), runs };
}

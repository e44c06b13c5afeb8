import { type ChangesRecord, designOf, type Run, recipesOf } from '../../src/experiments';
import type { Framework } from '../../src/training/recipe';

/** What a made-up run gives: accuracy falls by this at each change, and by the seed's own luck. */
export const falls = [0.01, 0, 0.02, 0, 0, 0, 0.08, 0, 0];
export const luck = [0, 0.001, 0.002];
/** PyTorch is so much better at every recipe. */
export const frameworkGain = 0.003;

/** A made-up record on the article's recipes, with effects that are known. */
export function madeUpRecord(): ChangesRecord {
  const [main, ...others] = designOf('full').walks;
  const recipes = [...recipesOf(main!), ...others.flatMap(recipesOf)];
  const distinct = [...new Map(recipes.map((recipe) => [JSON.stringify(recipe), recipe])).values()];
  const indexOf = (recipe: object) =>
    distinct.findIndex((other) => JSON.stringify(other) === JSON.stringify(recipe));
  const first = distinct[0]!;
  const run = (framework: Framework, recipe: number, seed: number): Run => {
    const changed = main!.order.map((factor) =>
      JSON.stringify(distinct[recipe]![factor]) === JSON.stringify(first[factor]) ? 0 : 1,
    );
    const fall = changed.reduce<number>((sum, is, i) => sum + is * falls[i]!, 0);
    const gain = framework === 'pytorch' ? frameworkGain : 0;
    const accuracy = 0.97 - fall + luck[seed]! + gain;
    return {
      framework,
      recipe,
      seed,
      loss: [0.5, 0.3, 0.2, 0.15, 0.1],
      valLoss: [0.4, 0.3, 0.2, 0.18, 0.16],
      valAccuracy: [0.8, 0.9, 0.93, 0.95, 0.96],
      test: { loss: 1 - accuracy, accuracy },
      seconds: 1,
      peakMemory: 100,
    };
  };
  const seeds = [0, 1, 2];
  const walks = [main!, ...others].map((walk) => ({
    order: walk.order,
    recipes: recipesOf(walk).map(indexOf),
    frameworks: walk.experiment.frameworks,
    seeds,
  }));
  const wanted = new Map(
    walks.flatMap((walk) =>
      walk.recipes.flatMap((recipe) =>
        walk.frameworks.flatMap((framework) =>
          seeds.map((seed) => [`${framework} ${recipe} ${seed}`, { framework, recipe, seed }]),
        ),
      ),
    ),
  );
  const long = distinct.length;
  return {
    profile: 'full',
    command: 'npm run experiment -- what-made-the-difference --profile full',
    machine: '2 cores, made up',
    versions: { torch: '0.0.0' },
    data: { name: 'MNIST', sha256: '' },
    recordedAt: '2026-01-31T14:05:00.000Z',
    recipes: [...distinct, { ...first, trainImages: 6000, epochs: 6 }],
    walks,
    long,
    runs: [
      ...[...wanted.values()].map(({ framework, recipe, seed }) => run(framework, recipe, seed)),
      ...seeds.map((seed) => ({
        ...run('tensorflow', 0, seed),
        recipe: long,
        // The first seed is neither the lowest nor the highest in the end, nor their mean.
        valLoss: [0.4, 0.3, 0.2, 0.1, 0.15, [0.22, 0.15, 0.27][seed]!],
      })),
    ],
  };
}

import type { History } from '../../src/training/history';
import { type Framework, pytorchRecipe, tensorflowRecipe } from '../../src/training/recipe';

/** A made-up run: losses that fall by the epoch, `steps` of them in each. */
export function runOf(framework: Framework, epochs: number, steps = 10): History {
  const recipe = framework === 'pytorch' ? pytorchRecipe : tensorflowRecipe;
  const column = (start: number) => Array.from({ length: epochs }, (_, i) => start / (i + 1));
  return {
    framework,
    recipe: { ...recipe, epochs },
    seed: 0,
    data: { name: 'made-up', sha256: '' },
    loss: column(2),
    accuracy: column(0.5).reverse(),
    valLoss: column(1.5),
    valAccuracy: column(0.6).reverse(),
    seconds: column(1),
    batchLoss: Array.from({ length: epochs * steps }, (_, i) => 2 / (1 + i / steps) + (i % 3) / 10),
    versions: {},
    startedAt: '2026-01-31T14:05:00.000Z',
  };
}

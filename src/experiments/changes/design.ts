import type { ImageDataset } from '../../data';
import type { Profile } from '../../training/profiles';
import { pytorchRecipe, type Recipe, tensorflowRecipe } from '../../training/recipe';
import {
  type Cell,
  cellsOf,
  checkExperiment,
  type Experiment,
  type Factor,
  factorsBetween,
  factorsOf,
  path,
} from '../runs';

/** One path from TensorFlow's recipe to PyTorch's, and the frameworks and seeds that take it. */
export interface Walk {
  readonly experiment: Experiment;
  /** The order in which the choices are changed. */
  readonly order: readonly Factor[];
}

/** The runs that show what made the difference. */
export interface Design {
  /** The first in both frameworks; the others change the same choices in other orders. */
  readonly walks: readonly Walk[];
  /** TensorFlow's recipe on fewer images for more epochs: does the validation loss rise in the end? */
  readonly long: Experiment;
}

/** The article's sizes, as reduced by each profile. */
interface Size {
  readonly walk: Partial<Recipe>;
  readonly seeds: readonly number[];
  readonly long: Partial<Recipe>;
  readonly fewerSeeds: readonly number[];
}

const sizes: Readonly<Record<Profile, Size>> = {
  smoke: {
    walk: { imageSize: 12, trainImages: 200, testImages: 100, epochs: 1 },
    seeds: [0],
    long: { imageSize: 12, trainImages: 100, testImages: 100, epochs: 4 },
    fewerSeeds: [0],
  },
  quick: {
    // Ten times the learning rate: otherwise so few steps would teach nothing.
    walk: { imageSize: 12, trainImages: 1000, testImages: 500, epochs: 2, learningRate: 0.1 },
    seeds: [0, 1, 2],
    long: { imageSize: 12, trainImages: 600, testImages: 500, epochs: 10, learningRate: 0.1 },
    fewerSeeds: [0],
  },
  // About two and a half hours on two cores, most of it for the first recipe.
  full: {
    walk: {},
    seeds: [0, 1, 2, 3, 4],
    long: { trainImages: 6000, testImages: 2000, epochs: 30 },
    fewerSeeds: [0, 1, 2],
  },
};

/** The design at a profile's size. */
export function designOf(profile: Profile): Design {
  const { walk, seeds, long, fewerSeeds } = sizes[profile];
  const { imageSize: _, ...amount } = walk;
  const from = { ...tensorflowRecipe, ...walk };
  const experiment: Experiment = {
    name: 'what-made-the-difference',
    base: from,
    factors: factorsBetween(from, { ...pytorchRecipe, ...amount }),
    seeds,
    frameworks: ['tensorflow', 'pytorch'],
  };
  const written = factorsOf(experiment);
  const small = written.filter((factor) => factor !== 'imageSize');
  // Large images and small batches take long: all orders change them early.
  const reversed: Factor[] = ['imageSize', ...[...small].reverse()];
  const batchFirst = [...new Set<Factor>(['batchSize', ...written])];
  const inPyTorch: Experiment = { ...experiment, seeds: fewerSeeds, frameworks: ['pytorch'] };
  return {
    walks: [
      { experiment, order: written },
      { experiment: inPyTorch, order: reversed },
      { experiment: inPyTorch, order: batchFirst },
    ],
    long: {
      name: 'validation-loss',
      base: { ...tensorflowRecipe, ...long },
      factors: {},
      seeds: fewerSeeds,
      frameworks: ['tensorflow'],
    },
  };
}

/** The recipes along a walk, from TensorFlow's to PyTorch's. */
export const recipesOf = ({ experiment, order }: Walk): Recipe[] =>
  path(experiment, [...order]).map((recipe) => ({ ...recipe, name: experiment.name }));

/** All runs of a design, each once. Throws UserError for one that can't be run. */
export function cellsOfDesign({ walks, long }: Design, dataset: ImageDataset): Cell[] {
  for (const { experiment } of walks) checkExperiment(experiment, dataset);
  checkExperiment(long, dataset);
  const cells = [
    ...walks.flatMap((walk) => cellsOf(walk.experiment, recipesOf(walk))),
    ...cellsOf(long, [long.base]),
  ];
  return [...new Map(cells.map((cell) => [JSON.stringify(cell), cell])).values()];
}

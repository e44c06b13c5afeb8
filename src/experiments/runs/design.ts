import { UserError } from '../../command/errors';
import type { ImageDataset } from '../../data';
import type { Framework, Recipe } from '../../training/recipe';
import { checkRecipe } from '../../training/recipe-check';

/** A choice of a recipe that an experiment may vary. */
export type Factor = Exclude<keyof Recipe, 'name'>;

/** The levels of each factor; the first is where a path of changes starts. */
export type Factors = { readonly [F in Factor]?: readonly Recipe[F][] };

/** The varied factors and the repetitions: plain data. */
export interface Experiment {
  readonly name: string;
  /** The fixed choices. */
  readonly base: Recipe;
  readonly factors: Factors;
  readonly seeds: readonly number[];
  readonly frameworks: readonly Framework[];
}

/** One run of an experiment. */
export interface Cell {
  readonly framework: Framework;
  readonly recipe: Recipe;
  readonly seed: number;
}

/** The factors of an experiment in the order in which they are written. */
export const factorsOf = ({ factors }: Pick<Experiment, 'factors'>): Factor[] =>
  Object.keys(factors) as Factor[];

/** The factors whose levels in two recipes differ: an experiment that leads from one to the other. */
export function factorsBetween(from: Recipe, to: Recipe): Factors {
  const fields = (Object.keys(from) as (keyof Recipe)[]).filter(
    (field): field is Factor =>
      field !== 'name' && JSON.stringify(from[field]) !== JSON.stringify(to[field]),
  );
  return Object.fromEntries(fields.map((field) => [field, [from[field], to[field]]]));
}

/**
 * Recipes from all first levels to all last ones, one factor changed at a time in the given order:
 * one more than there are factors.
 */
export function path(experiment: Experiment, order = factorsOf(experiment)): Recipe[] {
  const known = factorsOf(experiment);
  const wrong = order.find((factor) => !known.includes(factor));
  if (wrong || new Set(order).size !== known.length) {
    throw new UserError(
      `Experiment '${experiment.name}': an order must name each factor once: ${known.join(', ')}; not ${order.join(', ')}.`,
    );
  }
  const first = Object.fromEntries(known.map((factor) => [factor, experiment.factors[factor]![0]]));
  const recipes: Recipe[] = [{ ...experiment.base, ...first }];
  for (const factor of order) {
    const level = experiment.factors[factor]!.at(-1);
    recipes.push({ ...recipes.at(-1)!, [factor]: level });
  }
  return recipes;
}

/** Every combination of levels. */
export function factorial(experiment: Experiment): Recipe[] {
  return factorsOf(experiment).reduce<Recipe[]>(
    (recipes, factor) =>
      recipes.flatMap((recipe) =>
        experiment.factors[factor]!.map((level) => ({ ...recipe, [factor]: level })),
      ),
    [experiment.base],
  );
}

/** Each recipe by each framework with each seed, every cell once. */
export function cellsOf(experiment: Experiment, recipes: readonly Recipe[]): Cell[] {
  const cells = new Map<string, Cell>();
  for (const seed of experiment.seeds) {
    for (const recipe of recipes) {
      for (const framework of experiment.frameworks) {
        const cell = { framework, recipe: { ...recipe, name: experiment.name }, seed };
        cells.set(JSON.stringify(cell), cell);
      }
    }
  }
  return [...cells.values()];
}

/**
 * Checks an experiment before any training. Throws a one-line UserError that names the factor, the
 * level and the bounds.
 */
export function checkExperiment(experiment: Experiment, dataset: ImageDataset): void {
  const { name, base, factors, seeds, frameworks } = experiment;
  const refuse = (reason: string): never => {
    throw new UserError(`Experiment '${name}': ${reason}.`);
  };
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) refuse('its name must be words-with-hyphens');
  const known = Object.keys(base).filter((field) => field !== 'name');
  for (const [factor, levels] of Object.entries(factors)) {
    if (!known.includes(factor)) refuse(`unknown factor '${factor}'; choose ${known.join(', ')}`);
    if (!Array.isArray(levels) || levels.length === 0) refuse(`${factor} has no levels`);
  }
  if (seeds.length === 0) refuse('seeds are missing; give at least one');
  for (const seed of seeds) {
    if (!Number.isSafeInteger(seed) || seed < 0)
      refuse(`seed ${seed} must be a whole number from 0`);
  }
  if (frameworks.length === 0) refuse('frameworks are missing; choose pytorch, tensorflow');
  for (const framework of frameworks) {
    if (!['pytorch', 'tensorflow'].includes(framework)) {
      refuse(`unknown framework '${framework}'; choose pytorch, tensorflow`);
    }
  }
  for (const recipe of factorial(experiment)) checkRecipe({ ...recipe, name }, dataset);
}

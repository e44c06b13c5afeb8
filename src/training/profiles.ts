import { UserError } from '../command/errors';
import type { Recipe } from './recipe';

/** How much of the article's work a run does; see {@link withProfile}. */
export type Profile = 'smoke' | 'quick' | 'full';

/** All profiles, the smallest first. */
export const profiles: readonly Profile[] = ['smoke', 'quick', 'full'];

/** Throws UserError for anything but a profile's name. */
export function checkProfile(name: string): Profile {
  if (!profiles.includes(name as Profile)) {
    throw new UserError(
      `Unknown profile '${name}'. Choose ${profiles.slice(0, -1).join(', ')} or ${profiles.at(-1)}.`,
    );
  }
  return name as Profile;
}

/**
 * The profile of an experiment that a notebook runs itself. A full experiment takes hours:
 * `npm run experiment` makes it, and the notebook shows its record. Throws as `checkProfile` does.
 */
export function notebookProfile(name: string): Profile {
  const profile = checkProfile(name);
  return profile === 'full' ? 'quick' : profile;
}

/**
 * A recipe at a profile's size. `full` is the recipe itself; `quick` cuts the images where training
 * on all of them takes minutes (28×28 images in small batches); `smoke` takes seconds and shows only
 * that everything works. Throws as `checkProfile` does.
 */
export function withProfile(recipe: Recipe, profile: string): Recipe {
  switch (checkProfile(profile)) {
    case 'smoke':
      return { ...recipe, trainImages: 512, testImages: 256, epochs: 2 };
    case 'quick':
      return recipe.batchSize < 128 ? { ...recipe, trainImages: 2000, testImages: 1000 } : recipe;
    case 'full':
      return recipe;
  }
}

import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../command/errors';
import { type ImageDataset, slice } from '../../data/image-set';
import { inProject } from '../../files/paths';
import type { Profile } from '../../training/profiles';

/** How much is measured. */
export interface Design {
  /** How many rounds; each starts every stack again. */
  readonly rounds: number;
  /** Steps in a chunk, after which the accuracy is measured. */
  readonly chunkSteps: number;
  /** Maximum number of chunks. */
  readonly chunks: number;
  /** Minimum number of chunks, even if the goal is reached earlier. */
  readonly leastChunks: number;
  readonly validationImages: number;
  /** Of the validation images. */
  readonly goal: number;
  readonly batchSize: number;
  readonly learningRate: number;
}

/** The recipe of all four programs, with ten times the article's learning rate, so that the goal is reached soon. */
const recipe = { batchSize: 32, learningRate: 0.1 };

const sizes: Readonly<Record<Profile, Omit<Design, keyof typeof recipe>>> = {
  smoke: {
    rounds: 1,
    chunkSteps: 4,
    chunks: 2,
    leastChunks: 2,
    validationImages: 100,
    goal: 0.97,
  },
  quick: {
    rounds: 1,
    chunkSteps: 15,
    chunks: 3,
    leastChunks: 3,
    validationImages: 300,
    goal: 0.97,
  },
  // At most one epoch of the article's training part.
  full: {
    rounds: 3,
    chunkSteps: 100,
    chunks: 13,
    leastChunks: 4,
    validationImages: 2000,
    goal: 0.97,
  },
};

/** The design of a profile. */
export const choosingDesign = (profile: Profile): Design => ({ ...recipe, ...sizes[profile] });

/** The article's training share: the rest is for validation. */
const trainingShare = 0.7;

/** The steps of an epoch over the article's training part of a data set. */
export const epochSteps = ({ train }: ImageDataset): number =>
  Math.ceil((trainingShare * train.count) / recipe.batchSize);

/**
 * Passes a design's images to all languages in the same way: writes them as raw bytes into a folder
 * while `use` runs. Throws UserError for data that the programs can't train on.
 */
export async function withImages<T>(
  { train }: ImageDataset,
  design: Design,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const { chunks, chunkSteps, batchSize, validationImages } = design;
  const split = Math.floor(trainingShare * train.count);
  const needed = chunks * chunkSteps * batchSize;
  if (train.height !== 28 || train.width !== 28) {
    throw new UserError(
      `The images are ${train.height} × ${train.width}, but this experiment's programs take 28 × 28.`,
    );
  }
  if (needed > split || validationImages > train.count - split) {
    throw new UserError(
      `There are ${train.count} training images, but this profile needs ${needed} and ${validationImages} of the last 30 %: choose a smaller one.`,
    );
  }
  await mkdir(inProject('build'), { recursive: true });
  const folder = mkdtempSync(inProject('build/choosing-'));
  try {
    const sets = {
      training: slice(train, 0, needed),
      validation: slice(train, split, split + validationImages),
    };
    for (const [name, { images, labels }] of Object.entries(sets)) {
      await writeFile(join(folder, `${name}.images`), images);
      await writeFile(join(folder, `${name}.labels`), labels);
    }
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

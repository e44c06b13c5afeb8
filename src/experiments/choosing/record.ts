import { stripVTControlCharacters } from 'node:util';
import type { ImageDataset } from '../../data';
import { projectRoot } from '../../files/paths';
import type { Profile } from '../../training/profiles';
import { type Origin, originHere } from '../results';
import { type Code, countPrograms } from './code';
import { choosingDesign, type Design, epochSteps, withImages } from './design';
import { mistakeNames, mistakesOf } from './mistakes';
import { checkLanguages, type Mistake, measure, type Watched } from './process';
import { type Stack, stackNames } from './stacks';

/** A mistake and what reports it. */
export interface MistakeRecord extends Mistake {
  /** Whether the compiler reports it before the program runs. */
  readonly early: boolean;
}

/** The results of one stack. */
export interface StackRecord {
  readonly code: Code;
  readonly mistakes: Readonly<Record<string, MistakeRecord>>;
  /** One process each. */
  readonly rounds: readonly Omit<Watched, 'mistakes' | 'processor'>[];
}

/** The same model in four stacks, measured in turn: plain data, from which all figures and text are made. */
export interface ChoosingRecord extends Origin {
  readonly design: Design;
  /** Steps of an epoch on the article's training part. */
  readonly epochSteps: number;
  readonly stacks: Readonly<Record<Stack, StackRecord>>;
}

/** The experiment's name, as commands and files have it. */
export const choosingName = 'choosing';

/** Rounds to the precision of clocks and accuracies. */
function rounded({ startUp, startMemory, peakMemory, chunks, others }: Watched) {
  return {
    startUp: Number(startUp.toFixed(3)),
    startMemory: Math.round(startMemory),
    peakMemory: Math.round(peakMemory),
    others: Number(others.toFixed(3)),
    chunks: chunks.map(({ seconds, accuracy }) => ({
      seconds: Number(seconds.toFixed(4)),
      accuracy: Number(accuracy.toFixed(4)),
    })),
  };
}

/** A message without terminal colours and without the project's path. */
const plain = (message: string): string =>
  stripVTControlCharacters(message).replaceAll(projectRoot, '…').trim();

export interface ChoosingOptions {
  /** The seed of the first round; each later round adds one. */
  readonly seed?: number;
  readonly onProgress?: (progress: {
    readonly done: number;
    readonly total: number;
    readonly stack?: Stack;
  }) => void;
  readonly signal?: AbortSignal;
}

/**
 * Measures all four stacks in turn, each round in its own process. Throws UserError if Python or data
 * are missing or a process fails; rejects with the signal's reason if aborted.
 */
export async function runChoosing(
  profile: Profile,
  dataset: ImageDataset,
  { seed = 0, onProgress, signal }: ChoosingOptions = {},
): Promise<ChoosingRecord> {
  checkLanguages();
  const design = choosingDesign(profile);
  const code = await countPrograms();
  const found = new Map<Stack, Watched[]>(stackNames.map((stack) => [stack, []]));
  const total = design.rounds * stackNames.length;
  let done = 0;
  await withImages(dataset, design, async (folder) => {
    for (let round = 0; round < design.rounds; round++) {
      // The order alternates, since machines get slower and faster.
      const first = round % stackNames.length;
      const order = [...stackNames.slice(first), ...stackNames.slice(0, first)];
      for (const stack of order) {
        onProgress?.({ done, total, stack });
        const measured = await measure(
          stack,
          {
            ...design,
            folder,
            seed: seed + round,
            chunkImages: design.chunkSteps * design.batchSize,
            mistakes: round === 0 ? Object.keys(mistakeNames) : [],
          },
          signal,
        );
        found.get(stack)!.push(measured);
        done++;
      }
    }
  });
  onProgress?.({ done, total });
  const recordOf = (stack: Stack): StackRecord => {
    const made = mistakesOf(stack);
    const rounds = found.get(stack)!;
    const mistakes = Object.entries(rounds[0]!.mistakes).map(([name, { error, loss }]) => [
      name,
      { error: error && plain(error), loss, early: made[name]!.early },
    ]);
    return {
      code: code[stack],
      mistakes: Object.fromEntries(mistakes),
      rounds: rounds.map(rounded),
    };
  };
  return {
    ...originHere(choosingName, profile, dataset),
    design,
    epochSteps: epochSteps(dataset),
    stacks: Object.fromEntries(
      stackNames.map((stack) => [stack, recordOf(stack)]),
    ) as ChoosingRecord['stacks'],
  };
}

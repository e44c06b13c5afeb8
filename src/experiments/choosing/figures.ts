import { median } from 'simple-statistics';
import type { ChoosingRecord } from './record';
import type { Stack } from './stacks';

/** The figures of one stack, as medians over its rounds. */
export interface Figures {
  /** Seconds from the start of the process to the first tensor. */
  readonly startUp: number;
  /** Memory then, in MB (2²⁰ bytes). */
  readonly startMemory: number;
  /** Peak memory until the end of the training, in MB. */
  readonly peakMemory: number;
  /** Seconds for a training step, without the first chunk, in which frameworks warm up. */
  readonly step: number;
  /** Seconds of an epoch of such steps. */
  readonly epoch: number;
  /** Seconds and steps of training to the goal; null if a round has not reached it. */
  readonly goal: { readonly seconds: number; readonly steps: number } | null;
  readonly lines: number;
  readonly concepts: number;
  /** How many of the mistakes are reported, and how many of them before the program runs. */
  readonly told: number;
  readonly early: number;
}

/** A round's progress: the accuracy by seconds of training. */
export function progressOf(
  { design, stacks }: ChoosingRecord,
  stack: Stack,
): { seconds: number; accuracy: number; steps: number }[][] {
  return stacks[stack].rounds.map(({ chunks }) => {
    let [seconds, steps] = [0, 0];
    return chunks.map((chunk) => {
      seconds += chunk.seconds;
      steps += design.chunkSteps;
      return { seconds, steps, accuracy: chunk.accuracy };
    });
  });
}

/** The figures of one stack. */
export function figuresOf(record: ChoosingRecord, stack: Stack): Figures {
  const { design, epochSteps, stacks } = record;
  const { code, mistakes, rounds } = stacks[stack];
  const over = (of: (round: (typeof rounds)[number]) => number) => median(rounds.map(of));
  const step = over(({ chunks }) =>
    median(chunks.slice(1).map(({ seconds }) => seconds / design.chunkSteps)),
  );
  const reached = progressOf(record, stack).map((points) =>
    points.find(({ accuracy }) => accuracy >= design.goal),
  );
  const all = reached.filter((point) => point !== undefined);
  const told = Object.values(mistakes).filter(({ error, early }) => error !== null || early);
  return {
    startUp: over(({ startUp }) => startUp),
    startMemory: over(({ startMemory }) => startMemory),
    peakMemory: over(({ peakMemory }) => peakMemory),
    step,
    epoch: step * epochSteps,
    goal:
      all.length < reached.length
        ? null
        : {
            seconds: median(all.map(({ seconds }) => seconds)),
            steps: median(all.map(({ steps }) => steps)),
          },
    lines: code.lines,
    concepts: code.concepts.length,
    told: told.length,
    early: told.filter(({ early }) => early).length,
  };
}

import { type Estimate, meanWithInterval } from '../runs';
import { runsOf } from './effects';
import type { ChangesRecord } from './record';

/** Whether the validation loss rises after the third epoch, over several runs. */
export interface Rise {
  readonly runs: number;
  readonly epochs: number;
  /** Runs in which a later epoch's validation loss is above the third's. */
  readonly rising: number;
  /** The highest of the later ones minus the third. */
  readonly highest: Estimate;
  /** The last minus the third. */
  readonly last: Estimate;
  /** In which epoch, from 1, each run's is lowest. */
  readonly lowest: readonly number[];
  /** The mean of the last loss relative to the lowest; 1 if none has risen in the end. */
  readonly overLowest: number;
}

/** Validation losses by epoch, one list a run. Undefined if no run has a fourth epoch. */
export function risingLoss(runs: readonly (readonly number[])[]): Rise | undefined {
  const long = runs.filter((losses) => losses.length > 3);
  if (long.length === 0) return undefined;
  const highest = long.map((losses) => Math.max(...losses.slice(3)) - losses[2]!);
  return {
    runs: long.length,
    epochs: Math.max(...long.map((losses) => losses.length)),
    rising: highest.filter((difference) => difference > 0).length,
    highest: meanWithInterval(highest),
    last: meanWithInterval(long.map((losses) => losses.at(-1)! - losses[2]!)),
    lowest: long.map((losses) => losses.indexOf(Math.min(...losses)) + 1),
    overLowest: meanWithInterval(long.map((losses) => losses.at(-1)! / Math.min(...losses))).mean,
  };
}

/** The claim in a record: at the article's own recipe in both frameworks, and in the long runs. */
export function risesOf(record: ChangesRecord): { article?: Rise; long?: Rise } {
  const losses = (recipe: number) =>
    (['tensorflow', 'pytorch'] as const).flatMap((framework) =>
      runsOf(record, framework, recipe).map(({ valLoss }) => valLoss),
    );
  return {
    article: risingLoss(losses(record.walks[0]!.recipes[0]!)),
    long: risingLoss(losses(record.long)),
  };
}

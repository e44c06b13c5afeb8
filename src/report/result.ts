import type { Outcome } from './output/run-events';
import type { Difference } from './run/difference';
import type { RunRecord } from './run-record';

/** The outcome of one notebook in a call of the report. */
export interface Result {
  name: string;
  /** The notebook's file, relative to the project's root if it lies inside. */
  source: string;
  /** How many cells it executes. */
  cells: number;
  state: Outcome;
  /** Missing if the notebook was not run. */
  record?: RunRecord;
  /** Differences from the recorded run; empty without `--verify`. */
  differences: readonly Difference[];
}

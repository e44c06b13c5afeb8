import type { Difference } from './difference';
import type { Outcome } from './run-events';
import type { RunRecord } from './run-record';

/** What became of one notebook in a call of the report. */
export interface Result {
  name: string;
  /** The notebook's file, from the project's root where it lies inside. */
  source: string;
  /** How many cells it executes. */
  cells: number;
  state: Outcome;
  /** Missing where the notebook was not run. */
  record?: RunRecord;
  /** Where outputs are not those of the recorded run; empty without `--verify`. */
  differences: readonly Difference[];
}

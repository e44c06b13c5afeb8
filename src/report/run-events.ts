import type { Profile } from '../training/profiles';
import type { CellRun } from './cell-watch';
import type { Values } from './declared-parameters';
import type { Difference } from './difference';
import type { Failure } from './failure';

/** What became of a notebook in a run. */
export type Outcome = 'passed' | 'failed' | 'cached' | 'not-run';

/** What a run tells while it goes on; with `--json` each is a line on standard output. */
export type RunEvent =
  | {
      event: 'run-start';
      notebooks: string[];
      profile: Profile;
      seed: number;
      parameters: Values;
      jobs: number;
    }
  | { event: 'notebook-start'; notebook: string; cells: number }
  | { event: 'cell-start'; notebook: string; cell: number }
  | ({ event: 'cell-end'; notebook: string } & CellRun)
  | {
      event: 'notebook-end';
      notebook: string;
      state: Outcome;
      /** How long the cells that the page shows took: of the earlier run where it is cached. */
      seconds: number;
      failure?: Failure;
    }
  | ({ event: 'difference'; notebook: string } & Difference)
  | { event: 'writing'; what: string }
  /** What to know of what was written; `cell` counts prose too: `2 of 7`. */
  | { event: 'note'; notebook: string; cell?: string; text: string }
  | {
      event: 'run-end';
      /** The exit code. */
      code: number;
      seconds: number;
      /** How many notebooks ended in each way. */
      counts: Record<Outcome, number>;
      /** Files that a person may want to open: the index, or what else was asked for. */
      files: string[];
    };

/** Takes what a run tells. */
export type Listener = (event: RunEvent) => void;

/** Each event as one line of JSON, with the time. */
export const jsonLines =
  (stream: NodeJS.WritableStream): Listener =>
  (event) => {
    stream.write(`${JSON.stringify({ time: new Date().toISOString(), ...event })}\n`);
  };

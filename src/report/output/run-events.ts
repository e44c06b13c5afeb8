import type { Profile } from '../../training/profiles';
import type { Values } from '../declared-parameters';
import type { Failure } from '../failure';
import type { CellRun } from '../run/cell-watch';
import type { Difference } from '../run/difference';

/** The outcome of a notebook in a run. */
export type Outcome = 'passed' | 'failed' | 'cached' | 'not-run';

/** An event of a run; with `--json` each is a line on standard output. */
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
      /** How long the cells took; those of the earlier run if it is cached. */
      seconds: number;
      failure?: Failure;
    }
  | ({ event: 'difference'; notebook: string } & Difference)
  | { event: 'writing'; what: string }
  /** A note on what was written; `cell` counts Markdown cells too: `2 of 7`. */
  | { event: 'note'; notebook: string; cell?: string; text: string }
  | {
      event: 'run-end';
      /** The exit code. */
      code: number;
      seconds: number;
      /** How many notebooks ended in each way. */
      counts: Record<Outcome, number>;
      /** The files that were written: the index, or what else was requested. */
      files: string[];
    };

/** Receives a run's events. */
export type Listener = (event: RunEvent) => void;

/** Each event as one line of JSON, with the time. */
export const jsonLines =
  (stream: NodeJS.WritableStream): Listener =>
  (event) => {
    stream.write(`${JSON.stringify({ time: new Date().toISOString(), ...event })}\n`);
  };

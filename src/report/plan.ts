import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../command/errors';
import type { Call } from './call';
import type { Values } from './declared-parameters';
import { executedCells, type Notebook, notebookName, shortPath } from './notebook';
import { readExecutedNotebook, readNotebook } from './notebook-file';
import { type Fingerprint, fingerprint } from './run/fingerprint';
import { runConstraints, type Task } from './run/schedule';
import { readRecords } from './run-record';
import { projectNotebooks } from './selection';
import { parametersFor, type Source } from './settings';

/** What a call does with one notebook. */
export interface Plan extends Task {
  path: string;
  /** The path for messages. */
  source: string;
  notebook: Notebook;
  /** How many cells it executes. */
  cells: number;
  parameters: Values;
  fingerprint: Fingerprint;
  /** The executed notebook of the recorded run, with `--verify`. */
  recorded?: Notebook;
}

/** The notebooks of a call. */
export interface Plans {
  plans: Plan[];
  /** Why other notebooks of the call can't be run, a line each. The rest run all the same. */
  refused: string[];
}

/**
 * Reads the notebooks of a call and their parameters.
 * @throws UserError for every error that shows before anything runs: a missing notebook, values that no notebook
 * takes, no notebook that can be run.
 */
export function plansOf(call: Call): Plans {
  const sources: Source[] = [];
  const refused: string[] = [];
  for (const path of call.notebooks) {
    try {
      sources.push({ path, notebook: readNotebook(path) });
    } catch (error) {
      if (!(error instanceof UserError) || !existsSync(path)) throw error;
      refused.push(error.message);
    }
  }
  if (sources.length === 0 && refused.length > 0) throw new UserError(refused.join('\n'));
  return { plans: planned(sources, call), refused };
}

function planned(sources: readonly Source[], call: Call): Plan[] {
  const offered = { profile: call.profile, seed: call.seed };
  const parameters = parametersFor(sources, offered, call.set);
  const fingerprints = new Fingerprints(sources, parameters, offered);
  return sources.map(({ path, notebook }) => ({
    name: notebookName(path),
    ...runConstraints(notebook),
    path,
    source: shortPath(path),
    notebook,
    cells: executedCells(notebook).length,
    parameters: parameters.get(path)!,
    fingerprint: fingerprints.of(notebookName(path))!,
    recorded: call.recorded === undefined ? undefined : recordedRun(path, call.recorded, call),
  }));
}

/** The fingerprints of a call's notebooks, which include those of the notebooks that come before. */
class Fingerprints {
  readonly #sources: Map<string, Source>;
  readonly #known = new Map<string, Fingerprint | undefined>();

  constructor(
    sources: readonly Source[],
    private readonly parameters: ReadonlyMap<string, Values>,
    private readonly offered: Values,
  ) {
    this.#sources = new Map(sources.map((source) => [notebookName(source.path), source]));
    // Notebooks that a call leaves out count too: their saved results may be read.
    for (const path of projectNotebooks()) {
      const name = notebookName(path);
      if (this.#sources.has(name)) continue;
      try {
        this.#sources.set(name, { path, notebook: readNotebook(path) });
      } catch (error) {
        // An unreadable notebook saves no results.
        if (!(error instanceof UserError)) throw error;
      }
    }
  }

  of(name: string): Fingerprint | undefined {
    const source = this.#sources.get(name);
    if (!source) return undefined;
    if (!this.#known.has(name)) {
      // A notebook that waits for itself ends here.
      this.#known.set(name, undefined);
      const before = runConstraints(source.notebook).after.flatMap((other) => this.of(other) ?? []);
      const parameters = this.parameters.get(source.path) ?? this.offered;
      const folder = dirname(source.path);
      this.#known.set(name, fingerprint(source.notebook, folder, parameters, before));
    }
    return this.#known.get(name);
  }
}

/** The executed notebook of an earlier report, made with the same profile and parameters. */
const recordedRun = (path: string, folder: string, call: Call): Notebook => {
  const name = notebookName(path);
  const file = join(folder, `${name}.ipynb`);
  const record = readRecords(folder).find((candidate) => candidate.name === name);
  if (!record || !existsSync(file)) {
    throw new UserError(
      `--verify: ${shortPath(folder)} has no run of ${name}; make one with --output ${shortPath(folder)}.`,
    );
  }
  for (const [what, then, now] of [
    ['profile', record.profile, call.profile],
    ['seed', record.seed, call.seed],
  ] as const) {
    if (then === now) continue;
    throw new UserError(
      `--verify: the recorded run of ${name} had ${what} ${then}, this one has ${now}.`,
    );
  }
  return readExecutedNotebook(file);
};

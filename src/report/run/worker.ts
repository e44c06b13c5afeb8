import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { exclusively } from '../../files/exclusive';
import { writeWhole } from '../../files/whole-file';
import type { Call } from '../call';
import { headline } from '../headline';
import { installedVersions, sourceCommit } from '../index/provenance';
import type { Notebook } from '../notebook';
import type { Listener } from '../output/run-events';
import { withPictures } from '../pages/pictures';
import type { Plan } from '../plan';
import type { Result } from '../result';
import { addRecord, type RunRecord } from '../run-record';
import { differences } from './difference';
import { RunCache } from './run-cache';
import { runNotebook } from './runner';
import { workFolderOf } from './work-folder';

/** Carries out a call's plan for each notebook, and stores the results in the report's folder. */
export class Worker {
  readonly #cache: RunCache;

  constructor(
    private readonly call: Call,
    private readonly tell: Listener,
    private readonly signal: AbortSignal,
    /** Ends running notebooks and keeps others from starting; the reason is the failure. */
    private readonly deadline: AbortSignal,
  ) {
    this.#cache = new RunCache(call.output);
  }

  /** The result of an earlier run; undefined if there is none, or the call wants a new one. */
  async fromCache(plan: Plan): Promise<Result | undefined> {
    const { name, notebook, fingerprint } = plan;
    if (this.call.force || plan.recorded) return undefined;
    const kept = this.#cache.find(name, fingerprint, notebook);
    if (!kept) return undefined;
    const record = { ...kept.record, source: plan.source, ...headline(notebook, name) };
    await this.#keep(plan, record, kept.notebook);
    this.tell({ event: 'notebook-end', notebook: name, state: 'cached', seconds: record.seconds });
    return { ...resultOf(plan), state: 'cached', record };
  }

  /** Runs a notebook, unless there is no time left. */
  async run(plan: Plan): Promise<Result> {
    const { call, signal, deadline } = this;
    const { name, path, notebook, parameters, cells } = plan;
    if (deadline.aborted) {
      this.tell({ event: 'notebook-end', notebook: name, state: 'not-run', seconds: 0 });
      return { ...resultOf(plan), state: 'not-run' };
    }
    this.tell({ event: 'notebook-start', notebook: name, cells });
    const outputs = join(call.output, `${name}-outputs`);
    const run = await runNotebook(path, notebook, {
      parameters,
      timeoutSeconds: call.timeoutSeconds,
      alone: plan.alone || call.jobs === 1,
      workFolder: workFolderOf(call.output),
      outputs,
      signal,
      deadline,
      verbose: call.verbose,
      onCell: ({ event, cell, ...end }) =>
        'status' in end
          ? this.tell({
              event: 'cell-end',
              notebook: name,
              cell,
              status: end.status,
              seconds: end.seconds ?? 0,
            })
          : this.tell({ event: 'cell-start', notebook: name, cell }),
    });
    const { failure, seconds } = run;
    const record: RunRecord = {
      name,
      source: plan.source,
      ...headline(notebook, name),
      state: failure ? 'failed' : 'passed',
      failure,
      cells,
      runs: run.cells,
      seconds,
      profile: call.profile,
      seed: call.seed,
      parameters,
      finished: new Date().toISOString(),
      versions: installedVersions(),
      commit: sourceCommit(),
    };
    signal.throwIfAborted();
    await this.#keep(plan, record, run.notebook);
    // Only the latest run's files lie beside the page.
    if (!failure && !existsSync(outputs)) this.#cache.keep(plan.fingerprint, record, run.notebook);
    this.tell({ event: 'notebook-end', notebook: name, state: record.state, seconds, failure });
    return {
      ...resultOf(plan),
      state: record.state,
      record,
      differences: failure ? [] : this.#compare(plan, run.notebook),
    };
  }

  #compare({ name, recorded }: Plan, found: Notebook): Result['differences'] {
    if (!recorded) return [];
    const all = differences(recorded, found, this.call.tolerance);
    for (const difference of all) {
      this.tell({ event: 'difference', notebook: name, ...difference });
    }
    return all;
  }

  /** Stores a run in the report's folder, as the page's source. */
  #keep({ path }: Plan, record: RunRecord, notebook: Notebook): Promise<void> {
    const { output } = this.call;
    const whole = withPictures(notebook, dirname(path));
    return exclusively(output, async () => {
      writeWhole(join(output, `${record.name}.ipynb`), `${JSON.stringify(whole, null, 1)}\n`);
      addRecord(output, record);
    });
  }
}

const resultOf = ({ name, source, cells }: Plan) => ({
  name,
  source,
  cells,
  differences: [] as Result['differences'],
});

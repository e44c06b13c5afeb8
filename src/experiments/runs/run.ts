import { setTimeout as sleep } from 'node:timers/promises';
import type { ImageDataset } from '../../data';
import type { Progress } from '../../training/history';
import { fitPyTorch } from '../../training/pytorch';
import type { Framework } from '../../training/recipe';
import { splits } from '../../training/splits';
import { fitTensorFlow } from '../../training/tensorflow';
import { claim } from './claim';
import type { Cell } from './design';
import { type RunResult, RunStore } from './run-store';

/** An experiment's progress, after each run and each epoch of the current run. */
export interface ExperimentProgress {
  readonly done: number;
  readonly total: number;
  /** The current run; undefined when all are done. */
  readonly cell?: Cell;
  readonly epoch?: number;
  /** Estimated from the runs so far; undefined before the first is done. */
  readonly secondsLeft?: number;
}

export interface RunOptions {
  readonly onProgress?: (progress: ExperimentProgress) => void;
  /** Stops between two batches; finished runs are kept. */
  readonly signal?: AbortSignal;
  /** Where the results are kept. Default: data/cache/experiments. */
  readonly records?: RunStore;
}

export interface CellRecord extends RunResult {
  readonly cell: Cell;
}

/**
 * A rough estimate of a run's seconds on two idle cores: convolutions grow with the pixels, updates
 * with the weights, and each step has a fixed cost.
 */
export function roughSeconds({ recipe, framework }: Cell, dataset: ImageDataset): number {
  const { training, validation, test } = splits(recipe, dataset);
  const { imageSize, pooling, hiddenUnits, batchSize, epochs } = recipe;
  const pixels = imageSize ** 2;
  const features = 64 * Math.floor((imageSize - 4) / pooling) ** 2;
  const weights = features * (hiddenUnits ?? 10);
  const steps = Math.ceil(training.count / batchSize);
  const step = (framework === 'tensorflow' ? 2.5e-3 : 1e-3) + 2e-9 * weights;
  const epoch = training.count * pixels * 1.4e-6 + steps * step;
  return epochs * (epoch + validation.count * pixels * 4e-7) + test.count * pixels * 4e-7;
}

async function train(
  { framework, recipe, seed }: Cell,
  dataset: ImageDataset,
  signal: AbortSignal | undefined,
  onEpoch: (epoch: number) => void,
): Promise<RunResult> {
  const started = performance.now();
  let peak = 0;
  const onProgress = ({ step, epoch, epochEnd }: Progress) => {
    if (epochEnd || step % 20 === 1) peak = Math.max(peak, process.memoryUsage.rss());
    if (epochEnd) onEpoch(epoch);
  };
  const trainers = { pytorch: fitPyTorch, tensorflow: fitTensorFlow } satisfies {
    [F in Framework]: unknown;
  };
  const { model, history: whole } = await trainers[framework](recipe, dataset, {
    seed,
    signal,
    onProgress,
  });
  if ('dispose' in model) model.dispose();
  const { batchLoss: _, ...history } = whole;
  return {
    history,
    seconds: (performance.now() - started) / 1000,
    peakMemory: peak / 2 ** 20,
  };
}

/**
 * Runs the cells without a result, each once, and returns the results of all. Every finished run is
 * saved at once, so that an interrupted experiment continues where it stopped; several processes
 * may work on the same cells. Rejects with the signal's reason if aborted.
 */
export async function runCells(
  cells: readonly Cell[],
  dataset: ImageDataset,
  options: RunOptions = {},
): Promise<CellRecord[]> {
  const { onProgress = () => {}, signal, records = new RunStore(dataset) } = options;
  const found = new Map<Cell, RunResult>();
  const spent = { seconds: 0, work: 0 };
  const report = (cell?: Cell, epoch?: number) => {
    const left = cells.filter((other) => !found.has(other));
    const rest = left.reduce((sum, other) => sum + roughSeconds(other, dataset), 0);
    onProgress({
      done: found.size,
      total: cells.length,
      ...(cell && { cell }),
      ...(epoch !== undefined && { epoch }),
      ...(spent.work > 0 && { secondsLeft: (spent.seconds / spent.work) * rest }),
    });
  };
  // Count existing results before estimating the remaining time.
  for (const cell of cells) {
    const record = await records.read(cell);
    if (record) found.set(cell, record);
  }
  while (found.size < cells.length) {
    let moved = false;
    for (const cell of cells) {
      if (found.has(cell)) continue;
      signal?.throwIfAborted();
      const release = claim(`${records.pathOf(cell)}.claim`);
      if (!release) continue;
      try {
        // Another process may have finished it meanwhile.
        let record = await records.read(cell);
        if (!record) {
          report(cell);
          record = await train(cell, dataset, signal, (epoch) => report(cell, epoch));
          records.write(cell, record);
          spent.seconds += record.seconds;
          spent.work += roughSeconds(cell, dataset);
        }
        found.set(cell, record);
        moved = true;
      } finally {
        release();
      }
    }
    // Other processes hold the rest.
    if (!moved && found.size < cells.length) await sleep(500, undefined, { signal });
  }
  report();
  return cells.map((cell) => ({ cell, ...found.get(cell)! }));
}

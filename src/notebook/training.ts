import { lossCurves } from '../plots';
import type { FitOptions, Progress } from '../training';
import { display, figureBundle, type MimeBundle } from './display';
import { kernel } from './kernel';

/** Least time between two updates of the display, in milliseconds. */
const interval = 250;

const clock = (seconds: number) => {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
};

interface Pace {
  readonly done: number;
  readonly total: number;
  readonly seconds: number;
}

function pace({ epoch, epochs, step, stepsPerEpoch }: Progress, started: number): Pace {
  return {
    done: (epoch - 1) * stepsPerEpoch + step,
    total: epochs * stepsPerEpoch,
    seconds: (performance.now() - started) / 1000,
  };
}

/** The bar and its line: epoch, step, rate, loss, time left. */
function bar(progress: Progress, started: number): MimeBundle {
  const { done, total, seconds } = pace(progress, started);
  const { epoch, epochs, step, stepsPerEpoch, loss } = progress;
  const rate = done / seconds;
  const text =
    `epoch ${epoch}/${epochs}  step ${step}/${stepsPerEpoch}  ${rate.toFixed(rate < 10 ? 1 : 0)} steps/s  ` +
    `loss ${loss.toFixed(4)}  ${clock((total - done) / rate)} left`;
  return {
    'text/html': `<progress value="${done}" max="${total}" style="width:100%"></progress><div>${text}</div>`,
    'text/plain': text,
  };
}

function summary(progress: Progress, started: number): MimeBundle {
  const { total, seconds } = pace(progress, started);
  const { history, epochs } = progress;
  const text =
    `Trained ${epochs} epochs, ${total} steps, in ${clock(seconds)} min: loss ` +
    `${history.loss.at(-1)?.toFixed(4)}, validation loss ${history.valLoss.at(-1)?.toFixed(4)}, ` +
    `validation accuracy ${(100 * (history.valAccuracy.at(-1) ?? 0)).toFixed(2)} %.`;
  return { 'text/plain': text };
}

/**
 * Runs a fit with a progress bar and loss curves that grow below the cell. Where nobody looks, in a
 * headless run, the summary alone is left. Interrupting the cell stops the fit between two batches.
 *
 * @example
 * const { model, history } = await train((options) => fitPyTorch(recipe, mnist, { ...options, seed }));
 */
export async function train<T>(run: (options: FitOptions) => Promise<T>): Promise<T> {
  const started = performance.now();
  const live = kernel() !== undefined && !kernel()?.headless;
  const line = live ? display({ 'text/plain': 'starting …' }) : undefined;
  let curves: ReturnType<typeof display> | undefined;
  let shown = 0;
  let last: Progress | undefined;
  const onProgress = (progress: Progress) => {
    last = progress;
    if (!live) return;
    if (progress.epochEnd && progress.history.loss.length > 0) {
      const bundle = figureBundle(lossCurves([progress.history]));
      if (curves) curves.update(bundle);
      else curves = display(bundle);
    }
    if (performance.now() - shown < interval && !progress.epochEnd) return;
    shown = performance.now();
    line?.update(bar(progress, started));
  };
  const result = await run({ onProgress, signal: kernel()?.signal });
  if (last) {
    if (line) line.update(summary(last, started));
    else display(summary(last, started));
  }
  return result;
}

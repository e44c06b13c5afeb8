import { colors, drawing, names, trainingCurve } from '../plots';
import type { FitOptions, Progress } from '../training';
import { type DisplayHandle, display } from './display';
import { figureBundle } from './figure-bundle';
import { kernel } from './kernel';
import type { MimeBundle } from './mime';
import { percent } from './prose';

/** The minimum time between two updates of the display, in milliseconds. */
const interval = 250;

const clock = (seconds: number) => {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
};

/** How long something took: `4 s`, `2:05 min`. */
const lasting = (seconds: number) =>
  seconds < 90 ? `${Math.round(seconds)} s` : `${clock(seconds)} min`;

const stepsOf = ({ epoch, epochs, step, stepsPerEpoch }: Progress) => ({
  done: (epoch - 1) * stepsPerEpoch + step,
  total: epochs * stepsPerEpoch,
});

/**
 * A bar in the colours of the notebook's theme, which a `<progress>` ignores: that one lies
 * invisibly above it, for screen readers.
 */
function barHtml({ value, max, color, label }: Bar): string {
  const round = 'height:0.6em;border-radius:0.3em';
  const share = `width:${((100 * value) / max).toFixed(1)}%`;
  return (
    `<div style="position:relative;${round};background:var(--jp-border-color2, #ddd)">` +
    `<div style="${round};${share};background:${color}"></div>` +
    `<progress value="${value}" max="${max}" aria-label="${label}" style="position:absolute;inset:0;width:100%;height:100%;opacity:0"></progress></div>`
  );
}

interface Bar {
  readonly value: number;
  readonly max: number;
  readonly color: string;
  readonly label: string;
}

/** The progress of a fit: epoch, step, rate, loss, time left; below it the curve so far. */
function liveBundle(progress: Progress, seconds: number): MimeBundle {
  const { epoch, epochs, step, stepsPerEpoch, loss, history } = progress;
  const { done, total } = stepsOf(progress);
  const rate = done / seconds;
  const facts = [
    `epoch ${epoch}/${epochs}`,
    `step ${step}/${stepsPerEpoch}`,
    `${rate.toFixed(rate < 10 ? 1 : 0)} steps/s`,
    `loss ${loss.toFixed(4)}`,
    `${clock((total - done) / rate)} left`,
  ];
  const bar = barHtml({
    value: done,
    max: total,
    color: colors[history.framework],
    label: facts[0]!,
  });
  const line = `<div style="display:flex;flex-wrap:wrap;gap:0 1.6em;margin:0.3em 0 0.6em;font-variant-numeric:tabular-nums">${facts.map((fact) => `<span>${fact}</span>`).join('')}</div>`;
  const curve = drawing(trainingCurve(history, progress), {
    height: 320,
    ink: 'var(--jp-ui-font-color1, #7b7b7b)',
  });
  return {
    'text/html': `<div style="max-width:720px">${bar}${line}${curve ?? ''}</div>`,
    'text/plain': facts.join('  '),
  };
}

/**
 * The final picture of a fit, whether it finished or stopped. `took` says how long it took; a headless
 * run leaves that out, so that its outputs are the same each time.
 */
function lastBundle(progress: Progress, ended: boolean, took = ''): MimeBundle {
  const { epochs, epoch, step, history } = progress;
  const { done, total } = stepsOf(progress);
  const name = names[history.framework];
  const accuracy = history.valAccuracy.at(-1);
  const title = ended
    ? `${name}: ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}, ${total} steps${took}`
    : `${name}: stopped in epoch ${epoch} of ${epochs}, at step ${step}${took}`;
  const figure = trainingCurve(history, { ...progress, title });
  const reached =
    accuracy === undefined
      ? ''
      : ` Validation accuracy ${percent(accuracy)} at the end of the last epoch.`;
  return figureBundle({ ...figure, summary: `${figure.summary}${done > 0 ? reached : ''}` });
}

/**
 * Runs a fit with a progress bar and a growing loss curve below the cell, and replaces them with the complete
 * curve. A headless run shows the curve once, at the end.
 * Interrupting the cell stops the fit between two batches; a fit that fails leaves its curve so far.
 *
 * @example
 * const { model, history } = await train((options) => fitPyTorch(recipe, mnist, { ...options, seed }));
 */
export async function train<T>(run: (options: FitOptions) => Promise<T>): Promise<T> {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  const target = kernel();
  const live = target !== undefined && !target.headless;
  let place: DisplayHandle | undefined;
  let shown = -interval;
  let last: Progress | undefined;
  const put = (bundle: MimeBundle) => {
    if (place) place.update(bundle);
    else place = display(bundle);
  };
  const leave = (ended: boolean) => {
    if (last) put(lastBundle(last, ended, live ? ` in ${lasting(seconds())}` : ''));
    else if (place) put({ 'text/plain': 'no step was taken' });
  };
  const onProgress = (progress: Progress) => {
    last = progress;
    if (!live || performance.now() - shown < interval) return;
    shown = performance.now();
    put(liveBundle(progress, seconds()));
  };
  let ended = false;
  if (live) {
    const bar = barHtml({ value: 0, max: 1, color: 'none', label: 'starting' });
    put({ 'text/html': `<div style="max-width:720px">${bar}</div>`, 'text/plain': 'starting …' });
  }
  try {
    const result = await run({ onProgress, signal: target?.signal });
    ended = true;
    return result;
  } finally {
    leave(ended);
  }
}

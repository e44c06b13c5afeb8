import { display } from './display';
import { kernel } from './kernel';
import type { MimeBundle } from './mime';

/** The minimum time between two updates of the display, in milliseconds. */
const interval = 250;

/** The progress of some work; see {@link follow}. */
export interface Standing {
  readonly done: number;
  readonly total: number;
  readonly secondsLeft?: number;
}

function bundle({ done, total, secondsLeft }: Standing, ended = false): MimeBundle {
  if (ended) return { 'text/plain': `${done} of ${total} done` };

  const left = secondsLeft && done < total ? `, about ${Math.ceil(secondsLeft)} s left` : '';
  const text = `${done} of ${total}${left}`;
  return {
    'text/html': `<progress value="${done}" max="${total}" aria-label="${text}"></progress> ${text}`,
    'text/plain': text,
  };
}

/**
 * Runs long work, such as an experiment, with a progress bar below the cell.
 * Interrupting the cell aborts the signal that is passed to the work.
 *
 * @example
 * const record = await follow((options) => runChanges('quick', dataset, options));
 */
export async function follow<T>(
  run: (options: {
    readonly onProgress: (standing: Standing) => void;
    readonly signal?: AbortSignal;
  }) => Promise<T>,
): Promise<T> {
  const target = kernel();
  const place = display({ 'text/plain': 'starting …' });
  let shown = performance.now();
  let last: Standing | undefined;
  const onProgress = (standing: Standing) => {
    last = standing;
    if (target?.headless !== false || performance.now() - shown < interval) return;
    shown = performance.now();
    place.update(bundle(standing));
  };
  try {
    return await run({ onProgress, signal: target?.signal });
  } finally {
    if (target && last) place.update(bundle(last, true));
  }
}

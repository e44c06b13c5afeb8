import { display } from './display';
import { kernel } from './kernel';
import type { MimeBundle } from './mime';

/** Least time between two updates of the display, in milliseconds. */
const interval = 250;

/** How far some work is; see {@link follow}. */
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
 * Runs long work, such as an experiment, with a bar below the cell that says how far it is.
 * Interrupting the cell aborts the signal that the work is given.
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

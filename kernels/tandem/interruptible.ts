import type { RunState } from './run-state';

/** The global function through which compiled cells await. */
export const interruptibleName = '__interruptible__';
/** The global function that each turn of a compiled cell's loops calls. */
export const heedName = '__heed__';

const waiting = new Set<(reason: unknown) => void>();

/**
 * Settles as `value` does, or rejects when the cell is interrupted meanwhile. Awaiting through it
 * ends a loop that waits again and again, which a race around the whole cell would leave running.
 */
function interruptible<T>(value: T | PromiseLike<T>): T | Promise<T> {
  if (typeof (value as PromiseLike<T> | undefined)?.then !== 'function') return value as T;
  return new Promise((resolve, reject) => {
    waiting.add(reject);
    (value as PromiseLike<T>).then(
      (result) => {
        waiting.delete(reject);
        resolve(result);
      },
      (error) => {
        waiting.delete(reject);
        reject(error);
      },
    );
  });
}

Object.defineProperty(globalThis, interruptibleName, { value: interruptible });

/** Rejects everything that cells wait for. */
export function rejectWaiting(reason: unknown): void {
  const pending = [...waiting];
  waiting.clear();
  for (const reject of pending) reject(reason);
}

export const interruptReason = (): DOMException => new DOMException('interrupted', 'AbortError');

/** Ends a cell's loops by an exception when it is interrupted, so that `finally` blocks run. */
export function heedInterrupts(state: RunState): void {
  const heed = () => {
    if (state.interrupted) throw interruptReason();
  };
  Object.defineProperty(globalThis, heedName, { value: heed });
}

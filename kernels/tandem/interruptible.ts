/** The global function through which compiled cells await. */
export const interruptibleName = '__interruptible__';

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

import { cellNames, defineForCells } from './cell-names';
import type { RunState } from './run-state';

const waiting = new Set<(reason: unknown) => void>();

/**
 * Settles as `value` does, or rejects if the cell is interrupted meanwhile. It also ends a loop that
 * awaits again and again, which a race around the whole cell would leave running.
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

/** What `for await` iterates over in place of `source`: an interrupt ends each of its waits. */
function iterate<T>(source: AsyncIterable<T> | Iterable<T | PromiseLike<T>>): AsyncIterable<T> {
  const make = (source as AsyncIterable<T>)[Symbol.asyncIterator];
  if (!make) {
    const values = source as Iterable<T | PromiseLike<T>>;
    return (async function* () {
      for (const value of values) yield await interruptible(value);
    })();
  }
  const iterator = make.call(source);
  return {
    [Symbol.asyncIterator]: () => ({
      next: async () => interruptible(iterator.next()),
      ...(iterator.return && { return: (value) => iterator.return!(value) }),
    }),
  };
}

/** Rejects everything that cells wait for. */
export function rejectWaiting(reason: unknown): void {
  const pending = [...waiting];
  waiting.clear();
  for (const reject of pending) reject(reason);
}

export const interruptReason = (): DOMException => new DOMException('interrupted', 'AbortError');

/** Ends a cell's waits and loops by an exception when it is interrupted, so that `finally` blocks run. */
export function installInterruptChecks(state: RunState): void {
  const checkInterrupt = () => {
    if (state.interrupted) throw interruptReason();
  };
  defineForCells(cellNames.checkInterrupt, checkInterrupt);
  defineForCells(cellNames.interruptible, interruptible);
  defineForCells(cellNames.iterate, iterate);
}

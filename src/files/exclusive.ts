import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { inProject } from './paths';

type WithLock = <T>(path: string, work: () => Promise<T>, wait: string) => Promise<T>;

let last: Promise<unknown> = Promise.resolve();

/**
 * Runs work in a report's folder exclusively, within this process and among runs that share the
 * folder. A killed run blocks nobody.
 */
export function exclusively<T>(output: string, work: () => Promise<T>): Promise<T> {
  const { withLock }: { withLock: WithLock } = require(inProject('src/files/lock.js'));
  const turn = last.then(() => {
    mkdirSync(output, { recursive: true });
    return withLock(
      join(output, '.lock'),
      work,
      'another run is writing into this folder; waiting …',
    );
  });
  last = turn.catch(() => {});
  return turn;
}

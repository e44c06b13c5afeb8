import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { inProject } from '../paths';

type WithLock = <T>(path: string, work: () => Promise<T>, wait: string) => Promise<T>;

let last: Promise<unknown> = Promise.resolve();

/**
 * Does work in a report's folder while no one else does: neither this process nor another run
 * with the same folder. A run that was killed holds nobody up.
 */
export function exclusively<T>(output: string, work: () => Promise<T>): Promise<T> {
  const { withLock }: { withLock: WithLock } = require(inProject('scripts/setup/lock.js'));
  const turn = last.then(() => {
    mkdirSync(output, { recursive: true });
    return withLock(join(output, '.lock'), work, 'another run writes into this folder; waiting …');
  });
  last = turn.catch(() => {});
  return turn;
}

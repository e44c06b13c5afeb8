import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Binding } from './native';

// V8 shows its collector only behind this flag, which may be set at any time.
setFlagsFromString('--expose-gc');
const gc: (options?: { type: 'minor' | 'major' }) => void = runInNewContext('gc');

/** What was held after the last collection, in bytes. */
let live = 0;

/**
 * Frees the tensors that nothing refers to any longer. The addon calls it when 256 MiB to 1 GiB have
 * been made: the young generation first, which takes a millisecond or two and has nearly all
 * temporaries; the whole heap where most of what was made is still held. Meanwhile a hook that refers
 * to its own tensor does not keep it alive.
 */
export function collectGarbage(
  native: Pick<Binding, 'heldBytes' | 'loosenHooks' | 'tightenHooks'>,
): void {
  const before = native.heldBytes();
  live = Math.min(live, before);
  native.loosenHooks();
  gc({ type: 'minor' });
  if (native.heldBytes() - live >= (before - live) / 2) gc();
  native.tightenHooks();
  live = native.heldBytes();
}

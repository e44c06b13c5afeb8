import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Binding } from './native';

// V8 shows its collector only behind this flag, which may be set at any time.
setFlagsFromString('--expose-gc');
const gc: (options?: { type: 'minor' | 'major' }) => void = runInNewContext('gc');

/**
 * Frees the tensors that nothing refers to any longer. The addon calls it when the bytes that it
 * holds have doubled: the young generation first, which takes a millisecond or two and has nearly
 * all temporaries; the whole heap where that was not enough. Meanwhile a hook that refers to its own
 * tensor does not keep it alive.
 */
export function collectGarbage(
  native: Pick<Binding, 'heldBytes' | 'loosenHooks' | 'tightenHooks'>,
): void {
  const before = native.heldBytes();
  native.loosenHooks();
  gc({ type: 'minor' });
  if (native.heldBytes() > before / 2) gc();
  native.tightenHooks();
}

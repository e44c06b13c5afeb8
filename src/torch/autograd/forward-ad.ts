/** Forward-mode differentiation by dual numbers (`torch.autograd.forward_ad`). */
import { operator } from '../dispatch';
import { TorchError } from '../errors';
import { native } from '../native';
import type { Tensor } from '../tensor';

const make = operator<(primal: Tensor, tangent: Tensor, level: number) => Tensor>('_make_dual', [
  '',
]);
const unpack = operator<
  (dual: Tensor, level: number) => { primal: Tensor; tangent: Tensor | null }
>('_unpack_dual', ['']);

let current = -1;

/** Runs a function in which {@link makeDual} may be called; its dual tensors are plain ones afterwards (`dual_level`). */
export function dualLevel<T>(fn: () => T): T {
  enterDualLevel();
  try {
    return fn();
  } finally {
    exitDualLevel();
  }
}

/** Begins a level (`enter_dual_level`). Throws TorchError where there is one already, as in Python. */
export function enterDualLevel(): number {
  const level = native.enterDualLevel();
  if (level !== current + 1) {
    native.exitDualLevel(level);
    throw new TorchError(
      'Entering a new forward AD level but the current level is not valid',
      'RuntimeError',
    );
  }
  current = level;
  return level;
}
/** Ends the level (`exit_dual_level`). */
export function exitDualLevel(options: { level?: number } = {}): void {
  const { level = current } = options;
  if (level !== current) {
    throw new TorchError(
      'Trying to exit a forward AD level that was not the last one that was created. This is not supported.',
      'RuntimeError',
    );
  }
  native.exitDualLevel(level);
  current = level - 1;
}

/** A tensor with a tangent (`make_dual`), which what is computed from it has as well. */
export const makeDual = (tensor: Tensor, tangent: Tensor): Tensor => make(tensor, tangent, 0);

/** A tensor's value and its tangent, null where there is none (`unpack_dual`). */
export function unpackDual(tensor: Tensor): { primal: Tensor; tangent: Tensor | null } {
  const { primal, tangent } = unpack(tensor, 0);
  return { primal, tangent };
}

/** @internal */
export function withForwardGrad<T>(on: boolean, fn: () => T): T {
  const before = native.setForwardGradEnabled(on);
  try {
    return fn();
  } finally {
    native.setForwardGradEnabled(before);
  }
}

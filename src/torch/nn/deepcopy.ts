import { keep } from '../memory';
import { Tensor } from '../tensor';
import { copyInternals, internals } from './internals';
import { isLazy } from './lazy-tensors';
import { showSameMembers } from './members';
import type { Module } from './module';
import { Parameter } from './parameter';

/** A copy of a module, of its tensors and of all inside it. What it holds twice, the copy does too. */
export function deepcopy<M extends Module>(module: M): M {
  return copy(module, new Map()) as M;
}

function copy(value: unknown, copies: Map<object, object>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const known = copies.get(value);
  if (known) return known;
  const remember = <T extends object>(made: T): T => {
    copies.set(value, made);
    return made;
  };
  if (isLazy(value)) return remember(value.deepcopy());
  if (value instanceof Parameter) {
    return remember(new Parameter(value.detach().clone(), value.requiresGrad));
  }
  if (value instanceof Tensor) {
    return remember(keep(value.detach().clone().requiresGrad_(value.requiresGrad)));
  }
  if (Array.isArray(value)) {
    const made: unknown[] = remember([]);
    for (const item of value) made.push(copy(item, copies));
    return made;
  }
  if (value instanceof Map) {
    const made = remember(new Map<unknown, unknown>());
    for (const [key, item] of value) made.set(key, copy(item, copies));
    return made;
  }
  const prototype = Object.getPrototypeOf(value);
  if ('scriptHandle' in value) return remember((value as unknown as Module).deepcopy());
  if (!(internals in value) && prototype !== Object.prototype) return value;
  const made: Record<string, unknown> = remember(Object.create(prototype));
  if (internals in value) {
    Object.assign(made, { [internals]: copyInternals((value as Module)[internals]) });
  }
  for (const [name, item] of Object.entries(value)) made[name] = copy(item, copies);
  showSameMembers(value, made);
  return made;
}

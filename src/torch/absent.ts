import { TorchError } from './errors';

/**
 * A PyTorch name that is not supported. Types reject it with the advice in their message; using it at run time
 * throws a TorchError (NotImplementedError) that says why it is not supported and what to use instead.
 */
export interface NotHere<Advice extends string> {
  readonly notHere: Advice;
}

const absent = new WeakSet<object>();

/** Whether a value stands for a name that is not supported. */
export const isNotHere = (value: unknown): boolean => absent.has(value as object);

export function notHere<const Advice extends string>(
  name: string,
  advice: Advice,
): NotHere<Advice> {
  const refuse = (): never => {
    throw new TorchError(`${name} isn't part of tandem/torch: ${advice}`, 'NotImplementedError');
  };
  const proxy = new Proxy(class {} as unknown as NotHere<Advice>, {
    apply: refuse,
    construct: refuse,
    get(target, property) {
      // A proxy must report properties that can't be changed as they are.
      if (property === 'prototype') return Reflect.get(target, property);
      return typeof property === 'symbol' || isLookedAt(property) ? undefined : refuse();
    },
  });
  absent.add(proxy);
  return proxy;
}

/** Properties that JavaScript itself reads when a module is imported, awaited or printed. */
const isLookedAt = (property: string): boolean =>
  ['then', 'toJSON', 'constructor', '__esModule', 'name', 'length'].includes(property);

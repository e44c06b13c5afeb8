import { TorchError } from './errors';

/**
 * A name of PyTorch's that isn't here. Types refuse it with the advice in their message; so does using it at
 * run time: a TorchError (NotImplementedError) that says why it isn't here and what to use.
 */
export interface NotHere<Advice extends string> {
  readonly notHere: Advice;
}

export function notHere<const Advice extends string>(
  name: string,
  advice: Advice,
): NotHere<Advice> {
  const refuse = (): never => {
    throw new TorchError(`${name} isn't part of tandem/torch: ${advice}`, 'NotImplementedError');
  };
  return new Proxy(class {} as unknown as NotHere<Advice>, {
    apply: refuse,
    construct: refuse,
    get(target, property) {
      // A proxy must tell the truth of what can't be changed.
      if (property === 'prototype') return Reflect.get(target, property);
      return typeof property === 'symbol' || isLookedAt(property) ? undefined : refuse();
    },
  });
}

/** Properties that JavaScript itself asks for: of a module that is imported, awaited, printed. */
const isLookedAt = (property: string): boolean =>
  ['then', 'toJSON', 'constructor', '__esModule', 'name', 'length'].includes(property);

import { TorchError } from '../errors';
import { damaged } from './damaged';

/** A class or function of JavaScript that takes the place of one of Python's. */
// biome-ignore lint/suspicious/noExplicitAny: of any arguments.
export type SafeClass = (new (...args: any[]) => object) | ((...args: any[]) => unknown);

/** A class, and the full name of Python's that it stands for. */
export type SafeEntry = readonly [of: SafeClass, name: string];

const safe = new Map<string, SafeEntry>();

/**
 * Has `torch.load` make objects of your own classes where a file names Python's
 * (`torch.serialization.add_safe_globals`). Python's arguments go to the constructor; a state is given to the
 * object's `setState(state)` where it has one, else its entries become properties. Nothing of the file is run.
 *
 * @example
 * class Namespace {}
 * torch.serialization.addSafeGlobals([[Namespace, 'argparse.Namespace']]);
 */
export function addSafeGlobals(entries: readonly SafeEntry[]): void {
  for (const entry of entries) {
    const [of, name] = Array.isArray(entry) ? entry : [entry as unknown, undefined];
    if (typeof of !== 'function' || typeof name !== 'string') {
      throw new TorchError(
        "addSafeGlobals(): give pairs of a class and Python's full name for it: [[Namespace, 'argparse.Namespace']]",
        'TypeError',
      );
    }
    safe.set(name, entry);
  }
}

/** What {@link addSafeGlobals} was given. */
export const getSafeGlobals = (): SafeEntry[] => [...safe.values()];
/** Forgets what {@link addSafeGlobals} was given. */
export const clearSafeGlobals = (): void => safe.clear();

const objects = new WeakSet<object>();

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** One of them while a file is read. */
export class SafeGlobal {
  constructor(private readonly of: SafeClass) {}

  make(args: readonly unknown[]): unknown {
    const isClass =
      this.of.prototype !== undefined && Object.getOwnPropertyNames(this.of).includes('prototype');
    const value = isClass
      ? new (this.of as new (...args: unknown[]) => object)(...args)
      : (this.of as (...args: unknown[]) => unknown)(...args);
    if (isObject(value)) objects.add(value);
    return value;
  }

  static made(value: unknown): boolean {
    return isObject(value) && objects.has(value);
  }

  static build(object: object, state: unknown): void {
    if ('setState' in object && typeof object.setState === 'function') object.setState(state);
    else if (state instanceof Map)
      for (const [key, value] of state) define(object, String(key), value);
    else throw damaged(`${object.constructor.name} has no setState, but is given a state`);
  }
}

// Also where the name is `__proto__`.
const define = (object: object, name: string, value: unknown) =>
  Object.defineProperty(object, name, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });

export const safeGlobal = (name: string): SafeGlobal | undefined => {
  const entry = safe.get(name);
  return entry && new SafeGlobal(entry[0]);
};

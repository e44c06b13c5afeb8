import { isOptions } from '../dispatch';
import type { Handle } from '../native';
import { Generator } from '../random';
import { isOwnName } from '../serialization/plain-values';
import { Tensor } from '../tensor';

/** An object of TorchScript that is not a module: an instance of a class of the model's own. */
export class ScriptObject {
  /** @internal */
  readonly handle: Handle;

  /** @internal */
  constructor(handle: Handle) {
    this.handle = handle;
  }
}

/** What stands for an object of TorchScript: {@link ScriptObject}, or a module. */
export interface Scripted {
  readonly scriptHandle: Handle;
}

const isScripted = (value: object): value is Scripted => 'scriptHandle' in value;

/** A value as the addon takes it: dicts are marked as such, since arrays are tuples and lists. */
export function toScript(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Tensor || value instanceof Generator) return value.handle;
  if (value instanceof ScriptObject) return { script: value.handle };
  if (isScripted(value)) return { script: value.scriptHandle };
  const values = (list: Iterable<readonly [unknown, unknown]>) => ({
    entries: Array.from(list, ([key, item]) => [toScript(key), toScript(item)]),
  });
  if (value instanceof Map) return values(value);
  if (Symbol.iterator in value) return Array.from(value as Iterable<unknown>, toScript);
  return isOptions(value) ? values(Object.entries(value)) : value;
}

type Marked = Partial<
  Record<'entries' | 'names' | 'values', unknown[]> & {
    script: Handle;
    isModule: boolean;
    re: number;
  }
>;

/**
 * A value of TorchScript in JavaScript's kinds: a dict whose keys are names as a plain object, any other as a Map; lists
 * and tuples as arrays, those of a named tuple by their names as well.
 */
export function fromScript(value: unknown, module: (handle: Handle) => unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => fromScript(item, module));
  // A handle has no prototype.
  if (Object.getPrototypeOf(value) === null) return new Tensor(value as Handle);
  const { entries, names, values, script, isModule } = value as Marked;
  if (script) return isModule ? module(script) : new ScriptObject(script);
  if (entries) {
    const pairs = (entries as [unknown, unknown][]).map(
      ([key, item]) => [fromScript(key, module), fromScript(item, module)] as const,
    );
    return pairs.every(([key]) => isOwnName(key)) ? Object.fromEntries(pairs) : new Map(pairs);
  }
  if (!names) return value;
  const items = values!.map((item) => fromScript(item, module));
  return Object.assign([...items], Object.fromEntries(names.map((name, i) => [name, items[i]])));
}

import { Tensor } from '../tensor';
import { damaged } from './damaged';
import { OrderedDict } from './object-reader';
import { Dict } from './pickle-reader';
import { SafeGlobal } from './safe-globals';
import { Storage } from './storages';
import { Named, Size, Tuple } from './values';

const deepest = 1000;

/** How often a file may repeat an object; more would take too long to walk through. */
const mostRepeats = 16;
const fewValues = 1_000_000;

/** Keys that an object would reorder or treat in its own way. */
export const isOwnName = (key: unknown) =>
  typeof key === 'string' && !/^\d+$/.test(key) && key !== '__proto__';

interface Done {
  readonly value: unknown;
  /** Levels of containers below and including it. */
  readonly height: number;
  /** Values in it, those of a shared container counted each time. */
  readonly count: number;
}

const leaf = (value: unknown): Done => ({ value, height: 0, count: 1 });

/**
 * Turns what a pickle holds into JavaScript's own kinds: a dict into a plain object where its keys
 * are names, else into a Map; an OrderedDict into a Map; dtypes, devices and layouts into strings.
 * Throws TorchError if a container holds itself or if nobody could walk through them all.
 */
export function toPlain(root: unknown): unknown {
  const done = new Map<object, Done | null>();
  let different = 0;

  const convert = (value: unknown, depth: number): Done => {
    different++;
    if (typeof value !== 'object' || value === null) return leaf(value);
    const known = done.get(value);
    if (known === null) throw damaged('a container contains itself');
    if (known) return known;
    if (depth > deepest) throw damaged('the values are nested too deeply');
    done.set(value, null);
    const result = convertObject(value, depth);
    if (result.height > deepest) throw damaged('the values are nested too deeply');
    done.set(value, result);
    return result;
  };

  /** An object of a class of one's own: in place. */
  const convertMembers = (value: object, depth: number): Done => {
    let height = 0;
    let count = 1;
    for (const [name, member] of Object.entries(value)) {
      const result = convert(member, depth + 1);
      height = Math.max(height, result.height);
      count += result.count;
      (value as Record<string, unknown>)[name] = result.value;
    }
    return { value, height: height + 1, count };
  };

  const convertObject = (value: object, depth: number): Done => {
    if (value instanceof Tensor || value instanceof Uint8Array) return leaf(value);
    if (value instanceof Storage) return leaf(value.toTensor());
    if (SafeGlobal.made(value)) return convertMembers(value, depth);
    if (value instanceof Named) return leaf(value.name);
    let height = 0;
    let count = 1;
    const inner = (item: unknown) => {
      const result = convert(item, depth + 1);
      height = Math.max(height, result.height);
      count += result.count;
      return result.value;
    };
    const finish = (converted: unknown): Done => ({ value: converted, height: height + 1, count });
    if (value instanceof Size) return leaf(value);
    if (Array.isArray(value)) {
      const items = value instanceof Tuple ? new Tuple() : [];
      for (const item of value) items.push(inner(item));
      return finish(items);
    }
    if (value instanceof Set) return finish(new Set(Array.from(value, inner)));
    if (value instanceof OrderedDict) {
      const map = new Map(Array.from(value, ([key, item]) => [inner(key), inner(item)] as const));
      if (value._metadata !== undefined) {
        Object.defineProperty(map, '_metadata', {
          value: inner(value._metadata),
          writable: true,
          configurable: true,
        });
      }
      return finish(map);
    }
    if (value instanceof Dict) {
      const entries = Array.from(value, ([key, item]) => [inner(key), inner(item)] as const);
      const asObject = entries.every(([key]) => isOwnName(key));
      return finish(asObject ? Object.fromEntries(entries) : new Map(entries));
    }
    if ('re' in value && 'im' in value) return leaf(value);
    throw damaged('a value is of a kind that stands for nothing');
  };

  const { value, count } = convert(root, 0);
  if (count > fewValues + mostRepeats * different) {
    throw damaged('the same containers are repeated too often');
  }
  return value;
}

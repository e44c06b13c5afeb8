import { TorchError } from '../errors';
import { native } from '../native';
import { Module, Parameter } from '../nn';
import { Tensor } from '../tensor';

/** A tensor on its way to another thread: a plain value that `postMessage` and `workerData` take. */
export interface SharedTensor {
  /** Holds the tensor's memory for as long as any thread, or a message on its way to one, has it. */
  readonly sharedTensor: SharedArrayBuffer;
  readonly isParameter: boolean;
}

type Leaf = number | string | boolean | bigint | null | undefined | Date | RegExp | Error;

/** A value with a {@link SharedTensor} in place of each tensor. */
export type Shared<T> = T extends Tensor
  ? SharedTensor
  : T extends Leaf | ArrayBufferView | ArrayBufferLike
    ? T
    : T extends ReadonlyMap<infer K, infer V>
      ? Map<K, Shared<V>>
      : T extends object
        ? { [K in keyof T]: Shared<T[K]> }
        : T;

/** A value with its tensors in place of what {@link Shared} has for them. */
export type FromShared<T> = T extends SharedTensor
  ? Tensor
  : T extends Leaf | ArrayBufferView | ArrayBufferLike
    ? T
    : T extends ReadonlyMap<infer K, infer V>
      ? Map<K, FromShared<V>>
      : T extends object
        ? { [K in keyof T]: FromShared<T[K]> }
        : T;

/**
 * A value as another thread can take it, by {@link fromShared}: tensors in it, also inside arrays, maps and plain
 * objects, become {@link SharedTensor}s on the same memory; nothing is copied. What is shared can be taken
 * any number of times, or not at all, and holds the memory meanwhile. As in Python's `torch.multiprocessing` the tensors
 * keep `requiresGrad` and lose their gradients and hooks; their storage can't be resized any more.
 *
 * Throws TorchError for a tensor that requires a gradient and is not a leaf, and for a module: share its state dict.
 *
 * @example
 * worker.postMessage(torch.share({ state: net.stateDict(), x }));
 */
export function share<T>(value: T): Shared<T> {
  const known = new Map<object, unknown>();
  return walk(value, known, (item) => {
    if (item instanceof Module) {
      throw new TorchError(
        "share(): a module's code can't be sent to another thread; share its stateDict(), and load it there into a module of the " +
          'same class by loadStateDict(torch.fromShared(state), { assign: true })',
        'TypeError',
        'share',
      );
    }
    if (!(item instanceof Tensor)) return undefined;
    const sharedTensor = native.shareTensor(item.handle);
    return { sharedTensor, isParameter: item instanceof Parameter } satisfies SharedTensor;
  }) as Shared<T>;
}

/**
 * What another thread has shared by {@link share}, with tensors again: each on the memory that the other thread's has, a leaf
 * of a graph of this thread's own. What was one tensor is one here. Throws TorchError (ValueError) for what
 * doesn't come from this process.
 */
export function fromShared<T>(value: T): FromShared<T> {
  const known = new Map<object, unknown>();
  return walk(value, known, (item) => {
    const { sharedTensor, isParameter } = item as Partial<SharedTensor>;
    if (!(sharedTensor instanceof SharedArrayBuffer)) return undefined;
    const [id] = sharedTensor.byteLength === 8 ? new Float64Array(sharedTensor) : [];
    if (!Number.isSafeInteger(id)) throw notOurs();
    const tensor = new Tensor(native.sharedTensor(id!));
    return isParameter ? new Parameter(tensor, tensor.requiresGrad) : tensor;
  }) as FromShared<T>;
}

const notOurs = () =>
  new TorchError('this is not a tensor that torch.share gave in this process', 'ValueError');

/** Copies lists, maps, sets and plain objects with what `convert` makes of the objects inside. */
function walk(
  value: unknown,
  known: Map<object, unknown>,
  convert: (item: object) => unknown,
): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (known.has(value)) return known.get(value);
  const remember = <T>(made: T): T => {
    known.set(value, made);
    return made;
  };
  const converted = convert(value);
  if (converted !== undefined) return remember(converted);
  const each = (item: unknown) => walk(item, known, convert);
  if (Array.isArray(value)) {
    const list: unknown[] = remember([]);
    for (const item of value) list.push(each(item));
    return list;
  }
  if (value instanceof Map) {
    const map = remember(new Map<unknown, unknown>());
    for (const [key, item] of value) map.set(key, each(item));
    return map;
  }
  if (value instanceof Set) {
    const set = remember(new Set<unknown>());
    for (const item of value) set.add(each(item));
    return set;
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return value;
  const made: Record<string, unknown> = remember({});
  for (const [name, item] of Object.entries(value)) made[name] = each(item);
  return made;
}

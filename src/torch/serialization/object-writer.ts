import { lookUp } from '../dispatch';
import { TorchError } from '../errors';
import { native } from '../native';
import { Parameter } from '../nn/parameter';
import { Tensor } from '../tensor';
import type { DType } from '../types';
import { PickleWriter } from './pickle-writer';
import { itemSize, laterDTypes, Named, Size, storageNames, Tuple, tuple } from './values';

/** As deep as Python's own pickler goes by default. */
const deepest = 1000;

const refused = (message: string) => new TorchError(`save(): ${message}`, 'PicklingError', 'save');

const isPlain = (value: object): value is Record<string, unknown> => {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

const isFloat = (value: object): value is { float: number } =>
  'float' in value && typeof value.float === 'number' && Object.keys(value).length === 1;

const isComplex = (value: object): value is { re: number; im: number } =>
  're' in value &&
  'im' in value &&
  typeof value.re === 'number' &&
  typeof value.im === 'number' &&
  Object.keys(value).length === 2;

/** A storage that was referred to, and the number of its record. */
export interface SavedStorage {
  readonly number: number;
  readonly dtype: DType;
  /** A tensor on the storage. */
  readonly tensor: Tensor;
  /** Bytes of the storage. */
  readonly size: number;
}

const indicesOf = lookUp('_indices');
const valuesOf = lookUp('_values');

/** Turns values into a pickle as Python's `torch.save` does, and gathers their storages. */
export class ObjectWriter {
  /** The storages by their addresses, in the order of their first use. */
  readonly storages = new Map<number, SavedStorage>();
  private readonly pickle = new PickleWriter();
  private readonly open = new Set<object>();

  /** The pickle of a value. */
  write(value: unknown): Buffer {
    this.value(value);
    return this.pickle.finish();
  }

  private value(value: unknown): void {
    const { pickle } = this;
    if (value === undefined || value === null) pickle.none();
    else if (typeof value === 'boolean') pickle.bool(value);
    else if (typeof value === 'string') pickle.string(value);
    else if (typeof value === 'bigint') pickle.int(value);
    else if (typeof value === 'number') {
      if (Number.isSafeInteger(value) && !Object.is(value, -0)) pickle.int(value);
      else pickle.float(value);
    } else if (typeof value === 'object') this.object(value);
    else throw refused(`a ${typeof value} can't be saved`);
  }

  private object(value: object): void {
    if (this.open.has(value)) throw refused('a container contains itself');
    if (this.pickle.recall(value)) return;
    if (this.open.size >= deepest) throw refused('the values are nested too deeply');
    this.open.add(value);
    this.newObject(value);
    this.open.delete(value);
  }

  private newObject(value: object): void {
    const { pickle } = this;
    if (value instanceof Parameter) this.parameter(value);
    else if (value instanceof Tensor) this.tensor(value, value);
    else if (value instanceof Size) {
      pickle.global('torch', 'Size');
      pickle.tuple([() => pickle.tuple(this.each(value))]);
      pickle.reduce(value);
    } else if (value instanceof Tuple) pickle.tuple(this.each(value), value);
    else if (Array.isArray(value)) pickle.list(this.each(value), value);
    else if (value instanceof Map) this.map(value);
    else if (value instanceof Set) {
      pickle.global('__builtin__', 'set');
      pickle.tuple([() => pickle.list(this.each([...value]))]);
      pickle.reduce(value);
    } else if (value instanceof Uint8Array) this.bytes(value);
    else if (value instanceof Named) this.named(value);
    else if (!isPlain(value)) {
      const { name } = value.constructor;
      throw refused(`a ${name} can't be saved; save its state dict, or plain values`);
    } else if (isFloat(value)) pickle.float(value.float);
    else if (isComplex(value)) {
      pickle.global('__builtin__', 'complex');
      pickle.tuple([() => pickle.float(value.re), () => pickle.float(value.im)]);
      pickle.reduce(value);
    } else {
      pickle.emptyDict(value);
      pickle.items(this.pairs(Object.entries(value)));
    }
  }

  private each(values: readonly unknown[]): (() => void)[] {
    // Array.from calls on holes too, and never makes another Tuple.
    return Array.from(values, (value) => () => this.value(value));
  }

  private pairs(entries: readonly (readonly [unknown, unknown])[]): (() => void)[] {
    return entries.map(([key, value]) => () => {
      this.value(key);
      this.value(value);
    });
  }

  /** A map with names for keys is an OrderedDict, as state dicts are; any other is a dict. */
  private map(map: Map<unknown, unknown>): void {
    const { pickle } = this;
    const entries = [...map];
    if (!entries.every(([key]) => typeof key === 'string')) {
      pickle.emptyDict(map);
      pickle.items(this.pairs(entries));
      return;
    }
    this.orderedDict(map);
    pickle.items(this.pairs(entries), true);
    const metadata = (map as { _metadata?: unknown })._metadata;
    if (metadata === undefined) return;
    pickle.emptyDict();
    pickle.items(this.pairs([['_metadata', metadata]]));
    pickle.build();
  }

  private orderedDict(key?: unknown): void {
    this.pickle.global('collections', 'OrderedDict');
    this.pickle.tuple([]);
    this.pickle.reduce(key);
  }

  private bytes(value: Uint8Array): void {
    const { pickle } = this;
    const text = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1');
    pickle.global('_codecs', 'encode');
    pickle.tuple([() => pickle.string(text), () => pickle.string('latin1')]);
    pickle.reduce(value);
  }

  private named({ kind, name }: Named): void {
    const { pickle } = this;
    if (kind === 'dtype') {
      pickle.global('torch', name);
      return;
    }
    if (kind === 'device') pickle.global('torch', 'device');
    else pickle.global('torch.serialization', '_get_layout');
    const [type, index] = name.split(':');
    const full = kind === 'layout' ? `torch.${name}` : type!;
    const parts = [() => pickle.string(full)];
    if (index !== undefined) parts.push(() => pickle.int(Number(index)));
    pickle.tuple(parts);
    pickle.reduce();
  }

  private parameter(parameter: Parameter): void {
    const { pickle } = this;
    pickle.global('torch._utils', '_rebuild_parameter');
    pickle.tuple([
      () => this.tensor(parameter.detach()),
      () => pickle.bool(parameter.requiresGrad),
      () => this.orderedDict(),
    ]);
    pickle.reduce(parameter);
  }

  private tensor(tensor: Tensor, key?: unknown): void {
    const { dtype } = tensor;
    if (tensor.layout !== 'strided') this.sparse(tensor, key);
    else if (tensor.isMeta) this.meta(tensor, key);
    else if (storageNames.has(dtype)) this.strided(tensor, '_rebuild_tensor_v2', [], key);
    else if (laterDTypes.includes(dtype)) {
      const type = () => this.pickle.global('torch', dtype);
      this.strided(tensor, '_rebuild_tensor_v3', [type], key);
    } else throw refused(`a tensor of dtype ${dtype} can't be saved`);
  }

  private strided(tensor: Tensor, rebuild: string, more: (() => void)[], key: unknown): void {
    const { pickle } = this;
    const bits = { conj: tensor.isConj(), neg: tensor.isNeg() };
    const set = Object.entries(bits).filter(([, bit]) => bit);
    pickle.global('torch._utils', rebuild);
    pickle.tuple([
      () => this.storage(tensor),
      () => pickle.int(tensor.storageOffset()),
      () => this.ints(tensor.shape),
      () => this.ints(tensor.stride()),
      () => pickle.bool(tensor.requiresGrad),
      () => this.orderedDict(),
      ...more,
      ...(set.length > 0 ? [() => this.value(Object.fromEntries(set))] : []),
    ]);
    pickle.reduce(key);
  }

  private ints(values: readonly number[]): void {
    this.pickle.tuple(values.map((value) => () => this.pickle.int(value)));
  }

  private meta(tensor: Tensor, key: unknown): void {
    const { pickle } = this;
    pickle.global('torch._utils', '_rebuild_meta_tensor_no_storage');
    pickle.tuple([
      () => pickle.global('torch', tensor.dtype),
      () => this.ints(tensor.shape),
      () => this.ints(tensor.stride()),
      () => pickle.bool(tensor.requiresGrad),
    ]);
    pickle.reduce(key);
  }

  private sparse(tensor: Tensor, key: unknown): void {
    const { pickle } = this;
    const { layout } = tensor;
    if (layout === '_mkldnn') throw refused("a tensor in the layout of oneDNN can't be saved");
    const rows = layout === 'sparse_csr' || layout === 'sparse_bsr';
    const parts =
      layout === 'sparse_coo'
        ? [indicesOf([tensor]) as Tensor, valuesOf([tensor]) as Tensor]
        : rows
          ? [tensor.crowIndices(), tensor.colIndices(), tensor.values()]
          : [tensor.ccolIndices(), tensor.rowIndices(), tensor.values()];
    const size = Size.of(...tensor.shape);
    const data = tuple<unknown>(...parts.map((part) => part.detach()), size);
    if (layout === 'sparse_coo') data.push(tensor.isCoalesced());
    pickle.global('torch._utils', '_rebuild_sparse_tensor');
    pickle.tuple([() => this.named(new Named('layout', layout)), () => this.value(data)]);
    pickle.reduce(key);
  }

  private storage(tensor: Tensor): void {
    const { pickle } = this;
    const { dtype } = tensor;
    const typed = storageNames.get(dtype);
    const stored: DType = typed ? dtype : 'uint8';
    const id = native.storageId(tensor.handle);
    const known = this.storages.get(id);
    if (known && known.dtype !== stored && known.size > 0) {
      throw new TorchError(
        'Cannot save multiple tensors or storages that view the same data as different types',
        'RuntimeError',
        'save',
      );
    }
    const storage = known ?? {
      number: this.storages.size,
      dtype: stored,
      tensor,
      size: native.storageSize(tensor.handle),
    };
    this.storages.set(id, storage);
    pickle.tuple([
      () => pickle.string('storage'),
      () =>
        typed ? pickle.global('torch', typed) : pickle.global('torch.storage', 'UntypedStorage'),
      () => pickle.string(String(storage.number)),
      () => pickle.string(String(tensor.device)),
      () => pickle.int(Math.floor(storage.size / itemSize(stored))),
    ]);
    pickle.persistent();
  }
}

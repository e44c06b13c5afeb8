import { lookUp } from '../dispatch';
import { empty } from '../generated/functions';
import type { Tensor } from '../tensor';
import type { Device, DType } from '../types';
import type { ByteSource } from './byte-source';
import { damaged, shown } from './damaged';
import { storageParts } from './tensor-bytes';
import { itemSize, Named, storageNames, Tuple } from './values';

/** A class of storages, as a pickle names it; one without a dtype holds plain bytes. */
export class StorageClass {
  constructor(readonly dtype: DType | null) {}
}

/** A storage: a tensor of bytes over all of it. */
export class Storage {
  constructor(
    readonly type: StorageClass,
    readonly bytes: Tensor,
    readonly size: number,
  ) {}

  /** All of it as a flat tensor, for a storage that a file holds by itself. */
  toTensor(): Tensor {
    const dtype = this.type.dtype;
    if (!dtype || dtype.startsWith('q')) return this.bytes;
    return empty([0], { dtype, device: this.bytes.device }).set_(
      this.bytes,
      0,
      [this.size / itemSize(dtype)],
      [1],
    );
  }

  static ofSize(type: StorageClass, size: number): Storage {
    return new Storage(type, empty([size], { dtype: 'uint8', device: 'cpu' }), size);
  }

  /** Fills the storage's memory from a file. */
  readFrom(source: ByteSource, position: number): void {
    let at = position;
    for (const part of storageParts(this.bytes)) {
      source.readInto(part, at);
      at += part.length;
    }
  }
}

/** What a persistent id says: `('storage', class, key, location, elements)`. */
export interface StorageId {
  readonly type: StorageClass;
  readonly key: string;
  /** Where the storage was when it was saved, such as `'cuda:0'`. */
  readonly location: string;
  /** Bytes. */
  readonly size: number;
}

/** Reads a persistent id. Throws TorchError if it doesn't name a storage. */
export function storageId(id: unknown): StorageId {
  if (!(id instanceof Tuple) || id.length < 5 || id[0] !== 'storage') {
    throw damaged("a persistent id doesn't name a storage");
  }
  const [, type, key, location, elements, view] = id;
  if (view !== undefined && view !== null) throw damaged('a storage is a part of another one');
  if (!(type instanceof StorageClass)) throw damaged('a storage is of an unknown class');
  if (typeof key !== 'string') throw damaged('the key of a storage is no string');
  const size = checkedInt(elements, 'the size of a storage') * itemSize(type.dtype ?? 'uint8');
  return { type, key, location: String(location), size };
}

function checkedInt(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw damaged(`${what} is ${shown(value)}`);
  }
  return value;
}

export function checkedInts(value: unknown, what: string): number[] {
  if (!Array.isArray(value)) throw damaged(`${what} is no list of numbers`);
  return Array.from(value, (item) => checkedInt(item, what));
}

export function checkedDtype(value: unknown): DType {
  if (value instanceof Named && value.kind === 'dtype') return value.name as DType;
  throw damaged('a dtype is none');
}

/** More dimensions than libtorch's own loops take. */
const mostDimensions = 64;

/**
 * Checks a shape before libtorch sees it, and gives the number of its elements. Throws TorchError
 * where there are too many of them to count.
 */
export function checkedShape(value: unknown): { shape: number[]; count: number } {
  const shape = checkedInts(value, 'a size');
  if (shape.length > mostDimensions) throw damaged(`a tensor has ${shape.length} dimensions`);
  const count = shape.includes(0) ? 0 : shape.reduce((product, size) => product * size, 1);
  if (count * 16 > Number.MAX_SAFE_INTEGER) throw damaged('a tensor has too many elements');
  return { shape, count };
}

const negView = lookUp('_neg_view');
const affine = lookUp('_empty_affine_quantized', ['']);
const perChannel = lookUp('_empty_per_channel_affine_quantized', ['']);

/** An empty tensor to be set onto a storage; a quantised one has its scheme, scales and zero points. */
function blank(dtype: DType, quantizer: readonly unknown[] | undefined, device: Device): Tensor {
  if (!quantizer) return empty([0], { dtype, device });
  const [scheme, scale, zeroPoint, axis] = quantizer;
  const name = scheme instanceof Named ? scheme.name : '';
  if (name === 'per_tensor_affine' && typeof scale === 'number' && typeof zeroPoint === 'number') {
    return affine([[0], { scale, zeroPoint, dtype, device }]) as Tensor;
  }
  if (/^per_channel_affine/.test(name) && typeof axis === 'number') {
    const [scales, zeroPoints] = [scale, zeroPoint] as [Tensor, Tensor];
    const sizes = Array.from({ length: axis + 1 }, (_, i) => (i === axis ? scales.numel() : 0));
    return perChannel([sizes, { scales, zeroPoints, axis, dtype, device }]) as Tensor;
  }
  throw damaged(`the quantisation scheme ${shown(name)} is unknown`);
}

/**
 * A tensor on a storage (`torch._utils._rebuild_tensor_v2`). Throws TorchError if any of its
 * elements would lie outside the storage: libtorch would make the storage larger instead.
 */
export function viewStorage(
  args: readonly unknown[],
  dtype: DType,
  bits: unknown,
  quantizer?: readonly unknown[],
): Tensor {
  const [storage, offset, size, stride, requiresGrad] = args;
  if (!(storage instanceof Storage)) throw damaged('a tensor has no storage');
  const { shape, count } = checkedShape(size);
  const strides = checkedInts(stride, 'a stride');
  const start = checkedInt(offset, 'the offset of a tensor');
  if (strides.length !== shape.length) throw damaged('a tensor has more sizes than strides');
  const last = shape.reduce((at, length, i) => at + (length - 1) * strides[i]!, start);
  const end = (count === 0 ? start : last + 1) * itemSize(dtype);
  if (!(end <= storage.size) && count > 0) throw damaged('a tensor reaches out of its storage');
  if (!Number.isSafeInteger(end) || strides.some((step) => step > Number.MAX_SAFE_INTEGER / 16)) {
    throw damaged('a tensor reaches out of its storage');
  }
  if (count === 0 && start * itemSize(dtype) > storage.size) {
    throw damaged('a tensor begins outside its storage');
  }
  let tensor = blank(dtype, quantizer, storage.bytes.device).set_(
    storage.bytes,
    start,
    shape,
    strides,
  );
  if (bits instanceof Map) {
    for (const name of bits.keys()) {
      if (name !== 'conj' && name !== 'neg')
        throw damaged(`a tensor has the unknown bit ${shown(name)}`);
    }
    if (bits.get('conj') === true) tensor = tensor.conj();
    if (bits.get('neg') === true) tensor = negView([tensor]) as Tensor;
  }
  return requiresGrad === true ? tensor.requiresGrad_() : tensor;
}

/** Storage classes by their full names, such as `torch.FloatStorage`. */
export const storageClasses: ReadonlyMap<string, StorageClass> = new Map([
  ...Array.from(
    storageNames,
    ([dtype, name]) => [`torch.${name}`, new StorageClass(dtype)] as const,
  ),
  ['torch.QInt8Storage', new StorageClass('qint8')],
  ['torch.QUInt8Storage', new StorageClass('quint8')],
  ['torch.QInt32Storage', new StorageClass('qint32')],
  ['torch.storage.UntypedStorage', new StorageClass(null)],
  ['torch.UntypedStorage', new StorageClass(null)],
]);

import { TorchError } from '../errors';
import type { ByteSource } from './byte-source';
import { damaged, shown } from './damaged';
import { ObjectReader } from './object-reader';
import { PickleReader } from './pickle-reader';
import { Storage, type StorageId } from './storages';
import { itemSize } from './values';

/** The pickled number that the files of before PyTorch 1.6 begin with. */
const magic = Buffer.from('80028a0a6cfc9c46f920', 'hex');

/** All that comes in front of the storages. */
const longestPickles = 1 << 28;

export function isLegacy(source: ByteSource): boolean {
  return source.size > 64 && source.read(0, magic.length).equals(magic);
}

/**
 * Reads the format that `torch.save` wrote before PyTorch 1.6: three pickles about the file, one with
 * the value, one with the keys of the storages, and then their elements, each after its count.
 */
export function loadLegacy(
  source: ByteSource,
  place: (storage: Storage, location: string) => Storage,
): unknown {
  const bytes = source.read(0, Math.min(source.size, longestPickles));
  const storages = new Map<string, Storage>();
  let promised = 0;
  const storage = ({ type, key, size, location }: StorageId): Storage => {
    const known = storages.get(key);
    if (known) {
      if (known.size < size) throw damaged(`the storage ${key} is larger than before`);
      return known;
    }
    promised += size;
    if (promised > source.size) throw damaged('the storages are larger than the file');
    const made = Storage.ofSize(type, size);
    if (place(made, location) !== made) {
      throw new TorchError(
        'load(): a file of before PyTorch 1.6 loads to the CPU only; move its tensors by x.to(device)',
        'ValueError',
      );
    }
    storages.set(key, made);
    return made;
  };
  const world = new ObjectReader(storage);
  let position = 0;
  const next = (): unknown => {
    const reader = new PickleReader(bytes, world, position);
    const value = reader.read();
    position = reader.position;
    return value;
  };
  next();
  if (next() !== 1001) throw damaged('the protocol of the file is unknown');
  next();
  const value = next();
  const keys = next();
  if (!Array.isArray(keys)) throw damaged('the file has no list of its storages');
  const missing = new Set(storages.keys());
  for (const key of keys) {
    const made = storages.get(key as string);
    if (!made || !missing.delete(key as string)) {
      throw damaged(`the storage ${shown(key)} is not referred to`);
    }
    if (position + 8 + made.size > source.size) throw damaged('the file ends inside a storage');
    const count = source.read(position, 8).readBigInt64LE(0);
    if (count * BigInt(itemSize(made.type.dtype ?? 'uint8')) !== BigInt(made.size)) {
      throw damaged(`the storage ${shown(key)} doesn't have the declared size`);
    }
    made.readFrom(source, position + 8);
    position += 8 + made.size;
  }
  if (missing.size > 0) throw damaged('the file lacks a storage');
  return value;
}

import { noGrad } from '../autograd';
import { device as deviceOf, isDevice } from '../device';
import { TorchError } from '../errors';
import { tidy } from '../memory';
import { native } from '../native';
import { Tensor } from '../tensor';
import type { Device } from '../types';
import { type ByteSource, type FileLike, openSource } from './byte-source';
import { damaged } from './damaged';
import { isLegacy, loadLegacy } from './legacy';
import { ObjectReader } from './object-reader';
import { PickleReader } from './pickle-reader';
import { toPlain } from './plain-values';
import * as safetensors from './safetensors';
import { Storage, type StorageId } from './storages';
import { storageParts } from './tensor-bytes';
import { checkCrc, readEntries, type ZipEntry } from './zip-reader';

/** The records of an archive, all of which lie in one folder. */
class Archive {
  private readonly entries: Map<string, ZipEntry>;
  private readonly root: string;
  private readonly storages = new Map<string, Storage>();

  constructor(
    private readonly source: ByteSource,
    private readonly place: Placement,
  ) {
    this.entries = readEntries(source);
    const pickle = [...this.entries.keys()].find((name) => /^[^/]*\/data\.pkl$/.test(name));
    if (pickle === undefined)
      throw damaged('the zip archive is not from PyTorch: it has no data.pkl');
    this.root = pickle.slice(0, -'data.pkl'.length);
    if (this.entries.has(`${this.root}constants.pkl`)) {
      throw damaged('the file is a TorchScript archive, which holds a program');
    }
    const order = this.entries.has(`${this.root}byteorder`) ? this.record('byteorder') : 'little';
    if (String(order) !== 'little') throw damaged(`the file's byte order is ${String(order)}`);
  }

  private entry(path: string): ZipEntry {
    const entry = this.entries.get(this.root + path);
    if (!entry) throw damaged(`the zip archive has no record ${path}`);
    if (!entry.stored) {
      throw damaged(`the record ${path} is compressed, which PyTorch's own are not`);
    }
    return entry;
  }

  private record(path: string): Buffer {
    const entry = this.entry(path);
    const bytes = this.source.read(entry.position, entry.size);
    checkCrc([bytes], entry, path);
    return bytes;
  }

  private storage({ type, key, size, location }: StorageId): Storage {
    const known = this.storages.get(key);
    if (known) {
      if (known.size < size) throw damaged(`the storage ${key} is larger than its record`);
      return known.type.dtype === type.dtype ? known : new Storage(type, known.bytes, known.size);
    }
    const path = `data/${key}`;
    const entry = this.entry(path);
    if (entry.size !== size) {
      throw damaged(`the storage ${key} has ${size} bytes, but its record has ${entry.size}`);
    }
    const storage = Storage.ofSize(type, size);
    storage.readFrom(this.source, entry.position);
    checkCrc(storageParts(storage.bytes), entry, path);
    const placed = this.place(storage, location);
    this.storages.set(key, placed);
    return placed;
  }

  value(): unknown {
    const world = new ObjectReader((id) => this.storage(id));
    return new PickleReader(this.record('data.pkl'), world).read();
  }
}

function loadFrom(source: ByteSource, place: Placement, asked: boolean): unknown {
  const head = source.read(0, Math.min(source.size, 4));
  if (head.length === 4 && head.readUInt32LE(0) === 0x04034b50) {
    return new Archive(source, place).value();
  }
  // Its reader takes tensors to the CPU only: an error says so where another place was asked for.
  if (isLegacy(source)) return loadLegacy(source, asked ? place : (storage) => storage);
  throw damaged('the file was not written by torch.save');
}

/**
 * Where tensors go: a device; one for each device that they were saved from; or a function of a storage's bytes and
 * that device, which gives a device, or the storage back to leave it on the CPU.
 */
export type MapLocation =
  | Device
  | Readonly<Record<string, Device>>
  | ((storage: Tensor, location: string) => Tensor | Device | null | undefined);

export interface LoadOptions {
  /** Default: where the tensors were, if this machine has that GPU, else the CPU. */
  mapLocation?: MapLocation | null;
  /** Python's switch; nothing else is possible here. */
  weightsOnly?: boolean;
}

type Placement = (storage: Storage, location: string) => Storage;

function placement(mapLocation: MapLocation | null | undefined): Placement {
  if (mapLocation === null || mapLocation === undefined) {
    return (storage, location) => (isGpu(location) ? moved(storage, location as Device) : storage);
  }
  return (storage, location) => {
    const target =
      typeof mapLocation === 'function'
        ? mapLocation(storage.bytes, location)
        : isDevice(mapLocation)
          ? mapLocation
          : (mapLocation as Record<string, Device>)[location];
    if (target === null || target === undefined || target instanceof Tensor) return storage;
    return moved(storage, target);
  };
}

function moved(storage: Storage, target: Device): Storage {
  const bytes = storage.bytes.to(deviceOf(target));
  return bytes === storage.bytes ? storage : new Storage(storage.type, bytes, storage.size);
}

/** Whether a location is a GPU of this machine. */
const isGpu = (location: string): boolean =>
  location.startsWith('cuda') && Number(location.slice(5)) < native.deviceCount('cuda');

/**
 * Reads a file that `torch.save` has written, in Python or here, with `weights_only=True`: tensors
 * (see `mapLocation` for where), containers and plain values. No code is ever run, and a file
 * that is damaged or hostile throws a TorchError.
 *
 * A dict comes as a plain object where its keys are names, else as a `Map`; an OrderedDict, such as a
 * state dict, as a `Map`; a list as an array, a tuple as a {@link Tuple} (an array as well); an int
 * as a number, beyond 2^53 as a bigint; bytes as `Uint8Array`; None as null; dtypes and devices by
 * name; a storage as a flat tensor. A path that ends with `.safetensors` is read as such a file.
 *
 * Throws TorchError (`FileNotFoundError`) where there is no such file.
 */
export function load<T = unknown>(file: FileLike, options: LoadOptions = {}): T {
  if (options.weightsOnly === false) {
    throw new TorchError(
      'load(): weightsOnly=false would run what the file says. Only data is loaded here; for classes of your own ' +
        'see torch.serialization.addSafeGlobals',
      'ValueError',
      'load',
    );
  }
  const place = placement(options.mapLocation);
  if (!(file instanceof Uint8Array) && String(file).endsWith('.safetensors')) {
    return safetensors.loadFile(file) as T;
  }
  const asked = options.mapLocation !== null && options.mapLocation !== undefined;
  const source = openSource(file);
  try {
    return noGrad(() => tidy(() => toPlain(loadFrom(source, place, asked)))) as T;
  } finally {
    source.close();
  }
}

import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { noGrad } from '../autograd';
import { TorchError } from '../errors';
import { tidy } from '../memory';
import { type ByteSink, writeWhole } from './byte-sink';
import { ObjectWriter } from './object-writer';
import { storageOnCpu, storageParts } from './tensor-bytes';
import type { Saveable } from './values';
import { ZipWriter } from './zip-writer';

/** The records' folder in the archive: the file's name without its last ending. */
function archiveName(path: string): string {
  const name = basename(path);
  const dot = name.lastIndexOf('.');
  return dot < 0 ? name : name.slice(0, dot);
}

/** Forty digits that differ where the contents do; PyTorch has such a record too. */
function contentId(zip: ZipWriter): Buffer {
  const hash = createHash('sha256');
  for (const { name, crc } of zip.checksums) hash.update(name).update(`\0${crc}\0`);
  const digits = BigInt(`0x${hash.digest('hex')}`) % 10n ** 40n;
  return Buffer.from(String(digits).padStart(40, '0'));
}

function writeArchive(sink: ByteSink, root: string, value: unknown): void {
  const alignment = 64;
  const objects = new ObjectWriter();
  const zip = new ZipWriter(sink, root, alignment);
  const add = (path: string, bytes: Buffer) => zip.add(path, bytes.length, [bytes]);
  add('data.pkl', objects.write(value));
  add('.format_version', Buffer.from('1'));
  add('.storage_alignment', Buffer.from(String(alignment)));
  add('byteorder', Buffer.from('little'));
  for (const { number, tensor, size } of objects.storages.values()) {
    zip.add(`data/${number}`, size, storageParts(storageOnCpu(tensor)));
  }
  add('version', Buffer.from('3\n'));
  add('.data/serialization_id', contentId(zip));
  zip.finish();
}

/**
 * Writes a value to a file that Python's `torch.load(path, weights_only=True)` loads
 * (`torch.save`). Tensors keep their dtype, strides and offset, and share storages as before. A `Map`
 * with strings for keys is saved as an OrderedDict, any other `Map` and every plain object as a dict,
 * an array as a list, a `Tuple` as a tuple, null and undefined as None, `{ float: 2 }` as 2.0,
 * `{ re, im }` as a complex number, and a `Uint8Array` as bytes. Whole numbers are saved as ints.
 *
 * Throws TorchError if a value can't be saved, or if the file can't be written, which then stays
 * as it was.
 *
 * @example
 * torch.save({ epoch, model: net.stateDict(), optimizer: optimizer.stateDict() }, 'checkpoint.pt');
 * const checkpoint = torch.load<Checkpoint>('checkpoint.pt');
 */
export function save(value: Saveable, file: string | URL): void {
  const path = file instanceof URL ? fileURLToPath(file) : file;
  const root = archiveName(path);
  if (root === '') throw new TorchError(`"${path}" is not a file name.`, 'ValueError');
  noGrad(() => tidy(() => writeWhole(path, (sink) => writeArchive(sink, root, value))));
}

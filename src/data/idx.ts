import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { UserError } from '../command/errors';

/** An IDX file of unsigned bytes. */
export interface Idx {
  /** The file that was read: the requested one, or its gzip. */
  readonly path: string;
  /** The complete file, unpacked. */
  readonly bytes: Uint8Array;
  /** Sizes of the dimensions: `[N]` for labels, `[N, H, W]` for images. */
  readonly shape: readonly number[];
  /** The elements in row-major order, sharing the memory of `bytes`. */
  readonly data: Uint8Array;
}

const unsignedByte = 0x08;

/** A file's bytes, unpacked if it is gzip; tries `path` and then `path.gz`. */
async function readBytes(path: string, fix: string): Promise<{ path: string; bytes: Uint8Array }> {
  const found = [path, `${path}.gz`].find(existsSync);
  if (!found) throw new UserError(`${path} is missing: ${fix}`);
  const bytes = await readFile(found).catch((cause: NodeJS.ErrnoException) => {
    throw new UserError(`${found} can't be read (${cause.code}): ${fix}`, 2, { cause });
  });
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return { path: found, bytes };
  try {
    return { path: found, bytes: gunzipSync(bytes) };
  } catch (cause) {
    throw new UserError(`${found} is not a complete gzip file: ${fix}`, 2, { cause });
  }
}

/**
 * Reads the IDX format of the MNIST files: two zero bytes, the element type, the number of
 * dimensions, their sizes as big-endian 32-bit numbers, the elements in row-major order. The file
 * may be gzip, with or without the name's `.gz`. Throws UserError, which ends with `fix`, for a
 * file that is missing, damaged, truncated, too long, or has other `dimensions`.
 * @see LeCun, Cortes and Burges, "The MNIST database of handwritten digits"
 */
export async function readIdx(wanted: string, dimensions: number, fix: string): Promise<Idx> {
  const { path, bytes } = await readBytes(wanted, fix);
  const fail = (what: string): never => {
    throw new UserError(`${path} ${what}: ${fix}`);
  };
  const header = 4 + 4 * dimensions;
  if (bytes.length < header)
    fail(`has ${bytes.length} bytes, less than an IDX header of ${header}`);
  const magic = Buffer.from(bytes.subarray(0, 4)).toString('hex');
  const expected = Buffer.from([0, 0, unsignedByte, dimensions]).toString('hex');
  if (magic !== expected)
    fail(`starts with ${magic}, not with ${expected} as its kind of IDX does`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: dimensions }, (_, i) => view.getUint32(4 + 4 * i));
  const size = header + shape.reduce((product, length) => product * length, 1);
  if (bytes.length !== size) {
    fail(`has ${bytes.length} bytes, where its header [${shape.join(', ')}] needs ${size}`);
  }
  return { path, bytes, shape, data: bytes.subarray(header) };
}

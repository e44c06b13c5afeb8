import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { UserError } from '../errors';

/** The content of an IDX file of unsigned bytes. */
export interface Idx {
  /** Sizes of the dimensions: `[N]` for labels, `[N, H, W]` for images. */
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

const unsignedByte = 0x08;

/**
 * Reads the bytes of a file, unpacked if it is gzip. Looks for `path` and then `path.gz`; throws
 * UserError where neither is there or the gzip is damaged.
 */
export async function readBytes(path: string, mend: string): Promise<Uint8Array> {
  const found = [path, `${path}.gz`].find(existsSync);
  if (!found) throw new UserError(`${path} is missing: ${mend}`);
  const bytes = await readFile(found);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes);
  } catch (cause) {
    throw new UserError(`${found} is not a whole gzip file: ${mend}`, 2, { cause });
  }
}

/**
 * Parses the IDX format of the MNIST files: two zero bytes, the element type, the number of
 * dimensions, their sizes as big-endian 32-bit numbers, the elements in row-major order.
 * @see LeCun, Cortes and Burges, "The MNIST database of handwritten digits"
 */
export function parseIdx(bytes: Uint8Array, path: string, dimensions: number, mend: string): Idx {
  const header = 4 + 4 * dimensions;
  const fail = (what: string): never => {
    throw new UserError(`${path} ${what}: ${mend}`);
  };
  if (bytes.length < header) fail(`has ${bytes.length} bytes, less than an IDX header`);
  const [zero, zeroToo, type, count] = bytes as unknown as [number, number, number, number];
  if (zero !== 0 || zeroToo !== 0 || type !== unsignedByte || count !== dimensions) {
    const magic = Buffer.from(bytes.subarray(0, 4)).toString('hex');
    fail(
      `starts with ${magic}, not with 000008${String(dimensions).padStart(2, '0')} as IDX bytes do`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: dimensions }, (_, i) => view.getUint32(4 + 4 * i));
  const size = header + shape.reduce((product, length) => product * length, 1);
  if (bytes.length !== size) {
    fail(`has ${bytes.length} bytes, where its header [${shape.join(', ')}] needs ${size}`);
  }
  return { shape, data: new Uint8Array(bytes.buffer, bytes.byteOffset + header, size - header) };
}

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { TorchError } from '../errors';
import { fileError } from './file-error';
import { longestPart } from './tensor-bytes';

/** A file, by its path or file URL, or its bytes. */
export type FileLike = string | URL | Uint8Array;

/** A source of bytes with random access. */
export interface ByteSource {
  /** Its name in errors. */
  readonly name: string;
  readonly size: number;
  /** Fills `target`, of at most 2 GB, from `position` on; the caller has checked that it lies inside. */
  readInto(target: Uint8Array, position: number): void;
  /** Reads a part that is not a tensor; throws TorchError for one of more than 1 GB. */
  read(position: number, length: number): Buffer;
  close(): void;
}

class FileSource implements ByteSource {
  readonly size: number;

  constructor(
    readonly name: string,
    private readonly file: number,
  ) {
    this.size = fstatSync(file).size;
  }

  readInto(target: Uint8Array, position: number): void {
    let done = 0;
    while (done < target.length) {
      const read = readSync(this.file, target, done, target.length - done, position + done);
      if (read === 0) {
        throw new TorchError(`${this.name} became shorter while it was read.`, 'OSError');
      }
      done += read;
    }
  }

  read(position: number, length: number): Buffer {
    if (length > longestPart) {
      throw new TorchError(`${this.name} has a part that is too large.`, 'RuntimeError');
    }
    const bytes = Buffer.allocUnsafe(length);
    this.readInto(bytes, position);
    return bytes;
  }

  close(): void {
    closeSync(this.file);
  }
}

class MemorySource implements ByteSource {
  readonly name = 'the bytes';
  private readonly bytes: Buffer;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get size(): number {
    return this.bytes.length;
  }
  readInto(target: Uint8Array, position: number): void {
    target.set(this.bytes.subarray(position, position + target.length));
  }
  read(position: number, length: number): Buffer {
    return this.bytes.subarray(position, position + length);
  }
  close(): void {}
}

/** Opens a file for reading. Throws TorchError (`FileNotFoundError`, …) where it can't be read. */
export function openSource(file: FileLike): ByteSource {
  if (file instanceof Uint8Array) return new MemorySource(file);
  try {
    return new FileSource(String(file), openSync(file, 'r'));
  } catch (error) {
    throw fileError(String(file), 'read', error);
  }
}

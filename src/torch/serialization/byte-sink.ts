import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { types } from 'node:util';
import { fileError } from './file-error';

/** A sink that is written sequentially. */
export interface ByteSink {
  /** Bytes written so far. */
  readonly position: number;
  /** Writes at most 2 GB. */
  write(bytes: Uint8Array): void;
}

class FileSink implements ByteSink {
  position = 0;

  constructor(private readonly file: number) {}

  write(bytes: Uint8Array): void {
    let done = 0;
    while (done < bytes.length) {
      done += writeSync(this.file, bytes, done);
    }
    this.position += bytes.length;
  }
}

/** Collects bytes in memory. */
export class MemorySink implements ByteSink {
  private readonly parts: Buffer[] = [];
  position = 0;

  write(bytes: Uint8Array): void {
    this.parts.push(Buffer.from(bytes));
    this.position += bytes.length;
  }
  bytes(): Buffer {
    return Buffer.concat(this.parts);
  }
}

let written = 0;

/**
 * Writes a file atomically: to another name first, then renamed, so that nobody ever sees half of it and a failure
 * leaves the old file in place. Throws TorchError (`FileNotFoundError`, …) where the place can't be written.
 */
export function writeWhole(file: string | URL, write: (sink: ByteSink) => void): void {
  const path = file instanceof URL ? fileURLToPath(file) : file;
  const aside = `${path}.${process.pid}-${written++}.tmp`;
  try {
    const open = openSync(aside, 'wx');
    try {
      write(new FileSink(open));
      fsyncSync(open);
    } finally {
      closeSync(open);
    }
    renameSync(aside, path);
  } catch (error) {
    rmSync(aside, { force: true });
    if (!types.isNativeError(error) || !('syscall' in error)) throw error;
    throw fileError(path, 'written', error);
  }
}

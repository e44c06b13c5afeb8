import { crc32 } from 'node:zlib';
import type { ByteSink } from './byte-sink';
import type { Parts } from './tensor-bytes';

const most32 = 0xffffffff;
interface Written {
  readonly name: Buffer;
  readonly header: number;
  readonly size: number;
  readonly crc: number;
}

/**
 * Writes a zip archive byte for byte as `torch.save` does: records stored, their bytes aligned to 64
 * by an extra field, so that a reader may map them into memory. (General zip packages neither align
 * nor take a storage without copying it.)
 */
export class ZipWriter {
  private readonly records: Written[] = [];

  constructor(
    private readonly sink: ByteSink,
    private readonly root: string,
    private readonly alignment: number,
  ) {}

  /** Checksums so far, by record. */
  get checksums(): readonly { readonly name: Buffer; readonly crc: number }[] {
    return this.records;
  }

  /** Adds a record of `size` bytes. */
  add(path: string, size: number, parts: Parts): void {
    const name = Buffer.from(`${this.root}/${path}`);
    const header = this.sink.position;
    // The size stands behind the bytes; what does not fit 32 bits there has its field here.
    const wide = wideFields([size, size, header]);
    const start = header + 30 + name.length + wide.length + 4;
    const padding = (this.alignment - (start % this.alignment)) % this.alignment;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    if (size > 0) local.writeUInt16LE(0x0808, 6);
    else local.writeUInt16LE(0x0800, 6);
    local.writeUInt16LE(name.length, 26);
    local.writeUInt16LE(wide.length + 4 + padding, 28);
    const fill = Buffer.alloc(4 + padding, 'Z');
    fill.write('FB', 0);
    fill.writeUInt16LE(padding, 2);
    this.sink.write(Buffer.concat([local, name, wide, fill]));
    let crc = 0;
    for (const part of parts) {
      this.sink.write(part);
      crc = crc32(part, crc);
    }
    if (size > 0) this.sink.write(descriptor(crc, size, wide.length > 0));
    this.records.push({ name, header, size, crc });
  }

  /** Writes the directory. */
  finish(): void {
    const position = this.sink.position;
    for (const { name, header, size, crc } of this.records) {
      const wide = wideFields([size, size, header]);
      const entry = Buffer.alloc(46);
      entry.writeUInt32LE(0x02014b50, 0);
      entry.writeUInt16LE(size > 0 ? 0x0808 : 0x0800, 8);
      entry.writeUInt32LE(crc, 16);
      entry.writeUInt32LE(Math.min(size, most32), 20);
      entry.writeUInt32LE(Math.min(size, most32), 24);
      entry.writeUInt16LE(name.length, 28);
      entry.writeUInt16LE(wide.length, 30);
      entry.writeUInt32LE(Math.min(header, most32), 42);
      this.sink.write(Buffer.concat([entry, name, wide]));
    }
    const end = this.sink.position;
    const count = this.records.length;
    const tail = Buffer.alloc(56 + 20 + 22);
    tail.writeUInt32LE(0x06064b50, 0);
    tail.writeBigUInt64LE(44n, 4);
    tail.writeUInt16LE(0x031e, 12);
    tail.writeUInt16LE(0x2d, 14);
    tail.writeBigUInt64LE(BigInt(count), 24);
    tail.writeBigUInt64LE(BigInt(count), 32);
    tail.writeBigUInt64LE(BigInt(end - position), 40);
    tail.writeBigUInt64LE(BigInt(position), 48);
    tail.writeUInt32LE(0x07064b50, 56);
    tail.writeBigUInt64LE(BigInt(end), 64);
    tail.writeUInt32LE(1, 72);
    tail.writeUInt32LE(0x06054b50, 76);
    tail.writeUInt16LE(Math.min(count, 0xffff), 84);
    tail.writeUInt16LE(Math.min(count, 0xffff), 86);
    tail.writeUInt32LE(Math.min(end - position, most32), 88);
    tail.writeUInt32LE(Math.min(position, most32), 92);
    this.sink.write(tail);
  }
}

/** The extra field of the numbers that 32 bits can't hold; empty if all fit. */
function wideFields(numbers: readonly number[]): Buffer {
  const wide = numbers.filter((number) => number >= most32);
  if (wide.length === 0) return Buffer.alloc(0);
  const field = Buffer.alloc(4 + 8 * wide.length);
  field.writeUInt16LE(1, 0);
  field.writeUInt16LE(8 * wide.length, 2);
  wide.forEach((number, i) => {
    field.writeBigUInt64LE(BigInt(number), 4 + 8 * i);
  });
  return field;
}

/** What follows a record's bytes: its checksum and sizes. */
function descriptor(crc: number, size: number, wide: boolean): Buffer {
  const bytes = Buffer.alloc(wide ? 24 : 16);
  bytes.writeUInt32LE(0x08074b50, 0);
  bytes.writeUInt32LE(crc, 4);
  if (wide) {
    bytes.writeBigUInt64LE(BigInt(size), 8);
    bytes.writeBigUInt64LE(BigInt(size), 16);
  } else {
    bytes.writeUInt32LE(size, 8);
    bytes.writeUInt32LE(size, 12);
  }
  return bytes;
}

import { crc32 } from 'node:zlib';
import type { ByteSource } from './byte-source';
import { damaged } from './damaged';
import type { Parts } from './tensor-bytes';

/** Where the bytes of a record lie in the archive. */
export interface ZipEntry {
  readonly position: number;
  readonly size: number;
  readonly crc: number;
  /** False if it is compressed. */
  readonly stored: boolean;
}

const broken = (what: string) => damaged(`the zip archive is damaged: ${what}`, 'RuntimeError');

const endSize = 22;
const longestComment = 0xffff;

function whole(bytes: Buffer, at: number): number {
  const value = bytes.readBigUInt64LE(at);
  if (value > Number.MAX_SAFE_INTEGER) throw broken('a size is out of range');
  return Number(value);
}

interface Directory {
  readonly position: number;
  readonly size: number;
  readonly count: number;
}

/** The central directory, from the record at the end of the file. */
function findDirectory(source: ByteSource): Directory {
  const tailSize = Math.min(source.size, endSize + longestComment);
  const tail = source.read(source.size - tailSize, tailSize);
  let at = tailSize - endSize;
  while (at >= 0 && tail.readUInt32LE(at) !== 0x06054b50) at--;
  if (at < 0) throw broken('it has no end (it may have been cut off)');
  const end = source.size - tailSize + at;
  let directory: Directory = {
    count: tail.readUInt16LE(at + 10),
    size: tail.readUInt32LE(at + 12),
    position: tail.readUInt32LE(at + 16),
  };
  let limit = end;
  if (end >= 20 && source.read(end - 20, 4).readUInt32LE(0) === 0x07064b50) {
    const position = whole(source.read(end - 20, 20), 8);
    if (position + 56 > end - 20) throw broken('its 64-bit end is out of place');
    const record = source.read(position, 56);
    if (record.readUInt32LE(0) !== 0x06064b50) throw broken('its 64-bit end is missing');
    directory = {
      count: whole(record, 32),
      size: whole(record, 40),
      position: whole(record, 48),
    };
    limit = position;
  }
  if (directory.position + directory.size > limit) throw broken('its directory is out of place');
  if (directory.count * 46 > directory.size) throw broken('its directory is too short');
  return directory;
}

/** Sizes and offset that did not fit into 32 bits stand in an extra field, in this order. */
function widen(extra: Buffer, fields: { size: number; packed: number; header: number }): void {
  for (let at = 0; at + 4 <= extra.length; ) {
    const length = extra.readUInt16LE(at + 2);
    if (at + 4 + length > extra.length) throw broken('an extra field is too long');
    if (extra.readUInt16LE(at) === 1) {
      let next = at + 4;
      for (const name of ['size', 'packed', 'header'] as const) {
        if (fields[name] !== 0xffffffff) continue;
        if (next + 8 > at + 4 + length) throw broken('a 64-bit size is missing');
        fields[name] = whole(extra, next);
        next += 8;
      }
    }
    at += 4 + length;
  }
}

/**
 * The records of a zip archive by name, none encrypted, none over another, all inside the file.
 */
export function readEntries(source: ByteSource): Map<string, ZipEntry> {
  if (source.size < endSize) throw broken('it is too short');
  const { position, size, count } = findDirectory(source);
  const directory = source.read(position, size);
  const entries = new Map<string, ZipEntry>();
  const spans: [number, number][] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > size || directory.readUInt32LE(at) !== 0x02014b50) {
      throw broken('its directory has no entry where one should be');
    }
    const flags = directory.readUInt16LE(at + 8);
    const method = directory.readUInt16LE(at + 10);
    const nameLength = directory.readUInt16LE(at + 28);
    const extraLength = directory.readUInt16LE(at + 30);
    const next = at + 46 + nameLength + extraLength + directory.readUInt16LE(at + 32);
    if (next > size) throw broken('its directory is cut off');
    const fields = {
      packed: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      header: directory.readUInt32LE(at + 42),
    };
    const nameBytes = directory.subarray(at + 46, at + 46 + nameLength);
    widen(directory.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength), fields);
    const name = nameBytes.toString('utf8');
    if (flags & 1) throw broken(`the record ${name} is encrypted`);
    const stored = method === 0;
    if (stored && fields.packed !== fields.size) throw broken(`the record ${name} has two sizes`);
    const start = dataPosition(source, fields.header, nameBytes, position);
    if (start + fields.packed > position) throw broken(`the record ${name} ends outside the file`);
    if (entries.has(name)) throw broken(`it has two records named ${name}`);
    entries.set(name, {
      position: start,
      size: fields.size,
      crc: directory.readUInt32LE(at + 16),
      stored,
    });
    spans.push([fields.header, start + fields.packed]);
    at = next;
  }
  spans.sort((a, b) => a[0] - b[0]);
  for (let i = 1; i < spans.length; i++) {
    if (spans[i]![0] < spans[i - 1]![1]) throw broken('its records lie over one another');
  }
  return entries;
}

/** Where a record's bytes begin: behind its own header, which repeats its name. */
function dataPosition(source: ByteSource, header: number, name: Buffer, limit: number): number {
  if (header + 30 + name.length > limit) throw broken('a record begins outside the file');
  const local = source.read(header, 30 + name.length);
  if (local.readUInt32LE(0) !== 0x04034b50 || local.readUInt16LE(26) !== name.length) {
    throw broken('a record does not begin where its directory says');
  }
  if (!local.subarray(30).equals(name)) throw broken('a record has two names');
  return header + 30 + name.length + local.readUInt16LE(28);
}

/** Throws where the bytes of a record are not those that were written. */
export function checkCrc(parts: Parts, entry: ZipEntry, name: string): void {
  let crc = 0;
  for (const part of parts) crc = crc32(part, crc);
  if (crc !== entry.crc) throw broken(`the checksum of the record ${name} is wrong`);
}

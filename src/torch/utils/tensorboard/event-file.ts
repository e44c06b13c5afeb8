import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { TorchError } from '../../errors';
import { bytes, double, integer, message } from './message';

/** CRC-32C, the checksum of TensorFlow's record files. */
const table = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value >>> 0;
});

function maskedChecksum(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) crc = table[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  crc = ~crc >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** One record: length, its checksum, content, its checksum. */
function record(content: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.writeBigUInt64LE(BigInt(content.length));
  head.writeUInt32LE(maskedChecksum(head.subarray(0, 8)), 8);
  const tail = Buffer.alloc(4);
  tail.writeUInt32LE(maskedChecksum(content));
  return Buffer.concat([head, content, tail]);
}

export const now = (): number => Date.now() / 1000;

let files = 0;
const open = new Set<EventFile>();
process.on('exit', () => {
  for (const file of open) file.close();
});

export interface Queue {
  readonly maxQueue: number;
  readonly flushSecs: number;
  readonly filenameSuffix: string;
}

/** A file of events as TensorBoard reads it (`tensorboard.summary.writer.event_file_writer.EventFileWriter`). */
export class EventFile {
  private readonly file: number;
  private waiting: Buffer[] = [];
  private written = now();

  /** Makes the folder and the file; its name has time, host, process and a number. */
  constructor(
    readonly folder: string,
    private readonly queue: Queue,
  ) {
    mkdirSync(folder, { recursive: true });
    const seconds = String(Math.floor(now())).padStart(10, '0');
    const name = `events.out.tfevents.${seconds}.${hostname()}.${process.pid}.${files++}`;
    this.file = openSync(join(folder, name + queue.filenameSuffix), 'wx');
    open.add(this);
    this.add(
      bytes(3, 'brain.Event:2'),
      { step: null, walltime: null },
      bytes(10, bytes(1, 'tensorboard.summary.writer.event_file_writer')),
    );
    this.flush();
  }

  /** Adds an event; it is written with the others that wait, when they are many or old. */
  add(
    what: Buffer,
    { step, walltime }: { step: number | null; walltime: number | null },
    more: Buffer = Buffer.alloc(0),
  ): void {
    if (!open.has(this)) throw new TorchError('Writer is closed', 'OSError');
    const event = message(
      double(1, walltime ?? now()),
      integer(2, Math.trunc(step ?? 0)),
      what,
      more,
    );
    this.waiting.push(record(event));
    if (
      this.waiting.length >= this.queue.maxQueue ||
      now() - this.written >= this.queue.flushSecs
    ) {
      this.flush();
    }
  }

  flush(): void {
    const content = Buffer.concat(this.waiting);
    this.waiting = [];
    this.written = now();
    let done = 0;
    while (done < content.length) done += writeSync(this.file, content, done);
  }

  close(): void {
    if (!open.has(this)) return;
    this.flush();
    closeSync(this.file);
    open.delete(this);
  }
}

import { TorchError } from '../errors';

/** Grows as bytes are appended. */
class Bytes {
  private buffer = Buffer.allocUnsafe(4096);
  length = 0;

  reserve(more: number): number {
    const at = this.length;
    this.length += more;
    if (this.length > this.buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(this.length, 2 * this.buffer.length));
      this.buffer.copy(grown, 0, 0, at);
      this.buffer = grown;
    }
    return at;
  }
  byte(value: number): void {
    const at = this.reserve(1);
    this.buffer[at] = value;
  }
  text(value: string, encoding: BufferEncoding = 'utf8'): void {
    const at = this.reserve(Buffer.byteLength(value, encoding));
    this.buffer.write(value, at, encoding);
  }
  uint32(value: number): void {
    const at = this.reserve(4);
    this.buffer.writeUInt32LE(value, at);
  }
  uint16(value: number): void {
    const at = this.reserve(2);
    this.buffer.writeUInt16LE(value, at);
  }
  double(value: number): void {
    const at = this.reserve(8);
    this.buffer.writeDoubleBE(value, at);
  }
  finish(): Buffer {
    return this.buffer.subarray(0, this.length);
  }
}

const longestBatch = 1000;

/**
 * Writes Python's pickle format, protocol 2, opcode by opcode as CPython's pickler does: the same
 * objects are remembered in the same order, so that the bytes are the same.
 */
export class PickleWriter {
  private readonly out = new Bytes();
  private readonly memo = new Map<unknown, number>();

  constructor() {
    this.out.text('\x80\x02', 'latin1');
  }

  finish(): Buffer {
    this.opcode('.');
    return this.out.finish();
  }

  private opcode(code: string): void {
    this.out.byte(code.charCodeAt(0));
  }

  /** Writes a reference to what was remembered under a key; false if nothing was. */
  recall(key: unknown): boolean {
    const index = this.memo.get(key);
    if (index === undefined) return false;
    if (index < 256) {
      this.opcode('h');
      this.out.byte(index);
    } else {
      this.opcode('j');
      this.out.uint32(index);
    }
    return true;
  }

  /** Remembers the value on top of the stack; one without a key is never referred to. */
  remember(key: unknown = Symbol('unnamed')): void {
    const index = this.memo.size;
    this.memo.set(key, index);
    if (index < 256) {
      this.opcode('q');
      this.out.byte(index);
    } else {
      this.opcode('r');
      this.out.uint32(index);
    }
  }

  none(): void {
    this.opcode('N');
  }
  bool(value: boolean): void {
    this.out.byte(value ? 0x88 : 0x89);
  }
  float(value: number): void {
    this.opcode('G');
    this.out.double(value);
  }

  int(value: number | bigint): void {
    if (value >= 0 && value < 0x100) {
      this.opcode('K');
      this.out.byte(Number(value));
    } else if (value >= 0 && value < 0x10000) {
      this.opcode('M');
      this.out.uint16(Number(value));
    } else if (value >= -(2 ** 31) && value < 2 ** 31) {
      this.opcode('J');
      this.out.uint32(Number(value) >>> 0);
    } else {
      this.long(BigInt(value));
    }
  }

  /** Two's complement in as few bytes as hold it. */
  private long(value: bigint): void {
    let length = 1;
    while (BigInt.asIntN(8 * length, value) !== value) length++;
    if (length > 255) throw new TorchError('save(): an integer is too large', 'OverflowError');
    this.out.byte(0x8a);
    this.out.byte(length);
    for (let i = 0; i < length; i++) this.out.byte(Number((value >> BigInt(8 * i)) & 0xffn));
  }

  string(value: string): void {
    if (this.recall(value)) return;
    this.opcode('X');
    this.out.uint32(Buffer.byteLength(value));
    this.out.text(value);
    this.remember(value);
  }

  /** A class or function by its module and name. */
  global(module: string, name: string): void {
    const line = `c${module}\n${name}\n`;
    if (this.recall(`global ${line}`)) return;
    this.out.text(line);
    this.remember(`global ${line}`);
  }

  tuple(writeItems: readonly (() => void)[], key?: unknown): void {
    if (writeItems.length === 0) {
      this.opcode(')');
      return;
    }
    if (writeItems.length > 3) this.opcode('(');
    for (const write of writeItems) write();
    if (writeItems.length > 3) this.opcode('t');
    else this.out.byte(0x84 + writeItems.length);
    this.remember(key);
  }

  /** Calls the function below with the tuple on top. */
  reduce(key?: unknown): void {
    this.opcode('R');
    this.remember(key);
  }
  /** Gives the object below the state on top. */
  build(): void {
    this.opcode('b');
  }
  /** The object that a persistent id, the tuple on top, stands for. */
  persistent(): void {
    this.opcode('Q');
  }

  list(writeItems: readonly (() => void)[], key?: unknown): void {
    this.opcode(']');
    this.remember(key);
    if (writeItems.length === 1) {
      writeItems[0]!();
      this.opcode('a');
      return;
    }
    for (let at = 0; at < writeItems.length; at += longestBatch) {
      this.opcode('(');
      for (const write of writeItems.slice(at, at + longestBatch)) write();
      this.opcode('e');
    }
  }

  emptyDict(key?: unknown): void {
    this.opcode('}');
    this.remember(key);
  }

  /** Puts items into the dict on top; of a subclass of dict, CPython writes the last one alone. */
  items(writePairs: readonly (() => void)[], subclass = false): void {
    for (let at = 0; at < writePairs.length; at += longestBatch) {
      const batch = writePairs.slice(at, at + longestBatch);
      const alone = batch.length === 1 && (subclass || writePairs.length === 1);
      if (!alone) this.opcode('(');
      for (const write of batch) write();
      this.opcode(alone ? 's' : 'u');
    }
  }
}

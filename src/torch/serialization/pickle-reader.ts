import { damaged, shown } from './damaged';
import { Tuple } from './values';

/** Callbacks of the reader for everything but plain values. */
export interface PickleWorld {
  /** The value that a global stands for; throws for one that is not allowed. */
  global(name: string): unknown;
  /** Calls a global with its arguments. */
  reduce(callable: unknown, args: readonly unknown[]): unknown;
  /** Makes an object of a class. */
  create(type: unknown, args: readonly unknown[]): unknown;
  /** Gives an object its state. */
  build(object: unknown, state: unknown): void;
  /** What a persistent id stands for. */
  persistent(id: unknown): unknown;
}

/** A dict while it is read: which of JavaScript's kinds it becomes shows at the end. */
export class Dict extends Map<unknown, unknown> {}

/** Modules that Python 3 has renamed. */
const renamedModules: Readonly<Record<string, string>> = {
  __builtin__: 'builtins',
  'torch.tensor': 'torch._tensor',
};

const nothing = Symbol('nothing');

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads Python's pickle format, protocols 2 to 5, as far as PyTorch's files need it: plain values,
 * containers, and what the {@link PickleWorld} allows. It never calls anything by itself, and no
 * opcode makes it hold more than the file has bytes.
 */
export class PickleReader {
  private stack: unknown[] = [];
  private readonly marks: unknown[][] = [];
  private readonly memo = new Map<number, unknown>();

  constructor(
    private readonly bytes: Buffer,
    private readonly world: PickleWorld,
    /** Where to begin; after {@link read}, where the pickle ended. */
    public position = 0,
  ) {}

  /** The value of one pickle. */
  read(): unknown {
    for (;;) {
      const opcode = String.fromCharCode(this.byte());
      if (opcode === '.') return this.pop();
      const value = this.value(opcode);
      if (value === nothing) this.act(opcode);
      else this.stack.push(value);
    }
  }

  private take(length: number): number {
    const at = this.position;
    if (length > this.bytes.length - at) throw damaged('the pickle ends in the middle');
    this.position += length;
    return at;
  }
  private byte(): number {
    return this.bytes[this.take(1)]!;
  }
  private uint32(): number {
    return this.bytes.readUInt32LE(this.take(4));
  }
  private length64(): number {
    const length = this.bytes.readBigUInt64LE(this.take(8));
    if (length > this.bytes.length) throw damaged('the pickle ends in the middle');
    return Number(length);
  }

  private slice(length: number): Buffer {
    const at = this.take(length);
    return this.bytes.subarray(at, at + length);
  }
  private text(length: number): string {
    const bytes = this.slice(length);
    try {
      return utf8.decode(bytes);
    } catch {
      throw damaged('a string is not valid UTF-8');
    }
  }
  private line(): string {
    const end = this.bytes.indexOf(0x0a, this.position);
    if (end < 0) throw damaged('the pickle ends in the middle');
    const text = this.text(end - this.position);
    this.position++;
    return text;
  }

  private long(length: number): number | bigint {
    const bytes = this.slice(length);
    if (length === 0) return 0;
    const hex = Buffer.from(bytes).reverse().toString('hex');
    const value = BigInt.asIntN(8 * length, BigInt(`0x${hex}`));
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }

  private pop(): unknown {
    if (this.stack.length === 0) throw damaged('the pickle takes a value that is not there');
    return this.stack.pop();
  }
  private top(): unknown {
    if (this.stack.length === 0) throw damaged('the pickle takes a value that is not there');
    return this.stack[this.stack.length - 1];
  }
  private popMark(): unknown[] {
    const items = this.stack;
    const below = this.marks.pop();
    if (!below) throw damaged('the pickle takes a mark that is not there');
    this.stack = below;
    return items;
  }
  private popTuple(): Tuple {
    const tuple = this.pop();
    if (!(tuple instanceof Tuple)) throw damaged('the arguments of a call are not a tuple');
    return tuple;
  }
  private tuple(count: number): unknown {
    const items: unknown[] = [];
    for (let i = 0; i < count; i++) items.unshift(this.pop());
    return Tuple.from(items);
  }

  private global(module: string, name: string): unknown {
    return this.world.global(`${renamedModules[module] ?? module}.${name}`);
  }
  private recall(index: number): unknown {
    if (!this.memo.has(index))
      throw damaged(`the pickle recalls value ${index}, which is not there`);
    return this.memo.get(index);
  }
  private append(items: readonly unknown[]): void {
    const list = this.top();
    if (!Array.isArray(list) || list instanceof Tuple) throw damaged('can only append to lists');
    for (const item of items) list.push(item);
  }
  private add(items: readonly unknown[]): void {
    const set = this.top();
    if (!(set instanceof Set)) throw damaged('can only add to sets');
    for (const item of items) set.add(item);
  }
  private setItems(items: readonly unknown[]): void {
    const dict = this.top();
    if (!(dict instanceof Map)) throw damaged('can only set items of dicts');
    if (items.length % 2 !== 0) throw damaged('a key of a dict has no value');
    for (let i = 0; i < items.length; i += 2) dict.set(checkedKey(items[i]), items[i + 1]);
  }

  /** The value that an opcode puts on the stack; `nothing` where it does something else. */
  private value(opcode: string): unknown {
    switch (opcode) {
      case 'N':
        return null;
      case '\x88':
        return true;
      case '\x89':
        return false;
      case 'K':
        return this.byte();
      case 'M':
        return this.bytes.readUInt16LE(this.take(2));
      case 'J':
        return this.bytes.readInt32LE(this.take(4));
      case 'G':
        return this.bytes.readDoubleBE(this.take(8));
      case '\x8a':
        return this.long(this.byte());
      case 'X':
        return this.text(this.uint32());
      case '\x8c':
        return this.text(this.byte());
      case 'U':
        return this.slice(this.byte()).toString('latin1');
      case 'C':
        return new Uint8Array(this.slice(this.byte()));
      case 'B':
        return new Uint8Array(this.slice(this.uint32()));
      case '\x96':
        return new Uint8Array(this.slice(this.length64()));
      case ')':
        return new Tuple();
      case ']':
        return [];
      case '}':
        return new Dict();
      case '\x8f':
        return new Set();
      case 't':
        return Tuple.from(this.popMark());
      case '\x85':
        return this.tuple(1);
      case '\x86':
        return this.tuple(2);
      case '\x87':
        return this.tuple(3);
      case 'c': {
        const module = this.line();
        return this.global(module, this.line());
      }
      case '\x93': {
        const name = this.pop();
        return this.global(shown(this.pop()), shown(name));
      }
      case 'R': {
        const args = this.popTuple();
        return this.world.reduce(this.pop(), args);
      }
      case '\x81': {
        const args = this.popTuple();
        return this.world.create(this.pop(), args);
      }
      case 'Q':
        return this.world.persistent(this.pop());
      case 'h':
        return this.recall(this.byte());
      case 'j':
        return this.recall(this.uint32());
      default:
        return nothing;
    }
  }

  private act(opcode: string): void {
    switch (opcode) {
      case '(':
        this.marks.push(this.stack);
        this.stack = [];
        break;
      case 'a':
        this.append([this.pop()]);
        break;
      case 'e':
        this.append(this.popMark());
        break;
      case 's': {
        const value = this.pop();
        this.setItems([this.pop(), value]);
        break;
      }
      case 'u':
        this.setItems(this.popMark());
        break;
      case '\x90':
        this.add(this.popMark());
        break;
      case 'b': {
        const state = this.pop();
        this.world.build(this.top(), state);
        break;
      }
      case 'q':
        this.memo.set(this.byte(), this.top());
        break;
      case 'r':
        this.memo.set(this.uint32(), this.top());
        break;
      case '\x94':
        this.memo.set(this.memo.size, this.top());
        break;
      case '\x80': {
        const protocol = this.byte();
        if (protocol > 5) throw damaged(`pickle protocol ${protocol} is unknown`);
        break;
      }
      case '\x95':
        this.length64();
        break;
      default:
        throw damaged(`unsupported operand ${opcode.charCodeAt(0)} in the pickle`);
    }
  }
}

/** A key that JavaScript's maps tell apart by its value, as Python's dicts do. */
function checkedKey(key: unknown): unknown {
  if (key === null || typeof key !== 'object' || key instanceof Tuple) return key;
  throw damaged('a key of a dict is neither a name nor a number');
}

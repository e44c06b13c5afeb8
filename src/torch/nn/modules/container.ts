import { type Args, bind } from '../../arguments';
import { TorchError } from '../../errors';
import { showMember } from '../members';
import { Module } from '../module';
import { checkName } from '../registration';

/** Modules in a row, each named by its place unless the constructor was given names. */
abstract class ModuleRow<T extends Module> extends Module {
  [place: number]: T;

  /** The modules in their order. */
  toArray(): T[] {
    return Object.values(this).filter((value) => value instanceof Module) as T[];
  }
  get length(): number {
    return this.toArray().length;
  }
  /** The module at a place, from the end where negative; undefined outside. */
  at(place: number): T | undefined {
    return this.toArray().at(place);
  }
  [Symbol.iterator](): Iterator<T> {
    return this.toArray()[Symbol.iterator]();
  }

  append(module: T): this {
    this.registerModule(String(this.length), module);
    return this;
  }
  extend(modules: Iterable<T>): this {
    for (const module of [...modules]) this.append(module);
    return this;
  }
  /** Puts a module before the one at a place; those behind move on, and all are named by their places. */
  insert(place: number, module: T): this {
    const modules = this.toArray();
    if (place < -modules.length || place > modules.length) {
      throw new TorchError(`Index out of range: ${place}`, 'IndexError');
    }
    modules.splice(place, 0, module);
    return this.hold(modules);
  }
  /** Takes a module out and gives it back; those behind move up, and all are named by their places. */
  pop(place: number): T {
    const modules = this.toArray();
    if (modules.at(place) === undefined) {
      throw new TorchError(`index ${place} is out of range`, 'IndexError');
    }
    const [taken] = modules.splice(place, 1);
    this.hold(modules);
    return taken!;
  }

  private hold(modules: readonly T[]): this {
    for (const [property, value] of Object.entries(this)) {
      if (value instanceof Module) delete (this as Record<string, unknown>)[property];
    }
    return Object.assign(this, modules);
  }
}

/**
 * Modules one after the other, each fed with the output of the one before (`torch.nn.Sequential`).
 * They are named by their place, or by the keys of a record.
 *
 * @example
 * new nn.Sequential(new nn.Linear(64, 32), new nn.ReLU(), new nn.Linear(32, 10));
 * new nn.Sequential({ hidden: new nn.Linear(64, 32), relu: new nn.ReLU() });
 */
export class Sequential extends ModuleRow<Module> {
  constructor(...modules: readonly Module[] | [Record<string, Module>]) {
    super();
    const [first] = modules;
    if (first && !(first instanceof Module)) {
      for (const [name, module] of Object.entries(first)) this.registerModule(name, module);
    } else {
      this.extend(modules as readonly Module[]);
    }
  }

  /** The modules from one place to another, Python's `net[start:end]`. */
  slice(start?: number, end?: number): Sequential {
    return new Sequential(...this.toArray().slice(start, end));
  }

  // biome-ignore lint/suspicious/noExplicitAny: its modules decide.
  forward(input: any): any {
    let value = input;
    for (const module of this.toArray()) value = module.call(value);
    return value;
  }
}

/** A list of modules whose use is up to the owner (`torch.nn.ModuleList`). */
export class ModuleList<T extends Module = Module> extends ModuleRow<T> {
  constructor(...args: Args<'ModuleList', unknown, { modules?: Iterable<T> | null }>) {
    super();
    this.extend(bind<{ modules: Iterable<T> | null }>('ModuleList', args).modules ?? []);
  }

  /** The modules from one place to another, Python's `list[start:end]`. */
  slice(start?: number, end?: number): ModuleList<T> {
    return new ModuleList(this.toArray().slice(start, end));
  }

  forward(): never {
    throw notCallable('ModuleList');
  }

  /** Like PyTorch, prints equal neighbours once. */
  override toString(): string {
    const blocks: { text: string; first: number; last: number }[] = [];
    this.toArray().forEach((module, i) => {
      const text = module.toString();
      const before = blocks.at(-1);
      if (before?.text === text) before.last = i;
      else blocks.push({ text, first: i, last: i });
    });
    if (blocks.length === 0) return `${this.constructor.name}()`;
    const lines = blocks.map(({ text, first, last }) => {
      const line = first === last ? `(${first}): ` : `(${first}-${last}): ${last - first + 1} x `;
      return (line + text).replaceAll('\n', '\n  ');
    });
    return `${this.constructor.name}(\n  ${lines.join('\n  ')}\n)`;
  }
}

/**
 * Modules by name, whose use is up to the owner (`torch.nn.ModuleDict`); used like a `Map`, and each is a property as
 * well: `layers.get('conv')`, `layers.conv`.
 */
class NamedModules<T extends Module = Module> extends Module {
  private readonly items = new Map<string, T>();

  constructor(modules: Record<string, T> | Iterable<readonly [string, T]> = {}) {
    super();
    this.update(modules);
  }

  get size(): number {
    return this.items.size;
  }
  get(name: string): T | undefined {
    return this.items.get(name);
  }
  has(name: string): boolean {
    return this.items.has(name);
  }
  set(name: string, module: T): this {
    if (!this.items.has(name)) checkName(this, 'module', name);
    this.items.set(name, module);
    showMember<never>(this as never, name);
    return this;
  }
  delete(name: string): boolean {
    delete (this as Record<string, unknown>)[name];
    return this.items.delete(name);
  }
  /** Takes a module out and gives it back. Throws TorchError if there is none. */
  pop(name: string): T {
    const module = this.items.get(name);
    if (!module) throw new TorchError(`'${name}'`, 'KeyError');
    this.delete(name);
    return module;
  }
  clear(): void {
    for (const name of [...this.items.keys()]) this.delete(name);
  }
  update(modules: Record<string, T> | Iterable<readonly [string, T]>): this {
    const entries = Symbol.iterator in modules ? modules : Object.entries(modules);
    for (const [name, module] of entries as Iterable<readonly [string, T]>) this.set(name, module);
    return this;
  }
  keys(): IterableIterator<string> {
    return this.items.keys();
  }
  values(): IterableIterator<T> {
    return this.items.values();
  }
  entries(): IterableIterator<[string, T]> {
    return this.items.entries();
  }
  [Symbol.iterator](): IterableIterator<[string, T]> {
    return this.items.entries();
  }

  override *ownModules(): Generator<[string, Module]> {
    yield* super.ownModules();
    yield* this.items;
  }

  forward(): never {
    throw notCallable('ModuleDict');
  }
}

interface ModuleDictConstructor {
  new <T extends Module = Module>(modules?: Iterable<readonly [string, T]>): ModuleDict<T>;
  new <T extends Module, Members extends Record<string, T>>(
    modules: Members & Record<string, T>,
  ): ModuleDict<Members[keyof Members]> & Members;
  readonly prototype: ModuleDict;
}

export type ModuleDict<T extends Module = Module> = NamedModules<T>;
export const ModuleDict = NamedModules as unknown as ModuleDictConstructor;
Object.defineProperty(NamedModules, 'name', { value: 'ModuleDict' });

const notCallable = (name: string) =>
  new TorchError(
    `Module [${name}] is missing the required "forward" function`,
    'NotImplementedError',
  );

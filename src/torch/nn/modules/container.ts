import { Module } from '../module';

/**
 * Modules one after the other, each fed with the output of the one before (`torch.nn.Sequential`).
 * They are named by their place, or by the keys of a record.
 */
export class Sequential extends Module {
  readonly #modules: readonly Module[];

  constructor(...modules: readonly Module[] | [Record<string, Module>]) {
    super();
    const [first] = modules;
    const named =
      modules.length === 1 && first && !(first instanceof Module)
        ? first
        : Object.fromEntries((modules as readonly Module[]).map((module, i) => [i, module]));
    Object.assign(this, named);
    this.#modules = Object.values(named);
  }

  get length(): number {
    return this.#modules.length;
  }

  /** The module at a place; from the end where negative. Undefined outside. */
  at(index: number): Module | undefined {
    return this.#modules.at(index);
  }

  [Symbol.iterator](): Iterator<Module> {
    return this.#modules[Symbol.iterator]();
  }

  // biome-ignore lint/suspicious/noExplicitAny: its modules decide.
  forward(input: any): any {
    return this.#modules.reduce((value, module) => module.call(value), input);
  }
}

/** A list of modules whose use is up to the owner (`torch.nn.ModuleList`). */
export class ModuleList<T extends Module = Module> extends Module {
  readonly #modules: T[] = [];

  constructor(modules: Iterable<T> = []) {
    super();
    for (const module of modules) this.append(module);
  }

  get length(): number {
    return this.#modules.length;
  }
  at(index: number): T | undefined {
    return this.#modules.at(index);
  }
  append(module: T): this {
    Object.assign(this, { [this.#modules.length]: module });
    this.#modules.push(module);
    return this;
  }
  [Symbol.iterator](): Iterator<T> {
    return this.#modules[Symbol.iterator]();
  }

  forward(): never {
    throw new Error('a ModuleList is not called itself; call the modules in it');
  }
}

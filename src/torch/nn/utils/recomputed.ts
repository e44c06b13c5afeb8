import { type PreHook, removeHook } from '../forward-hooks';
import { internals } from '../internals';
import type { Module } from '../module';

/**
 * What computes tensors of modules before each call, such as a weight from its length and its direction. It belongs to a hook
 * of the module, as in Python, so that the copy of a module has it too.
 */
export class Recomputed<How extends { readonly name: string }> {
  readonly #hows = new WeakMap<PreHook, How>();

  /** Has a tensor set before each call, by a function of the module that is called. */
  add(module: Module, how: How, set: (module: Module) => void): void {
    const hook = (called: Module) => set(called);
    this.#hows.set(hook, how);
    module.registerForwardPreHook(hook);
  }

  #entries(module: Module): { hook: PreHook; how: How }[] {
    return [...module[internals].preHooks].flatMap((entry) => {
      const { hook } = entry as { hook: PreHook };
      const how = this.#hows.get(hook);
      return how ? [{ hook, how }] : [];
    });
  }

  find(module: Module, name: string): How | undefined {
    return this.#entries(module).find(({ how }) => how.name === name)?.how;
  }

  hasAny(module: Module): boolean {
    return this.#entries(module).length > 0;
  }

  remove(module: Module, name: string): void {
    for (const { hook, how } of this.#entries(module)) {
      if (how.name === name) removeHook(module[internals].preHooks, hook);
    }
  }
}

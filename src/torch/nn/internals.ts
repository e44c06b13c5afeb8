/** What a module holds besides its properties. */
export interface Internals {
  /** The properties that hold buffers, and whether these belong to the state dict. */
  readonly buffers: Map<string, boolean>;
  readonly preHooks: Set<unknown>;
  readonly hooks: Set<unknown>;
}

/** A symbol, so that it stays out of the way of the properties of derived classes. */
export const internals: unique symbol = Symbol('internals');

export const createInternals = (): Internals => ({
  buffers: new Map(),
  preHooks: new Set(),
  hooks: new Set(),
});

export const copyInternals = ({ buffers, preHooks, hooks }: Internals): Internals => ({
  buffers: new Map(buffers),
  preHooks: new Set(preHooks),
  hooks: new Set(hooks),
});

/** Whether anything runs before or after a module's `forward`. */
export const hasForwardHooks = (module: { [internals]: Internals }): boolean =>
  module[internals].preHooks.size + module[internals].hooks.size > 0;

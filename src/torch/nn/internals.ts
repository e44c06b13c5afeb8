import type { Parameter } from './parameter';

/** What a module holds besides its properties. */
export interface Internals {
  /** What the properties hold that take nothing but parameters; see `guard`. */
  readonly parameters: Record<string, Parameter | null>;
  /** The properties that hold buffers, and whether these belong to the state dict. */
  readonly buffers: Map<string, boolean>;
  readonly preHooks: Set<unknown>;
  readonly hooks: Set<unknown>;
  readonly backwardHooks: Set<unknown>;
  readonly backwardPreHooks: Set<unknown>;
  /** Around `stateDict` and `loadStateDict`. */
  readonly statePreHooks: Set<unknown>;
  readonly stateHooks: Set<unknown>;
  readonly loadPreHooks: Set<unknown>;
  readonly loadHooks: Set<unknown>;
}

/** A symbol, so that it stays out of the way of the properties of derived classes. */
export const internals: unique symbol = Symbol('internals');

/** Not enumerable: modules are equal by what their properties hold, guarded or not. */
const withParameters = (rest: Omit<Internals, 'parameters'>): Internals =>
  Object.defineProperty(rest, 'parameters', { value: {} }) as Internals;

export const createInternals = (): Internals =>
  withParameters({
    buffers: new Map(),
    preHooks: new Set(),
    hooks: new Set(),
    backwardHooks: new Set(),
    backwardPreHooks: new Set(),
    statePreHooks: new Set(),
    stateHooks: new Set(),
    loadPreHooks: new Set(),
    loadHooks: new Set(),
  });

export const copyInternals = (of: Internals): Internals =>
  withParameters({
    buffers: new Map(of.buffers),
    preHooks: new Set(of.preHooks),
    hooks: new Set(of.hooks),
    backwardHooks: new Set(of.backwardHooks),
    backwardPreHooks: new Set(of.backwardPreHooks),
    statePreHooks: new Set(of.statePreHooks),
    stateHooks: new Set(of.stateHooks),
    loadPreHooks: new Set(of.loadPreHooks),
    loadHooks: new Set(of.loadHooks),
  });

/** Whether anything runs before or after a module's `forward`. */
export const hasForwardHooks = (module: { [internals]: Internals }): boolean =>
  module[internals].preHooks.size + module[internals].hooks.size > 0;

/** Methods of {@link Module} itself, to tell whether a class has its own. */
export const base: { getExtraState?: () => unknown; setExtraState?: (state: never) => void } = {};

/** The names that `torch.jit.trace` gives to the modules inside the one that it traces; null at any other time. */
export const scopes: { current: ReadonlyMap<object, string> | null } = { current: null };

import { bind, type Callee } from '../arguments';
import { isOptions } from '../dispatch';
import { TorchError } from '../errors';
import { type RemovableHandle, removable } from '../removable-handle';
import { type BackwardHook, type BackwardPreHook, withBackwardHooks } from './backward-hooks';
import { warn } from './functional/warning';
import { internals } from './internals';
import type { Module } from './module';

// biome-ignore lint/suspicious/noExplicitAny: each module's forward has arguments of its own.
type Value = any;
/** What Python gives by name: a last plain object of the call. */
type Kwargs = Record<string, Value>;

export interface HookOptions {
  /** Whether to run before the hooks that are there. Default false. */
  prepend?: boolean;
  /** Whether the hook gets what is given by name as an object of its own. Default false. */
  withKwargs?: boolean;
}
export interface ForwardHookOptions extends HookOptions {
  /** Whether to run even if something throws before. Default false. */
  alwaysCall?: boolean;
}

export type PreHook = (module: Module, args: Value[]) => Value;
export type KwargsPreHook = (
  module: Module,
  args: Value[],
  kwargs: Kwargs,
  // biome-ignore lint/suspicious/noConfusingVoidType: a hook may return nothing.
) => [args: Value[], kwargs: Kwargs] | undefined | null | void;
export type Hook = (module: Module, args: Value[], output: Value) => Value;
export type KwargsHook = (module: Module, args: Value[], kwargs: Kwargs, output: Value) => Value;

/** A hook around `forward`, and how it is to be called. */
type Entry<H> = { readonly hook: H } & Required<ForwardHookOptions>;

/** Adds a hook to a set, behind those that are there or before them. */
export function addHook(hooks: Set<unknown>, hook: unknown, prepend = false): RemovableHandle {
  const others = prepend ? [...hooks] : [];
  for (const other of others) hooks.delete(other);
  for (const each of [hook, ...others]) hooks.add(each);
  return removable(() => hooks.delete(hook));
}

/** Takes a hook away, however it was added. */
export function removeHook(hooks: Set<unknown>, hook: unknown): void {
  for (const each of hooks) {
    if (each === hook || (each as { hook?: unknown }).hook === hook) hooks.delete(each);
  }
}

export function addForwardHook(
  hooks: Set<unknown>,
  name: Callee,
  args: readonly unknown[],
): RemovableHandle {
  const entry = bind<Entry<Hook>>(name, args);
  return addHook(hooks, entry, entry.prepend);
}

export function addBackwardHook(
  hooks: Set<unknown>,
  name: Callee,
  args: readonly unknown[],
): RemovableHandle {
  const { hook, prepend } = bind<{ hook: unknown; prepend: boolean }>(name, args);
  return addHook(hooks, hook, prepend);
}

/** What a call gives by position, and what by name. */
function split(args: readonly Value[]): [positional: Value[], kwargs: Kwargs] {
  const last = args.at(-1);
  return isOptions(last) ? [args.slice(0, -1), last] : [[...args], {}];
}
const joined = (args: readonly Value[], kwargs: Kwargs): Value[] =>
  Object.keys(kwargs).length > 0 ? [...args, kwargs] : [...args];

function runPreHooks(module: Module, given: Value[]): Value[] {
  let args = given;
  for (const entry of [...module[internals].preHooks] as Entry<unknown>[]) {
    if (entry.withKwargs) {
      const changed = (entry.hook as KwargsPreHook)(module, ...split(args)) as unknown;
      if (changed == null) continue;
      if (!Array.isArray(changed) || changed.length !== 2) {
        throw new TorchError(
          `forward pre-hook must return None or a tuple of (new_args, new_kwargs), but got ${changed}.`,
          'RuntimeError',
        );
      }
      args = joined(changed[0], changed[1]);
    } else {
      const changed = (entry.hook as PreHook)(module, args);
      if (changed != null) args = Array.isArray(changed) ? changed : [changed];
    }
  }
  return args;
}

/** Calls a module with the hooks before, around and after `forward`. */
export function runWithHooks(
  module: Module,
  given: Value[],
  forward: (args: Value[]) => Value,
): Value {
  const { hooks, backwardHooks, backwardPreHooks } = module[internals];
  const called = new Set<unknown>();
  let args = given;
  let result: Value = null;
  const run = ({ hook, withKwargs }: Entry<unknown>) => {
    const changed = withKwargs
      ? (hook as KwargsHook)(module, ...split(args), result)
      : (hook as Hook)(module, args, result);
    result = changed ?? result;
  };
  const inner = (seen: Value[]) => {
    args = seen;
    result = forward(seen);
    for (const entry of [...hooks] as Entry<unknown>[]) {
      called.add(entry);
      run(entry);
    }
    return result;
  };
  try {
    args = runPreHooks(module, args);
    if (backwardHooks.size + backwardPreHooks.size === 0) return inner(args);
    const [after, before] = [[...backwardHooks], [...backwardPreHooks]];
    return withBackwardHooks(
      module,
      after as BackwardHook[],
      before as BackwardPreHook[],
      args,
      inner,
    );
  } catch (error) {
    for (const entry of [...hooks] as Entry<unknown>[]) {
      if (!entry.alwaysCall || called.has(entry)) continue;
      try {
        run(entry);
      } catch (silenced) {
        warn(
          'module forward hook with ``always_call=True`` raised an exception that was silenced as another error was ' +
            `raised in forward: ${(silenced as Error).message}`,
        );
      }
    }
    throw error;
  }
}

import { noGrad } from '../autograd';
import { TorchError } from '../errors';
import { Tensor } from '../tensor';
import { base, internals } from './internals';
import { isLazy } from './lazy-tensors';
import type { Module } from './module';
import { shapeText } from './repr';

/**
 * Parameters and buffers by their dotted names, in Python's order: a Map, which is walked by
 * `for (const [name, tensor] of stateDict)`.
 */
export type StateDict = Map<string, Tensor>;

/** What `Object.entries` and its like give for a Map: nothing, so that the compiler stops it. */
interface EmptyForMaps {
  readonly 'a state dict is a Map: write `for (const [name, tensor] of stateDict)`': never;
}
/** A state dict, and not a value of which nothing is known. */
type Known<T> = 0 extends 1 & T ? never : T;

declare global {
  interface ObjectConstructor {
    entries<T extends StateDict>(stateDict: Known<T>): EmptyForMaps;
    keys<T extends StateDict>(stateDict: Known<T>): EmptyForMaps;
    values<T extends StateDict>(stateDict: Known<T>): EmptyForMaps;
  }
}

/** Names in which a state dict and a module differ. */
export interface StateDictKeys {
  missingKeys: string[];
  unexpectedKeys: string[];
}

function* ownState(module: Module): Generator<[string, Tensor]> {
  yield* module.ownParameters();
  yield* module.ownBuffers(true);
}

/** Runs before a module's `stateDict` takes its state. */
export type StateDictPreHook = (module: Module, prefix: string, keepVars: boolean) => void;
/** Runs after it; may change the state dict. */
export type StateDictPostHook = (
  module: Module,
  stateDict: StateDict,
  prefix: string,
  localMetadata: { version: number },
) => void;
/** Runs before a module's part of a state dict is loaded; may change all of the arguments. */
export type LoadStateDictPreHook = (
  module: Module,
  stateDict: StateDict,
  prefix: string,
  localMetadata: object,
  strict: boolean,
  missingKeys: string[],
  unexpectedKeys: string[],
  errorMsgs: string[],
) => void;
/** Runs after it; may change the names that are missing or not expected. */
export type LoadStateDictPostHook = (module: Module, keys: StateDictKeys) => void;

const extraKey = '_extra_state';

/** The state of a module and of all inside it; what is held twice comes under both names. */
export function saveState(module: Module, prefix = '', state: StateDict = new Map()): StateDict {
  const { statePreHooks, stateHooks } = module[internals];
  for (const hook of statePreHooks) (hook as StateDictPreHook)(module, prefix, false);
  for (const [name, tensor] of ownState(module)) {
    state.set(prefix + name, isLazy(tensor) ? tensor : tensor.detach());
  }
  if (module.getExtraState !== base.getExtraState) {
    state.set(prefix + extraKey, module.getExtraState() as Tensor);
  }
  for (const [name, child] of module.ownModules()) saveState(child, `${prefix}${name}.`, state);
  for (const hook of stateHooks) {
    const given = (hook as (...args: unknown[]) => unknown)(module, state, prefix, { version: 1 });
    if (given != null)
      throw new TorchError('state_dict post-hook must return None', 'RuntimeError');
  }
  return state;
}

/** What a state dict would do to a module. */
interface Plan extends StateDictKeys {
  readonly copies: [target: Tensor, source: Tensor][];
  readonly problems: string[];
  /** What modules of other kinds take over besides tensors. */
  readonly extras: (() => void)[];
}

/** Adds a module's part of a state dict to the plan, names in PyTorch's order. */
function plan(module: Module, given: StateDict, prefix: string, strict: boolean, to: Plan): void {
  const { missingKeys, unexpectedKeys, problems, extras } = to;
  for (const hook of module[internals].loadPreHooks) {
    const run = hook as LoadStateDictPreHook;
    run(module, given, prefix, {}, strict, missingKeys, unexpectedKeys, problems);
  }
  const own = new Map(ownState(module));
  const children = [...module.ownModules()];
  for (const [name, target] of own) {
    const key = prefix + name;
    if (!given.has(key)) missingKeys.push(key);
    else planCopy(key, target, given.get(key), to);
  }
  const extra = prefix + extraKey;
  if (module.setExtraState !== base.setExtraState) {
    if (given.has(extra)) extras.push(() => module.setExtraState(given.get(extra)));
    else missingKeys.push(extra);
  } else if (given.has(extra)) unexpectedKeys.push(extra);
  const childNames = new Set(children.map(([name]) => name));
  for (const key of given.keys()) {
    if (!key.startsWith(prefix) || key === extra) continue;
    const [name, ...rest] = key.slice(prefix.length).split('.');
    if (!(rest.length > 0 ? childNames : own).has(name!)) unexpectedKeys.push(key);
  }
  for (const [name, child] of children) plan(child, given, `${prefix}${name}.`, strict, to);
}

function planCopy(key: string, target: Tensor, given: unknown, { copies, problems }: Plan): void {
  if (!(given instanceof Tensor)) {
    problems.push(
      `While copying the parameter named "${key}", expected torch.Tensor or Tensor-like object ` +
        `from checkpoint but received ${given === null ? 'null' : typeof given}`,
    );
    return;
  }
  // What a module without values loads, it has been given sizes for, unless that has none either.
  if (isLazy(target)) return;
  // Old files hold scalars as vectors of one element.
  const source = target.ndim === 0 && String(given.shape) === '1' ? given.select(0, 0) : given;
  if (String(source.shape) === String(target.shape)) {
    copies.push([target, source]);
    return;
  }
  problems.push(
    `size mismatch for ${key}: copying a param with shape ${shapeText(source.shape)} from checkpoint, ` +
      `the shape in current model is ${shapeText(target.shape)}.`,
  );
}

/**
 * Copies a state dict into a module, wholly or, where it throws, not at all. With `assign` the module takes the
 * state's own tensors, dtypes and devices included, in place of the values of its own.
 */
export function loadState(
  module: Module,
  state: StateDict | Record<string, Tensor>,
  strict: boolean,
  assign: boolean,
): StateDictKeys {
  const given = new Map(state instanceof Map ? state : Object.entries(state));
  const work: Plan = { missingKeys: [], unexpectedKeys: [], copies: [], problems: [], extras: [] };
  plan(module, given, '', strict, work);
  const { missingKeys, unexpectedKeys, copies, problems, extras } = work;
  const take = () =>
    noGrad(() => {
      for (const [target, source] of copies) {
        if (assign) target.data = source;
        else target.copy_(source);
      }
      for (const run of extras) run();
    });
  // Hooks see the module loaded, and may take names from those that would be refused.
  const hooked = module
    .modules()
    .filter((each) => each[internals].loadHooks.size > 0)
    .reverse();
  if (hooked.length > 0 && problems.length === 0) {
    take();
    for (const each of hooked) {
      for (const hook of each[internals].loadHooks) {
        const run = hook as (...args: unknown[]) => unknown;
        if (run(each, { missingKeys, unexpectedKeys }) == null) continue;
        throw new TorchError(
          'Hooks registered with ``register_load_state_dict_post_hook`` are not expected to return new values, if incompatible_keys need to be modified, it should be done inplace.',
          'AssertionError',
        );
      }
    }
  }
  const quoted = (keys: string[]) => keys.map((key) => `"${key}"`).join(', ');
  if (strict && unexpectedKeys.length > 0) {
    problems.unshift(`Unexpected key(s) in state_dict: ${quoted(unexpectedKeys)}. `);
  }
  if (strict && missingKeys.length > 0) {
    problems.unshift(`Missing key(s) in state_dict: ${quoted(missingKeys)}. `);
  }
  if (problems.length > 0) {
    throw new TorchError(
      `Error(s) in loading state_dict for ${module.constructor.name}:\n\t${problems.join('\n\t')}`,
      'RuntimeError',
    );
  }
  if (hooked.length === 0) take();
  return { missingKeys, unexpectedKeys };
}

import { noGrad } from '../autograd';
import { TorchError } from '../errors';
import { Tensor } from '../tensor';
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

/** The state of a module and of all inside it; what is held twice comes under both names. */
export function saveState(module: Module, prefix = '', state: StateDict = new Map()): StateDict {
  for (const [name, tensor] of ownState(module)) state.set(prefix + name, tensor.detach());
  for (const [name, child] of module.ownModules()) saveState(child, `${prefix}${name}.`, state);
  return state;
}

/** What a state dict would do to a module. */
interface Plan extends StateDictKeys {
  readonly copies: [target: Tensor, source: Tensor][];
  readonly problems: string[];
}

/** Adds a module's part of a state dict to the plan, names in PyTorch's order. */
function plan(module: Module, given: ReadonlyMap<string, unknown>, prefix: string, to: Plan): void {
  const own = new Map(ownState(module));
  const children = [...module.ownModules()];
  for (const [name, target] of own) {
    const key = prefix + name;
    if (!given.has(key)) to.missingKeys.push(key);
    else planCopy(key, target, given.get(key), to);
  }
  const childNames = new Set(children.map(([name]) => name));
  for (const key of given.keys()) {
    if (!key.startsWith(prefix)) continue;
    const [name, ...rest] = key.slice(prefix.length).split('.');
    if (!(rest.length > 0 ? childNames : own).has(name!)) to.unexpectedKeys.push(key);
  }
  for (const [name, child] of children) plan(child, given, `${prefix}${name}.`, to);
}

function planCopy(key: string, target: Tensor, given: unknown, { copies, problems }: Plan): void {
  if (!(given instanceof Tensor)) {
    problems.push(
      `While copying the parameter named "${key}", expected torch.Tensor or Tensor-like object ` +
        `from checkpoint but received ${given === null ? 'null' : typeof given}`,
    );
    return;
  }
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
  const given = state instanceof Map ? state : new Map(Object.entries(state));
  const work: Plan = { missingKeys: [], unexpectedKeys: [], copies: [], problems: [] };
  plan(module, given, '', work);
  const { missingKeys, unexpectedKeys, copies, problems } = work;
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
  noGrad(() => {
    for (const [target, source] of copies) {
      if (assign) target.data = source;
      else target.copy_(source);
    }
  });
  return { missingKeys, unexpectedKeys };
}

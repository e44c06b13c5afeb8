import { TorchError } from '../errors';
import { full } from '../generated/functions';
import { keep } from '../memory';
import { tuple } from '../serialization/values';
import { Tensor } from '../tensor';
import { camel, snake } from './names';
import type { ParamGroup } from './param-group';

/**
 * An optimizer's state in PyTorch's own layout and with its own names, so that Python loads it and
 * the other way round: the state of each parameter by its number, and the groups with their settings
 * and the numbers of their parameters.
 */
export interface OptimizerStateDict {
  state: Map<number, Record<string, unknown>>;
  param_groups: Record<string, unknown>[];
}

/** A state dict as it comes, from a file for example: maps and plain objects are taken alike. */
export type OptimizerStateDictLike =
  | { readonly state: unknown; readonly param_groups: unknown }
  | ReadonlyMap<string, unknown>;

const entriesOf = (value: unknown): [unknown, unknown][] =>
  value instanceof Map ? [...value] : Object.entries(value as object);

const renamed = (value: object, rename: (name: string) => string): Record<string, unknown> =>
  Object.fromEntries(entriesOf(value).map(([name, item]) => [rename(String(name)), item]));

/** A copy of a list: pairs of numbers, such as betas, are tuples in PyTorch. */
function copied(item: unknown): unknown {
  if (!Array.isArray(item)) return item;
  return item.every((each) => typeof each === 'number') ? tuple(...item) : [...item];
}

/** The state dict of an optimizer; its tensors are the optimizer's own, as in Python. */
export function pack(
  groups: readonly ParamGroup<object>[],
  states: ReadonlyMap<Tensor, object>,
): OptimizerStateDict {
  const numbers = new Map<Tensor, number>();
  let start = 0;
  const packed = groups.map(({ params, ...settings }) => {
    params.forEach((param, i) => {
      if (!numbers.has(param)) numbers.set(param, start + i);
    });
    start += params.length;
    const group = renamed(settings, snake);
    for (const [name, item] of Object.entries(group)) group[name] = copied(item);
    return { ...group, params: params.map((param) => numbers.get(param)!) };
  });
  const state = new Map(
    Array.from(states, ([param, of]) => [numbers.get(param)!, renamed(of, snake)] as const),
  );
  return { state, param_groups: packed };
}

/** The groups and states that a state dict gives to an optimizer's groups. */
export function unpack<Group extends ParamGroup<object>>(
  given: OptimizerStateDictLike,
  groups: readonly Group[],
): { groups: Group[]; states: Map<Tensor, Record<string, unknown>> } {
  const dict = Object.fromEntries(entriesOf(given)) as { state: object; param_groups: object[] };
  const saved = dict.param_groups.map((group) => renamed(group, camel));
  const numbersOf = (group: Record<string, unknown>) => (group.params as unknown[]).map(Number);
  if (saved.length !== groups.length) {
    throw new TorchError(
      'loaded state dict has a different number of parameter groups',
      'ValueError',
    );
  }
  const byNumber = new Map<number, { param: Tensor; group: Record<string, unknown> }>();
  groups.forEach(({ params }, g) => {
    const numbers = numbersOf(saved[g]!);
    if (numbers.length !== params.length) {
      throw new TorchError(
        "loaded state dict contains a parameter group that doesn't match the size of optimizer's group",
        'ValueError',
      );
    }
    params.forEach((param, i) => {
      byNumber.set(numbers[i]!, { param, group: saved[g]! });
    });
  });
  const states = new Map<Tensor, Record<string, unknown>>();
  for (const [number, of] of entriesOf(dict.state)) {
    const found = byNumber.get(Number(number));
    if (!found) continue;
    const { param, group } = found;
    const state = renamed(of as object, camel);
    for (const [name, item] of Object.entries(state)) {
      state[name] = adopted(item, param, name === 'step', group.fused === true);
    }
    states.set(param, state);
  }
  const loaded = groups.map((group, g) => {
    const { paramNames } = group;
    return { ...(paramNames && { paramNames }), ...saved[g], params: group.params } as Group;
  });
  return { groups: loaded, states };
}

/**
 * Throws TorchError if a state is that of a parameter of another shape: states are saved by the
 * parameters' numbers, so that another order of the parameters would mix them up.
 */
export function checkShapes(param: Tensor, state: Record<string, unknown>): void {
  for (const [name, item] of Object.entries(state)) {
    if (!(item instanceof Tensor) || item.ndim === 0 || name === 'step') continue;
    if (String(item.shape) === String(param.shape)) continue;
    throw new TorchError(
      `loaded state dict: ${snake(name)} of shape [${item.shape.join(', ')}] doesn't fit a parameter ` +
        `of shape [${param.shape.join(', ')}]; were the parameters in another order when it was saved?`,
      'ValueError',
    );
  }
}

/** A value of a loaded state, its tensors of the parameter's dtype, except the number of steps. */
function adopted(item: unknown, param: Tensor, isStep: boolean, fused: boolean): unknown {
  // Older versions of PyTorch saved the number itself.
  if (isStep && typeof item === 'number') return keep(full([], item, { dtype: 'float32' }));
  if (Array.isArray(item)) return item.map((each) => adopted(each, param, false, fused));
  if (!(item instanceof Tensor)) return item;
  if (isStep) return keep(fused ? item.type('float32') : item.detach());
  return keep(param.isFloatingPoint() ? item.type(param.dtype) : item.detach());
}

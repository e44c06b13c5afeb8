/** Less memory for more time (`torch.utils.checkpoint`): what a function saves for backward is computed again there. */
import { autocast, getAutocastDtype, isAutocastCacheEnabled, isAutocastEnabled } from '../amp';
import { backward as runBackward } from '../autograd/engine';
import { Function as AutogradFunction, type FunctionContext } from '../autograd/function';
import { savedTensorsHooks } from '../autograd/graph';
import { enableGrad, noGrad } from '../autograd/modes';
import { isOptions } from '../dispatch';
import { TorchError } from '../errors';
import { native } from '../native';
import { warn } from '../nn/functional/warning';
import { getRngState, setRngState } from '../random';
import { Tensor } from '../tensor';

// biome-ignore lint/suspicious/noExplicitAny: whatever the function takes and gives.
type Any = any;
type Func = (...args: Any[]) => Any;

export interface CheckpointOptions {
  /**
   * False is advised: true, Python's default so far, does not follow tensors inside of arrays and records, needs an input that requires
   * gradients, and does not work with `autograd.grad`.
   */
  useReentrant?: boolean;
  /** Whether random numbers are drawn again as they were. Default true. */
  preserveRngState?: boolean;
  /** Whether what is saved must have the same shapes again: `default`, or `none`. */
  determinismCheck?: 'default' | 'none';
}

const names = ['useReentrant', 'preserveRngState', 'determinismCheck'];

const fail = (message: string, code = 'RuntimeError') => new TorchError(message, code);

/** What must be as it was when a function is run again. */
function surroundings(preserveRngState: boolean): <T>(run: () => T) => T {
  const random = preserveRngState ? getRngState() : null;
  const enabled = isAutocastEnabled('cpu');
  const dtype = getAutocastDtype('cpu');
  const cacheEnabled = isAutocastCacheEnabled();
  return (run) => {
    const now = random && getRngState();
    if (random) setRngState(random);
    try {
      return enableGrad(() => autocast('cpu', { dtype, enabled, cacheEnabled }, run));
    } finally {
      if (now) setRngState(now);
    }
  };
}

/**
 * Runs `fn` without keeping what it saves for backward, which runs it again (`torch.utils.checkpoint.checkpoint`). Options
 * come at the end.
 *
 * @example
 * const y = torch.utils.checkpoint.checkpoint((x) => block.call(x), x, { useReentrant: false });
 */
export function checkpoint(fn: Func, ...rest: Any[]): Any {
  const last = rest.at(-1);
  const withOptions = isOptions(last) && Object.keys(last).some((name) => names.includes(name));
  const options: CheckpointOptions = withOptions ? last : {};
  const args = withOptions ? rest.slice(0, -1) : rest;
  const { preserveRngState = true, determinismCheck = 'default' } = options;
  if (options.useReentrant === undefined) {
    warn(
      'torch.utils.checkpoint: the use_reentrant parameter should be passed explicitly. Starting in PyTorch 2.9, calling checkpoint without use_reentrant will raise an exception. use_reentrant=False is recommended, but if you need to preserve the current default behavior, you can pass use_reentrant=True. Refer to docs for more details on the differences between the two variants.',
    );
  }
  if (options.useReentrant ?? true) return reentrant(fn, args, preserveRngState);
  return recomputed(fn, args, preserveRngState, determinismCheck);
}

interface Saved {
  readonly place: number;
  readonly about: string;
}

const aboutOf = (x: Tensor) =>
  `{'shape': torch.Size([${x.shape.join(', ')}]), 'dtype': torch.${x.dtype}, 'device': device(type='${x.device.type}')}`;

function recomputed(fn: Func, args: Any[], preserveRngState: boolean, check: string): Any {
  const again = surroundings(preserveRngState);
  const saved: Saved[] = [];
  let values: (Tensor | undefined)[] | null = null;
  const recompute = (): (Tensor | undefined)[] => {
    const found: Tensor[] = [];
    const abouts: string[] = [];
    again(() =>
      savedTensorsHooks(
        (x) => {
          abouts.push(aboutOf(x));
          return found.push(x.detach()) - 1;
        },
        (place) => found[place]!,
        () => fn(...args),
      ),
    );
    if (check !== 'none') compare(saved, abouts);
    return found;
  };
  return savedTensorsHooks(
    (x): Saved => {
      const entry = { place: saved.length, about: aboutOf(x) };
      saved.push(entry);
      return entry;
    },
    ({ place }) => {
      // Once more where backward is called again on a graph that was retained.
      if (!values || values[place] === undefined) values = recompute();
      const value = values[place]!;
      values[place] = undefined;
      return value;
    },
    () => fn(...args),
  );
}

function compare(saved: readonly Saved[], again: readonly string[]): void {
  if (saved.length !== again.length) {
    throw fail(
      `torch.utils.checkpoint: A different number of tensors was saved during the original forward and recomputation.\nNumber of tensors saved during forward: ${saved.length}\nNumber of tensors saved during recomputation: ${again.length}.`,
      'CheckpointError',
    );
  }
  const lines = saved.flatMap(({ about, place }) =>
    about === again[place]
      ? []
      : [
          `tensor at position ${place}:\nsaved metadata: ${about}\nrecomputed metadata: ${again[place]}`,
        ],
  );
  if (lines.length === 0) return;
  throw fail(
    `torch.utils.checkpoint: Recomputed values for the following tensors have different metadata than during the forward pass.\n${lines.join('\n')}.`,
    'CheckpointError',
  );
}

/** A node that runs the function again in backward. */
class CheckpointFunction extends AutogradFunction {
  static forward(ctx: FunctionContext, ...given: Any[]): Any {
    const [work, ...args] = given as [Work, ...Any[]];
    work.again = surroundings(work.preserveRngState);
    work.args = args;
    Object.assign(ctx, { work });
    return noGrad(() => work.fn(...args));
  }

  static backward(ctx: FunctionContext, ...gradients: (Tensor | null)[]): Any {
    const { work } = ctx as unknown as { work: Work };
    const args = work.args.map((arg) =>
      arg instanceof Tensor ? arg.detach().requiresGrad_(arg.requiresGrad) : arg,
    );
    const result: unknown = work.again(() => work.fn(...args));
    const outputs = (Array.isArray(result) ? result : [result]) as unknown[];
    const places = [...outputs.keys()].filter((i) => {
      const output = outputs[i];
      return output instanceof Tensor && output.requiresGrad;
    });
    if (places.length === 0) {
      throw fail('none of output has requires_grad=True, this checkpoint() is not necessary');
    }
    runBackward(
      places.map((i) => outputs[i] as Tensor),
      {
        gradTensors: places.map((i) => gradients[i]!),
      },
    );
    return [null, ...args.map((arg) => (arg instanceof Tensor ? arg.grad : null))];
  }
}

interface Work {
  readonly fn: Func;
  readonly preserveRngState: boolean;
  again: <T>(run: () => T) => T;
  args: Any[];
}

function reentrant(fn: Func, args: Any[], preserveRngState: boolean): Any {
  if (!args.some((arg) => arg instanceof Tensor && arg.requiresGrad) && native.isGradEnabled()) {
    warn('None of the inputs have requires_grad=True. Gradients will be None');
  }
  const work: Work = { fn, preserveRngState, again: (run) => run(), args: [] };
  return (CheckpointFunction as Any).apply(work, ...args);
}

/**
 * Runs layers one after the other, all but the last of `segments` parts by {@link checkpoint}
 * (`torch.utils.checkpoint.checkpoint_sequential`).
 */
export function checkpointSequential(
  functions: Iterable<{ call: Func } | Func>,
  segments: number,
  input: Any,
  options: CheckpointOptions = {},
): Any {
  const list = [...functions];
  const size = Math.floor(list.length / segments);
  const part = (start: number, end: number) => (x: Any) =>
    list.slice(start, end).reduce((y, fn) => (typeof fn === 'function' ? fn(y) : fn.call(y)), x);
  let value = input;
  let start = 0;
  for (; start < size * (segments - 1); start += size) {
    value = checkpoint(part(start, start + size), value, { useReentrant: true, ...options });
  }
  return part(start, list.length)(value);
}

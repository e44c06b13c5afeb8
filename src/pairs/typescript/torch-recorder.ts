import * as torch from 'tandem-torch';
import {
  ellipsis,
  isOptions,
  type Module,
  parseIndices,
  Slice,
  Tensor,
} from 'tandem-torch/internal';
import type { NDArray } from '../arrays';
import { placeOf } from './loader';
import { arrayOf, snake } from './values';

/** A value in a recorded call: plain, or an object with one key that says what it stands for. */
type Value = unknown;

/** A call of a module or function in a forward pass, under Python's name. */
interface RecordedCall {
  readonly of: 'module' | 'functional' | 'torch' | 'tensor';
  readonly name: string;
  readonly path?: string;
  readonly args: readonly Value[];
  readonly kwargs: Readonly<Record<string, Value>>;
  readonly place?: string;
}

/** All calls of one forward pass, which Python can make again. */
export interface Graph {
  readonly calls: readonly RecordedCall[];
  readonly output: Value;
}

const containers =
  /^(Sequential|Module(List|Dict)|Parameter(List|Dict)|Transformer.*|Module|DataParallel)$/;

// biome-ignore lint/suspicious/noExplicitAny: functions of any kind are wrapped.
type Any = any;
type Wrappable = (this: Any, ...args: Any[]) => Any;

const isClass = (value: unknown): boolean =>
  typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));

/** The module classes of PyTorch itself that compute, by their constructor. */
const libraryClasses = new Map<unknown, string>(
  Object.entries(torch.nn).flatMap(([name, value]) =>
    isClass(value) && !containers.test(name) ? [[value, name] as const] : [],
  ),
);

/** PyTorch's name of a module's class; undefined for containers and classes of the program. */
export function libraryClass(module: object): string | undefined {
  const direct = libraryClasses.get(module.constructor);
  if (direct || Object.hasOwn(module.constructor.prototype, 'forward')) return direct;
  for (
    let type = Object.getPrototypeOf(module.constructor);
    type?.name;
    type = Object.getPrototypeOf(type)
  ) {
    const found = libraryClasses.get(type);
    if (found) return found;
  }
  return undefined;
}

const dtypes = /^(float(16|32|64)|bfloat16|u?int(8|16|32|64)|bool|complex(64|128))$/;

/** Records what a program's model calls, as long as one recording is under way. */
class Recorder {
  private calls: RecordedCall[] | undefined;
  private depth = 0;
  private known = new Map<Tensor, Value>();
  constants = new Map<string, NDArray>();

  get active(): boolean {
    return this.calls !== undefined && this.depth === 0;
  }

  /** Runs a function of tensors and gives its calls; `named` are the model's own tensors. */
  record(
    inputs: readonly Tensor[],
    named: ReadonlyMap<Tensor, string>,
    run: () => unknown,
  ): Graph & { constants: ReadonlyMap<string, NDArray>; result: unknown } {
    this.calls = [];
    this.depth = 0;
    this.constants = new Map();
    this.known = new Map([...named].map(([tensor, name]) => [tensor, { weight: name }]));
    inputs.forEach((tensor, i) => {
      this.known.set(tensor, { input: i });
    });
    try {
      const result = run();
      return {
        output: this.value(result),
        calls: this.calls,
        constants: this.constants,
        result,
      };
    } finally {
      this.calls = undefined;
    }
  }

  visit(
    call: Pick<RecordedCall, 'of' | 'name' | 'path'>,
    given: readonly Any[],
    run: () => unknown,
  ): unknown {
    // What is given a function runs it: the calls inside are what counts.
    if (given.some((value) => typeof value === 'function')) return run();
    const follows = this.tensorsIn(given).some((tensor) => this.known.has(tensor));
    const args = [...given];
    const options = isOptions(args.at(-1)) && call.of !== 'module' ? args.pop() : undefined;
    const place = follows ? placeOf() : undefined;
    this.depth++;
    let result: unknown;
    try {
      result = run();
    } finally {
      this.depth--;
    }
    const made = this.tensorsIn(result);
    if (!follows || made.length === 0) return result;
    const index = this.calls!.length;
    this.calls!.push({
      ...call,
      args: call.name === '__getitem__' ? this.indexed(args) : args.map((x) => this.value(x)),
      kwargs: Object.fromEntries(
        Object.entries(options ?? {}).map(([name, value]) => [snake(name), this.value(value)]),
      ),
      ...(place && { place }),
    });
    made.forEach((tensor, i) => {
      this.known.set(tensor, { call: index, output: i });
    });
    return result;
  }

  private tensorsIn(value: unknown): Tensor[] {
    if (value instanceof Tensor) return [value];
    if (Array.isArray(value)) return value.flatMap((entry) => this.tensorsIn(entry));
    if (isOptions(value)) return Object.values(value).flatMap((entry) => this.tensorsIn(entry));
    return [];
  }

  private indexed([tensor, ...indices]: readonly Any[]): Value[] {
    const whole = indices.flatMap((index) =>
      typeof index === 'string' ? parseIndices(index) : [index],
    );
    return [this.value(tensor), { tuple: whole.map((index) => this.value(index)) }];
  }

  private value(value: unknown): Value {
    if (value instanceof Tensor) {
      const known = this.known.get(value);
      if (known) return known;
      const key = `constant.${this.constants.size}`;
      this.constants.set(key, arrayOf(value));
      this.known.set(value, { constant: key, dtype: value.dtype });
      return this.known.get(value);
    }
    if (value instanceof Slice) return { slice: [value.start, value.stop, value.step].map(count) };
    if (value === ellipsis) return { ellipsis: true };
    if (typeof value === 'bigint') return Number(value);
    if (typeof value === 'number' && !Number.isFinite(value)) return { number: String(value) };
    if (typeof value === 'string' && dtypes.test(value)) return { dtype: value };
    if (Array.isArray(value)) return { list: value.map((entry) => this.value(entry)) };
    if (isOptions(value)) {
      return {
        dict: Object.fromEntries(
          Object.entries(value).map(([name, entry]) => [snake(name), this.value(entry)]),
        ),
      };
    }
    return value ?? null;
  }
}

const count = (value: number | bigint | null): number | null =>
  value === null ? null : Number(value);

export const recorder = new Recorder();

let paths: ReadonlyMap<object, string> = new Map();

/** The places of a model's modules, by which their calls are named. */
export function nameModules(model: Module): void {
  paths = new Map([...model.namedModules()].map(([path, module]) => [module, path]));
}

const wrap = (of: RecordedCall['of'], name: string, original: Wrappable): Wrappable =>
  Object.assign(function wrapped(this: unknown, ...args: Any[]) {
    if (!recorder.active) return original.apply(this, args);
    return recorder.visit({ of, name: snake(name) }, args, () => original.apply(this, args));
  }, original);

/** A namespace whose functions are heard; classes and everything else as they are. */
function facade(of: RecordedCall['of'], namespace: object, inner: Record<string, unknown> = {}) {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(namespace)) {
    result[name] =
      inner[name] ??
      (typeof value === 'function' && !isClass(value) && !Object.keys(value).length
        ? wrap(of, name, value)
        : value);
  }
  Object.defineProperty(result, '__esModule', { value: true });
  return result;
}

/** Hears the calls of modules, of tensors' methods, and of the functions that the facade has; called once. */
export function listen(): Record<string, unknown> {
  const prototypes = new Set<object>();
  for (const type of libraryClasses.keys()) {
    let prototype = (type as { prototype: object }).prototype;
    while (prototype && prototype !== torch.nn.Module.prototype) {
      if (Object.hasOwn(prototype, 'forward')) prototypes.add(prototype);
      prototype = Object.getPrototypeOf(prototype);
    }
  }
  for (const prototype of prototypes) {
    const own = prototype as { forward: Wrappable };
    const original = own.forward;
    own.forward = function forward(this: Module, ...args: Any[]) {
      const name = recorder.active ? libraryClass(this) : undefined;
      if (!name) return original.apply(this, args);
      const path = paths.get(this);
      return recorder.visit({ of: 'module', name, ...(path !== undefined && { path }) }, args, () =>
        original.apply(this, args),
      );
    };
  }
  const methods = Tensor.prototype as unknown as Record<string, Wrappable>;
  for (let from: object = methods; from !== Object.prototype; from = Object.getPrototypeOf(from)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(from))) {
      if (typeof value !== 'function' || name === 'constructor') continue;
      const own = name === 'index' ? '__getitem__' : snake(name);
      methods[name] = function method(this: Tensor, ...args: Any[]) {
        if (!recorder.active) return value.apply(this, args);
        return recorder.visit({ of: 'tensor', name: own }, [this, ...args], () =>
          value.apply(this, args),
        );
      };
    }
  }
  const nn = facade('functional', torch.nn, {
    functional: facade('functional', torch.nn.functional),
    init: torch.nn.init,
    utils: torch.nn.utils,
  });
  return facade('torch', torch, { nn });
}

import { chosenDevice, isConstructor } from './default-device';
import { device } from './device';
import { TorchError } from './errors';
import { gaveNamed, gaveTensor, type Handle, native, settled } from './native';
import { Generator } from './random';
import { Tensor } from './tensor';

/** JavaScript arguments as the addon takes them: handles in place of tensors. */
function unwrap(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Tensor) return value.handle;
  if (Array.isArray(value)) return value.some(isObject) ? value.map(unwrap) : value;
  if (value instanceof Generator) return value.handle;
  if (value instanceof device) return value.toString();
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>);
  return value;
}

const isObject = (value: unknown): boolean => typeof value === 'object';

/** An addon's result with tensors in place of handles. */
function wrap(result: unknown): unknown {
  if (typeof result !== 'object' || result === null) return result;
  if (Array.isArray(result)) return result.map(wrap);
  // A handle has no prototype; a complex number has one.
  return Object.getPrototypeOf(result) === null ? new Tensor(result as Handle) : result;
}

const resultNames: (readonly string[])[] = [];

/** Results that have names: an array of them, which is also an object, as Python's named tuples. */
function wrapNamed([number, ...results]: [number, ...unknown[]]): unknown {
  resultNames[number] ??= native.resultNames(number);
  const named = results.map(wrap) as unknown[] & Record<string, unknown>;
  resultNames[number].forEach((name, i) => {
    named[name] = named[i];
  });
  return named;
}

/** Whether a last argument is the options object, and not a tensor, list or scalar. */
export function isOptions(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return !('float' in value) && !('re' in value && 'im' in value);
}

const optionIds = new Map<string, number>();

/** The addon's number of an option's name. */
function optionId(name: string): number {
  let id = optionIds.get(name);
  if (id === undefined) {
    id = native.optionId(name);
    optionIds.set(name, id);
  }
  return id;
}

/** NumPy's names of two arguments, which Python takes as well. */
const numpyNames: Readonly<Record<string, string>> = { axis: 'dim', keepdims: 'keepdim' };

/** Operators with an `axis` of their own, such as segment_reduce and those of quantisation by channel. */
let withAxis: ReadonlySet<string> | undefined;

function ownName(option: string, operator: string): string {
  if (!(option in numpyNames)) return option;
  withAxis ??= new Set(
    native
      .schemas()
      .filter((schema) => / axis[,=)]/.test(schema))
      .map((schema) => /^\w+::(\w+)/.exec(schema)![1]!),
  );
  return withAxis.has(operator) ? option : numpyNames[option]!;
}

/** Options as the addon takes them: number, value, number, value, … */
function unwrapOptions(options: Record<string, unknown>, operator: string): unknown[] {
  const unwrapped: unknown[] = [];
  for (const name in options) {
    const value = options[name];
    if (value === undefined) continue;
    unwrapped.push(optionId(ownName(name, operator)), unwrap(value));
  }
  return unwrapped;
}

/** Takes the options from the end of the arguments, if they are there. */
function takeOptions(args: unknown[], operator: string): unknown[] | undefined {
  const last = args[args.length - 1];
  if (!isOptions(last)) return undefined;
  args.pop();
  return unwrapOptions(last, operator);
}

/** An operator to be called with a list of arguments, which it may change. */
type Operator = (args: unknown[]) => unknown;

/** Calls the addon without spreading short lists, which costs as much as a small operator. */
function callNative(id: number, options: unknown[] | undefined, args: unknown[]): unknown {
  switch (args.length) {
    case 1:
      return native.call(id, options, args[0]);
    case 2:
      return native.call(id, options, args[0], args[1]);
    case 3:
      return native.call(id, options, args[0], args[1], args[2]);
    default:
      return native.call(id, options, ...args);
  }
}

/**
 * An ATen operator with the given overloads, found on its first call. Arguments come by position;
 * a plain object in last place holds those given by name. Throws TorchError with PyTorch's message.
 * Where `ignoresResult` is set there is none.
 */
export function lookUp(
  name: string,
  overloads?: readonly string[],
  { namespace = 'aten', ignoresResult = false } = {},
): Operator {
  let id = -1;
  const find = () => {
    const full = `${namespace}::${name}`;
    id = 4 * native.packet(full, overloads ?? native.overloads(full)) + (ignoresResult ? 2 : 0);
  };
  // What is rare is elsewhere: V8 inlines what is short, and an inlined call's arguments need no array.
  return (args) => {
    const last = args[args.length - 1];
    const options =
      typeof last !== 'object' || last instanceof Tensor ? undefined : takeOptions(args, name);
    for (let i = 0; i < args.length; i++) {
      const value = args[i];
      args[i] = value instanceof Tensor ? value.handle : unwrap(value);
    }
    try {
      if (id < 0) find();
      const result = settled(callNative(options ? id + 1 : id, options, args));
      if (gaveTensor()) return new Tensor(result as Handle);
      return gaveNamed() ? wrapNamed(result as [number, ...unknown[]]) : wrap(result);
    } catch (error) {
      throw TorchError.from(error, name);
    }
  };
}

/** A typed function on an operator. */
export function operator<Signature>(name: string, overloads?: readonly string[]): Signature {
  const call = lookUp(name, overloads);
  return ((...args: unknown[]) => call(args)) as Signature;
}

/**
 * A typed function that creates a tensor: it also takes `requiresGrad` among its options, and where
 * the result is written into `out` the options that `out` has anyway.
 */
export function factory<Signature>(name: string, overloads?: readonly string[]): Signature {
  const call = lookUp(name, overloads);
  const heedsDefault = isConstructor(name);
  return ((...args: unknown[]) => {
    if (heedsDefault && chosenDevice()) giveDevice(args);
    const options = args[args.length - 1];
    if (!isOptions(options) || !('requiresGrad' in options || 'out' in options)) return call(args);
    const { requiresGrad, ...rest } = options;
    args[args.length - 1] =
      rest.out instanceof Tensor ? withoutThoseOf(rest.out, rest, name) : rest;
    const result = call(args) as Tensor;
    return requiresGrad ? result.requiresGrad_() : result;
  }) as Signature;
}

/** Adds the default device to the arguments of a function that makes a tensor, if they name none. */
function giveDevice(args: unknown[]): void {
  const last = args.at(-1);
  const options = isOptions(last) ? (args.pop() as { device?: unknown }) : {};
  args.push({ ...options, device: options.device ?? chosenDevice() });
}

/** The options but those that must be the properties of `out`. */
function withoutThoseOf(out: Tensor, options: Record<string, unknown>, name: string) {
  const { dtype, layout, device, pinMemory: _, ...rest } = options;
  for (const [property, value] of Object.entries({ dtype, layout, device })) {
    const own = out[property as 'dtype' | 'layout' | 'device'];
    if (value != null && String(value) !== String(own)) {
      throw new TorchError(
        `${name}(): ${property} ${value} does not match ${property} of out parameter (${own})`,
        'RuntimeError',
        name,
      );
    }
  }
  return rest;
}

/**
 * A method on an operator. In-place methods, whose name ends with an underscore, return the tensor
 * itself, as in Python.
 */
export function method(name: string, overloads?: readonly string[]) {
  if (!name.endsWith('_')) {
    const call = lookUp(name, overloads);
    return function (this: Tensor, ...args: unknown[]) {
      return call([this, ...args]);
    };
  }
  const change = lookUp(name, overloads, { ignoresResult: true });
  return function (this: Tensor, ...args: unknown[]) {
    change([this, ...args]);
    return this;
  };
}

import { inspect } from 'node:util';
import { noGrad } from '../autograd';
import { TorchError } from '../errors';
import { keep } from '../memory';
import { Tensor } from '../tensor';
import type { DType } from '../types';
import { Parameter } from './parameter';

/** Parameters and buffers by their dotted names. */
export type StateDict = Map<string, Tensor>;

// biome-ignore lint/suspicious/noExplicitAny: each module's forward has arguments of its own.
type Forward = any;

/**
 * The base of all neural-network modules (`torch.nn.Module`). Parameters, buffers and sub-modules
 * are the properties that hold them, in the order of their assignment; derive from it and write
 * `forward`. `net.call(x)` runs the module with its hooks, as Python's `net(x)` does.
 *
 * @example
 * class Net extends nn.Module {
 *   fc = new nn.Linear(64, 10);
 *   forward(x: Tensor) { return F.logSoftmax(this.fc.call(x), 1); }
 * }
 */
export abstract class Module {
  /** Whether the module is in training mode; see {@link train}. */
  training = true;
  readonly #buffers = new Map<string, boolean>();
  readonly #preHooks = new Set<(module: Module, args: Forward[]) => Forward[] | undefined>();
  readonly #hooks = new Set<(module: Module, args: Forward[], output: Forward) => Forward>();

  abstract forward(...args: Forward[]): Forward;

  /** Runs `forward` with the hooks around it: Python's `module(…)`. */
  call<This extends Module>(
    this: This,
    ...args: Parameters<This['forward']>
  ): ReturnType<This['forward']> {
    let inputs: Forward[] = args;
    for (const hook of this.#preHooks) inputs = hook(this, inputs) ?? inputs;
    let output = this.forward(...inputs);
    for (const hook of this.#hooks) output = hook(this, inputs, output) ?? output;
    return output;
  }

  /** Runs before each call; may return other arguments. Returns a function that removes the hook. */
  registerForwardPreHook(
    hook: (module: Module, args: Forward[]) => Forward[] | undefined,
  ): () => void {
    this.#preHooks.add(hook);
    return () => this.#preHooks.delete(hook);
  }

  /** Runs after each call; may return another output. Returns a function that removes the hook. */
  registerForwardHook(
    hook: (module: Module, args: Forward[], output: Forward) => Forward,
  ): () => void {
    this.#hooks.add(hook);
    return () => this.#hooks.delete(hook);
  }

  /**
   * Makes a tensor part of the module's state without being learnt, such as a running mean. One that
   * is not `persistent` stays out of the state dict.
   */
  registerBuffer(
    name: string,
    tensor: Tensor | null,
    options: { persistent?: boolean } = {},
  ): void {
    this.#buffers.set(name, options.persistent ?? true);
    Object.assign(this, { [name]: tensor && keep(tensor) });
  }

  /**
   * The name of a property in state dicts and wherever else names are given: as it is written. The
   * library's own modules give PyTorch's here, so that files are interchangeable: `runningMean` is
   * `running_mean`. Override it to read a Python model's files into properties of other names.
   */
  protected stateName(property: string): string {
    return property;
  }

  /** The modules directly inside this one, by name. */
  *namedChildren(): Generator<[string, Module]> {
    for (const [property, value] of Object.entries(this)) {
      if (value instanceof Module) yield [this.stateName(property), value];
    }
  }
  children(): Module[] {
    return Array.from(this.namedChildren(), ([, module]) => module);
  }

  /** This module and all inside it, by dotted name, each once. */
  *namedModules(prefix = '', seen = new Set<Module>()): Generator<[string, Module]> {
    if (seen.has(this)) return;
    seen.add(this);
    yield [prefix, this];
    for (const [name, child] of this.namedChildren()) {
      yield* child.namedModules(prefix ? `${prefix}.${name}` : name, seen);
    }
  }
  modules(): Module[] {
    return Array.from(this.namedModules(), ([, module]) => module);
  }

  /** The parameters of this module alone. */
  *ownParameters(): Generator<[string, Parameter]> {
    for (const [property, value] of Object.entries(this)) {
      if (value instanceof Parameter) yield [this.stateName(property), value];
    }
  }
  /** The buffers of this module alone. */
  *ownBuffers(persistentOnly = false): Generator<[string, Tensor]> {
    for (const [property, persistent] of this.#buffers) {
      const value = (this as Record<string, unknown>)[property];
      if (value instanceof Tensor && (persistent || !persistentOnly)) {
        yield [this.stateName(property), value];
      }
    }
  }

  /** All learnt tensors by dotted name, in PyTorch's order, each once. */
  *namedParameters(): Generator<[string, Parameter]> {
    const seen = new Set<Parameter>();
    for (const [prefix, module] of this.namedModules()) {
      for (const [name, parameter] of module.ownParameters()) {
        if (seen.has(parameter)) continue;
        seen.add(parameter);
        yield [prefix ? `${prefix}.${name}` : name, parameter];
      }
    }
  }
  parameters(): Parameter[] {
    return Array.from(this.namedParameters(), ([, parameter]) => parameter);
  }

  *namedBuffers(): Generator<[string, Tensor]> {
    for (const [prefix, module] of this.namedModules()) {
      for (const [name, buffer] of module.ownBuffers()) {
        yield [prefix ? `${prefix}.${name}` : name, buffer];
      }
    }
  }
  buffers(): Tensor[] {
    return Array.from(this.namedBuffers(), ([, buffer]) => buffer);
  }

  /** Switches training mode, which dropout and batch normalisation depend on. */
  train(mode = true): this {
    for (const module of this.modules()) module.training = mode;
    return this;
  }
  eval(): this {
    return this.train(false);
  }

  /** Calls `fn` on every module inside and then on this one. */
  apply(fn: (module: Module) => void): this {
    for (const child of this.children()) child.apply(fn);
    fn(this);
    return this;
  }

  requiresGrad_(value = true): this {
    for (const parameter of this.parameters()) parameter.requiresGrad_(value);
    return this;
  }
  /** Forgets all gradients. */
  zeroGrad(): void {
    for (const parameter of this.parameters()) parameter.grad = null;
  }

  /** Converts floating parameters and buffers, in place. */
  to(dtype: DType): this {
    for (const module of this.modules()) {
      for (const [, parameter] of module.ownParameters())
        parameter.data = convert(parameter.data, dtype);
      for (const property of module.#buffers.keys()) {
        const buffer = (module as unknown as Record<string, unknown>)[property];
        if (!(buffer instanceof Tensor)) continue;
        Object.assign(module, { [property]: keep(convert(buffer, dtype)) });
      }
    }
    return this;
  }
  float(): this {
    return this.to('float32');
  }
  double(): this {
    return this.to('float64');
  }

  /** Parameters and persistent buffers by dotted name; they share the module's storage. */
  stateDict(): StateDict {
    const state: StateDict = new Map();
    for (const [prefix, module] of this.namedModules('', new Set())) {
      const dot = prefix ? `${prefix}.` : '';
      for (const [name, parameter] of module.ownParameters())
        state.set(dot + name, parameter.detach());
      for (const [name, buffer] of module.ownBuffers(true)) state.set(dot + name, buffer.detach());
    }
    return state;
  }

  /**
   * Copies a state dict into the module. Throws TorchError with PyTorch's message where shapes
   * differ and, unless `strict` is false, where keys are missing or unexpected.
   */
  loadStateDict(
    state: StateDict | Record<string, Tensor>,
    options: { strict?: boolean } = {},
  ): { missingKeys: string[]; unexpectedKeys: string[] } {
    const given = state instanceof Map ? state : new Map(Object.entries(state));
    const own = this.stateDict();
    const missingKeys = [...own.keys()].filter((key) => !given.has(key));
    const unexpectedKeys = [...given.keys()].filter((key) => !own.has(key));
    const problems: string[] = [];
    const quoted = (keys: string[]) => keys.map((key) => `"${key}"`).join(', ');
    if (options.strict ?? true) {
      if (unexpectedKeys.length) {
        problems.push(`Unexpected key(s) in state_dict: ${quoted(unexpectedKeys)}. `);
      }
      if (missingKeys.length) {
        problems.push(`Missing key(s) in state_dict: ${quoted(missingKeys)}. `);
      }
    }
    const size = (tensor: Tensor) => `torch.Size([${tensor.shape.join(', ')}])`;
    for (const [key, target] of own) {
      const source = given.get(key);
      if (!source) continue;
      if (String(source.shape) !== String(target.shape)) {
        problems.push(
          `size mismatch for ${key}: copying a param with shape ${size(source)} from checkpoint, ` +
            `the shape in current model is ${size(target)}.`,
        );
      }
    }
    if (problems.length) {
      throw new TorchError(
        `Error(s) in loading state_dict for ${this.constructor.name}:\n\t${problems.join('\n\t')}`,
        'RuntimeError',
      );
    }
    noGrad(() => {
      for (const [key, target] of own) {
        const source = given.get(key);
        if (source) target.copy_(source);
      }
    });
    return { missingKeys, unexpectedKeys };
  }

  /** What stands in the brackets of {@link toString}: the module's settings. */
  extraRepr(): string {
    return '';
  }

  /** The module's structure, as PyTorch prints it. */
  toString(): string {
    const lines = Array.from(this.namedChildren(), ([name, child]) => {
      return `(${name}): ${child.toString().replaceAll('\n', '\n  ')}`;
    });
    const extra = this.extraRepr();
    if (lines.length === 0) return `${this.constructor.name}(${extra})`;
    const body = extra ? [extra, ...lines] : lines;
    return `${this.constructor.name}(\n  ${body.join('\n  ')}\n)`;
  }
  [inspect.custom](): string {
    return this.toString();
  }
}

function convert(tensor: Tensor, dtype: DType): Tensor {
  return tensor.isFloatingPoint() ? tensor.type(dtype) : tensor;
}

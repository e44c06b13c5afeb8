import { inspect } from 'node:util';
import { type Args, bind, typeName } from '../arguments';
import { device as deviceOf } from '../device';
import { isOptions } from '../dispatch';
import { TorchError } from '../errors';
import { emptyLike } from '../generated/functions';
import { keep } from '../memory';
import { native } from '../native';
import type { RemovableHandle } from '../removable-handle';
import { Tensor } from '../tensor';
import type { Device, DType } from '../types';
import type { BackwardHook, BackwardPreHook } from './backward-hooks';
import { Buffer } from './buffer';
import { convert, type ModuleMove } from './conversion';
import { deepcopy } from './deepcopy';
import {
  addBackwardHook,
  addForwardHook,
  addHook,
  type ForwardHookOptions,
  type Hook,
  type HookOptions,
  type KwargsHook,
  type KwargsPreHook,
  type PreHook,
  runWithHooks,
} from './forward-hooks';
import { guard } from './guard';
import { base, createInternals, internals, scopes } from './internals';
import { Parameter } from './parameter';
import { checkName, find } from './registration';
import {
  type LoadStateDictPostHook,
  type LoadStateDictPreHook,
  loadState,
  type StateDict,
  type StateDictKeys,
  type StateDictPostHook,
  type StateDictPreHook,
  saveState,
} from './state-dict';

// biome-ignore lint/suspicious/noExplicitAny: each module's forward has arguments of its own.
type Forward = any;

interface BufferNeeded {
  name: string;
  tensor: Tensor | null;
}
interface StateNeeded {
  stateDict: StateDict | Record<string, Tensor>;
}
interface NamedOptions {
  /** Put before each name, with a dot. */
  prefix?: string;
  /** Whether to look into the modules inside as well. Default true. */
  recurse?: boolean;
  /** Whether to give what is held twice once. Default true. */
  removeDuplicate?: boolean;
}

/** A `forward` as the class or the constraint itself declares it, without {@link Module}'s own beside it. */
type Called<F> = F extends Module['forward'] & infer Own ? (unknown extends Own ? F : Own) : F;

/**
 * The base of all neural-network modules (`torch.nn.Module`). Parameters, buffers and sub-modules
 * are the properties that hold them, in the order of their declaration; derive from it and write
 * `forward`. `net.call(x)` runs the module with its hooks, as Python's `net(x)` does.
 *
 * Names, in state dicts and elsewhere, are the properties' own as they are written. The library's
 * modules give PyTorch's in place of camelCase, so that files are interchangeable: the property
 * `runningMean` is called `running_mean`. To read the files of a Python model of one's own, give
 * properties Python's names or override `stateName`.
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
  /** @internal */
  readonly [internals] = createInternals();

  /** Throws TorchError for arguments, which a module without settings has none of, as in Python. */
  constructor(...none: []) {
    const { length } = none as unknown[];
    if (length === 0) return;
    const [first] = none as unknown[];
    const name = `${this.constructor.name}.__init__()`;
    const problem = isOptions(first)
      ? `got an unexpected keyword argument '${Object.keys(first)[0]}'`
      : `takes 1 positional argument but ${length + 1} were given`;
    throw new TorchError(`${name} ${problem}`, 'TypeError');
  }

  abstract forward(...args: Forward[]): Forward;

  /** Runs `forward` with the hooks around it: Python's `module(…)`. Typed as the class's own `forward`. */
  get call(): Called<this['forward']> {
    return callWithHooks as Called<this['forward']>;
  }

  /**
   * Runs before each call; may return other arguments. With `withKwargs` the hook gets a last plain object, which is
   * what Python gives by name, apart from the others, and may return both: `[args, kwargs]`. With `prepend` it runs
   * before those that are there.
   */
  registerForwardPreHook(
    hook: PreHook,
    options?: HookOptions & { withKwargs?: false },
  ): RemovableHandle;
  registerForwardPreHook(
    hook: KwargsPreHook,
    options: HookOptions & { withKwargs: true },
  ): RemovableHandle;
  registerForwardPreHook(...args: unknown[]): RemovableHandle {
    return addForwardHook(this[internals].preHooks, 'Module.register_forward_pre_hook', args);
  }

  /**
   * Runs after each call; may return another output. `prepend` and `withKwargs` as for {@link registerForwardPreHook};
   * with `alwaysCall` it runs also where something throws before, with what there is of an output.
   */
  registerForwardHook(
    hook: Hook,
    options?: ForwardHookOptions & { withKwargs?: false },
  ): RemovableHandle;
  registerForwardHook(
    hook: KwargsHook,
    options: ForwardHookOptions & { withKwargs: true },
  ): RemovableHandle;
  registerForwardHook(...args: unknown[]): RemovableHandle {
    return addForwardHook(this[internals].hooks, 'Module.register_forward_hook', args);
  }

  /**
   * Runs in each backward with the gradients of the module's inputs and outputs; may return others
   * for its inputs. With `prepend` before those that are there.
   */
  registerFullBackwardHook(
    ...args: Args<
      'Module.register_full_backward_hook',
      { hook: BackwardHook },
      { prepend?: boolean }
    >
  ): RemovableHandle {
    return addBackwardHook(
      this[internals].backwardHooks,
      'Module.register_full_backward_hook',
      args,
    );
  }

  /**
   * Runs in each backward, before the module's own, with the gradients of its outputs; may return
   * others. With `prepend` before those that are there.
   */
  registerFullBackwardPreHook(
    ...args: Args<
      'Module.register_full_backward_pre_hook',
      { hook: BackwardPreHook },
      { prepend?: boolean }
    >
  ): RemovableHandle {
    return addBackwardHook(
      this[internals].backwardPreHooks,
      'Module.register_full_backward_pre_hook',
      args,
    );
  }

  // --- Parts ------------------------------------------------------------------------------------

  /** The name of a property in state dicts and wherever else names are given: as it is written. */
  stateName(property: string): string {
    return property;
  }

  /**
   * Makes a tensor part of the module's state without being learnt, such as a running mean. One that
   * is not `persistent` stays out of the state dict.
   */
  registerBuffer(
    ...args: Args<'Module.register_buffer', BufferNeeded, { persistent?: boolean }>
  ): void {
    const { name, tensor, persistent } = bind<BufferNeeded & { persistent: boolean }>(
      'Module.register_buffer',
      args,
    );
    const { buffers } = this[internals];
    if (!buffers.has(name)) checkName(this, 'buffer', name);
    buffers.set(name, persistent);
    this.assign(name, tensor && keep(tensor));
  }

  /** Adds a parameter under a name that is no property in the code. */
  registerParameter(name: string, parameter: Parameter | null): void {
    if (!(this.property(name) instanceof Parameter)) checkName(this, 'parameter', name);
    this.assign(name, parameter);
    guard(this, name);
  }

  /** Adds a module under a name that is no property in the code. */
  registerModule(name: string, module: Module | null): void {
    if (!(this.property(name) instanceof Module)) checkName(this, 'module', name);
    this.assign(name, module);
  }

  /** The same as {@link registerModule}, under its older name (`torch.nn.Module.add_module`). */
  addModule(name: string, module: Module | null): void {
    this.registerModule(name, module);
  }

  /** @internal */
  property(name: string): unknown {
    return (this as Record<string, unknown>)[name];
  }
  /** @internal */
  assign(name: string, value: unknown): void {
    (this as Record<string, unknown>)[name] = value;
  }

  /** The modules directly inside this one, by name. */
  *ownModules(): Generator<[string, Module]> {
    for (const [property, value] of Object.entries(this)) {
      if (value instanceof Module) yield [this.stateName(property), value];
    }
  }
  /** The modules directly inside this one, by name, each once. */
  *namedChildren(): Generator<[string, Module]> {
    const seen = new Set<Module>();
    for (const [name, module] of this.ownModules()) {
      if (!seen.has(module)) yield [name, module];
      seen.add(module);
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
    for (const [name, child] of this.ownModules()) {
      yield* child.namedModules(prefix ? `${prefix}.${name}` : name, seen);
    }
  }
  modules(): Module[] {
    return Array.from(this.namedModules(), ([, module]) => module);
  }

  /** The parameters of this module alone. */
  *ownParameters(): Generator<[string, Parameter]> {
    for (const [property, value] of Object.entries(this)) {
      if (!(value instanceof Parameter)) continue;
      guard(this, property);
      yield [this.stateName(property), value];
    }
  }
  /**
   * The properties that hold buffers, and whether these belong to the state dict.
   * @internal
   */
  bufferProperties(): Map<string, boolean> {
    const { buffers } = this[internals];
    for (const [property, value] of Object.entries(this)) {
      if (value instanceof Buffer && !buffers.has(property))
        buffers.set(property, value.persistent);
    }
    return buffers;
  }
  /** The buffers of this module alone. */
  *ownBuffers(persistentOnly = false): Generator<[string, Tensor]> {
    for (const [property, persistent] of this.bufferProperties()) {
      const value = this.property(property);
      if (value instanceof Tensor && (persistent || !persistentOnly)) {
        yield [this.stateName(property), value];
      }
    }
  }

  /** All learnt tensors by dotted name, in PyTorch's order, each once. */
  namedParameters(
    ...args: Args<'Module.named_parameters', unknown, NamedOptions>
  ): Generator<[string, Parameter]> {
    const options = bind<Required<NamedOptions>>('Module.named_parameters', args);
    return named(this, options, (module) => module.ownParameters());
  }
  parameters(...args: Args<'Module.parameters', unknown, { recurse?: boolean }>): Parameter[] {
    const { recurse } = bind<{ recurse: boolean }>('Module.parameters', args);
    return Array.from(this.namedParameters({ recurse }), ([, parameter]) => parameter);
  }
  namedBuffers(
    ...args: Args<'Module.named_buffers', unknown, NamedOptions>
  ): Generator<[string, Tensor]> {
    const options = bind<Required<NamedOptions>>('Module.named_buffers', args);
    return named(this, options, (module) => module.ownBuffers());
  }
  buffers(...args: Args<'Module.buffers', unknown, { recurse?: boolean }>): Tensor[] {
    const { recurse } = bind<{ recurse: boolean }>('Module.buffers', args);
    return Array.from(this.namedBuffers({ recurse }), ([, buffer]) => buffer);
  }

  /** The module of a dotted name; this one for `''`. Throws TorchError if there is none. */
  getSubmodule(target: string): Module {
    return target === '' ? this : find(this, target, 'module');
  }
  /** The parameter of a dotted name. Throws TorchError if there is none. */
  getParameter(target: string): Parameter {
    return find(this, target, 'parameter');
  }
  /** The buffer of a dotted name. Throws TorchError if there is none. */
  getBuffer(target: string): Tensor {
    return find(this, target, 'buffer');
  }

  /**
   * Puts a module in the place of a dotted name (`torch.nn.Module.set_submodule`); with `strict` only in that of another.
   * Throws TorchError if what is there is no module, and if there is no module around it.
   */
  setSubmodule(
    ...args: Args<'Module.set_submodule', { target: string; module: Module }, { strict?: boolean }>
  ): void {
    const { target, module, strict } = bind<{ target: string; module: Module; strict: boolean }>(
      'Module.set_submodule',
      args,
    );
    if (target === '') {
      throw new TorchError('Cannot set the submodule without a target name!', 'ValueError');
    }
    if (!(module instanceof Module)) {
      throw new TorchError(
        `\`module\` is not an nn.Module, found <class '${typeName(module)}'>`,
        'ValueError',
      );
    }
    const path = target.split('.');
    const name = path.pop()!;
    const parent = this.getSubmodule(path.join('.'));
    const [property, held] = Object.entries(parent).find(
      ([own]) => own === name || parent.stateName(own) === name,
    ) ?? [name, parent.property(name)];
    if (held === undefined && strict) {
      throw new TorchError(
        `${parent.constructor.name} has no attribute \`${name}\``,
        'AttributeError',
      );
    }
    if (held !== undefined && !(held instanceof Module)) {
      throw new TorchError(`\`${name}\` is not an nn.Module`, 'AttributeError');
    }
    parent.assign(property, module);
  }

  // --- Modes ------------------------------------------------------------------------------------

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
  /** Forgets all gradients; keeps them, filled with zeros, where `setToNone` is false. */
  zeroGrad(...args: Args<'Module.zero_grad', unknown, { setToNone?: boolean }>): void {
    const { setToNone } = bind<{ setToNone: boolean }>('Module.zero_grad', args);
    for (const parameter of this.parameters()) {
      if (setToNone) parameter.grad = null;
      else parameter.grad?.detach_().zero_();
    }
  }

  /**
   * Converts in place: floating and complex parameters and buffers to a dtype, all of them to a
   * device; or to both, those of `other`. Throws TorchError for a dtype of whole numbers.
   */
  to(...args: ModuleMove): this {
    convert(this, args);
    return this;
  }
  float(): this {
    return this.to('float32');
  }
  double(): this {
    return this.to('float64');
  }
  half(): this {
    return this.to('float16');
  }
  bfloat16(): this {
    return this.to('bfloat16');
  }
  cpu(): this {
    return this.to('cpu');
  }
  /** To a GPU. Throws TorchError if there is none. */
  cuda(device: Device | number | null = 'cuda'): this {
    return this.to(deviceOf(device ?? 'cuda'));
  }

  /** As Python has it for other processes: threads share all memory, so that this does nothing. See `torch.share`. */
  shareMemory(): this {
    return this;
  }

  /** To a dtype (`torch.nn.Module.type`), buffers and whole numbers as well. */
  type(dstType: DType): this {
    for (const module of this.modules()) {
      for (const [, parameter] of module.ownParameters())
        parameter.data = parameter.data.to(dstType);
      for (const property of module.bufferProperties().keys()) {
        const buffer = module.property(property);
        if (buffer instanceof Tensor) module.assign(property, keep(buffer.to(dstType)));
      }
    }
    return this;
  }

  /** Moves parameters and buffers to a device without their values (`torch.nn.Module.to_empty`), such as from `meta`. */
  toEmpty(
    ...args: Args<'Module.to_empty', unknown, { device: Device | null; recurse?: boolean }>
  ): this {
    const { device, recurse } = bind<{ device: Device | null; recurse: boolean }>(
      'Module.to_empty',
      args,
    );
    const empty = (tensor: Tensor) => emptyLike(tensor, device ? { device } : {});
    for (const module of recurse ? this.modules() : [this]) {
      for (const [property, parameter] of Object.entries(module)) {
        if (!(parameter instanceof Parameter)) continue;
        // A parameter of another kind of device can't take its place in the same object.
        module.assign(property, new Parameter(empty(parameter.data), parameter.requiresGrad));
      }
      for (const property of module.bufferProperties().keys()) {
        const buffer = module.property(property);
        if (buffer instanceof Tensor) module.assign(property, keep(empty(buffer)));
      }
    }
    return this;
  }

  // --- State ------------------------------------------------------------------------------------

  /** Parameters and persistent buffers by dotted name; they share the module's storage. */
  stateDict(): StateDict {
    return saveState(this);
  }

  /**
   * Copies a state dict into the module; with `assign` the module takes the tensors themselves, and so shares their
   * memory, as with a state from another thread. Throws TorchError with PyTorch's message, and changes
   * nothing, where shapes differ and, unless `strict` is false, where keys are missing or unexpected.
   */
  loadStateDict(
    ...args: Args<'Module.load_state_dict', StateNeeded, { strict?: boolean; assign?: boolean }>
  ): StateDictKeys {
    const { stateDict, strict, assign } = bind<StateNeeded & { strict: boolean; assign: boolean }>(
      'Module.load_state_dict',
      args,
    );
    return loadState(this, stateDict, strict, assign);
  }

  /** Runs before this module's part of `stateDict` is taken. */
  registerStateDictPreHook(hook: StateDictPreHook): RemovableHandle {
    return addHook(this[internals].statePreHooks, hook);
  }
  /** Runs after this module's part of `stateDict` is taken; may change the state dict. */
  registerStateDictPostHook(hook: StateDictPostHook): RemovableHandle {
    return addHook(this[internals].stateHooks, hook);
  }
  /** Runs before this module's part of a state dict is loaded; may change its arguments in place. */
  registerLoadStateDictPreHook(hook: LoadStateDictPreHook): RemovableHandle {
    return addHook(this[internals].loadPreHooks, hook);
  }
  /** Runs after this module's part is loaded; may change the missing and unexpected names in place. */
  registerLoadStateDictPostHook(hook: LoadStateDictPostHook): RemovableHandle {
    return addHook(this[internals].loadHooks, hook);
  }

  /** What a class of one's own saves beside tensors, under `_extra_state`; see {@link setExtraState}. */
  getExtraState(): unknown {
    throw unreachable('get');
  }
  /** Takes back what {@link getExtraState} gave. A class has both or none. */
  setExtraState(_state: unknown): void {
    throw unreachable('set');
  }

  /**
   * A copy with parameters and buffers of its own, Python's `copy.deepcopy(module)`. Fields that are
   * private by JavaScript's `#` can't be copied: mark those of your modules `private` instead.
   */
  deepcopy(): this {
    return deepcopy(this);
  }

  // --- Print ------------------------------------------------------------------------------------

  /** What stands in the brackets of {@link toString}: the module's settings. */
  extraRepr(): string {
    return '';
  }

  /** The module's structure, as PyTorch prints it. */
  toString(): string {
    const extra = this.extraRepr();
    const lines = Array.from(this.ownModules(), ([name, child]) => {
      return `(${name}): ${child.toString().replaceAll('\n', '\n  ')}`;
    });
    if (lines.length === 0 && !extra.includes('\n')) return `${this.constructor.name}(${extra})`;
    const body = extra ? [...extra.split('\n'), ...lines] : lines;
    return `${this.constructor.name}(\n  ${body.join('\n  ')}\n)`;
  }
  [inspect.custom](): string {
    return this.toString();
  }
}

base.getExtraState = Module.prototype.getExtraState;
base.setExtraState = Module.prototype.setExtraState;

const unreachable = (what: string) =>
  new TorchError(
    `Reached a code path in Module.${what}_extra_state() that should never be called. Please file an issue at https://github.com/pytorch/pytorch/issues/new?template=bug-report.yml to report this bug.`,
    'RuntimeError',
  );

function callWithHooks(this: Module, ...args: Forward[]): Forward {
  const { preHooks, hooks, backwardHooks, backwardPreHooks } = this[internals];
  if (!(preHooks.size || hooks.size || backwardHooks.size || backwardPreHooks.size)) {
    return forwardOf(this, args);
  }
  return runWithHooks(this, args, (given) => forwardOf(this, given));
}

/** Runs `forward`; while the module is traced, what it does belongs to it. */
function forwardOf(module: Module, args: Forward[]): Forward {
  const scope = scopes.current?.get(module);
  if (scope === undefined) return module.forward(...args);
  native.enterScope(scope);
  try {
    return module.forward(...args);
  } finally {
    native.leaveScope();
  }
}

/** Tensors of a module and, with `recurse`, of all inside it, by dotted name, each once. */
function* named<T extends Tensor>(
  root: Module,
  { prefix: start, recurse, removeDuplicate }: Required<NamedOptions>,
  own: (module: Module) => Iterable<[string, T]>,
): Generator<[string, T]> {
  const seen = new Set<T>();
  for (const [prefix, module] of recurse ? root.namedModules(start) : [[start, root] as const]) {
    for (const [name, tensor] of own(module)) {
      if (removeDuplicate && seen.has(tensor)) continue;
      seen.add(tensor);
      yield [prefix ? `${prefix}.${name}` : name, tensor];
    }
  }
}

import { noGrad } from '../autograd/modes';
import { isOptions } from '../dispatch';
import { TorchError } from '../errors';
import { keep } from '../memory';
import { type Handle, native } from '../native';
import { internals } from '../nn/internals';
import { Module } from '../nn/module';
import { Parameter } from '../nn/parameter';
import { writeWhole } from '../serialization/byte-sink';
import { Tensor } from '../tensor';
import { fromScript, type Scripted, toScript } from './values';

type Slot = [name: string, kind: 'parameter' | 'buffer' | 'module' | 'attribute'];
type Method = [name: string, parameters: string[], isDict: boolean[]];

// biome-ignore lint/suspicious/noExplicitAny: what a model takes, gives and holds is known to its file alone.
type Any = any;

/** Python's class of what a file holds, whose own name comes in brackets. */
const scripted = 'RecursiveScriptModule';

const wrap = (value: unknown): unknown => fromScript(value, (handle) => new ScriptModule(handle));

/** The modules and parameters of one model, by their identity: what it holds twice is one object. */
type Known = Map<number, ScriptModule | Parameter>;

function once<T extends ScriptModule | Parameter>(known: Known, handle: Handle, make: () => T): T {
  const identity = native.scriptIdentity(handle);
  if (!known.has(identity)) known.set(identity, make());
  return known.get(identity) as T;
}

/** The very tensor of a model as a parameter, where the constructor would make another on its storage. */
const parameterOf = (handle: Handle): Parameter =>
  keep(Reflect.construct(Tensor, [handle], Parameter) as Parameter);

/**
 * A model of TorchScript (`torch.jit.ScriptModule`), as {@link load} and {@link trace} give it: a module whose program
 * comes from its file. Parameters, buffers and modules inside have Python's names; attributes, constants and methods other than `forward` are
 * properties as well. Arguments go by position and by name; dicts may be plain objects or Maps.
 */
export class ScriptModule extends Module implements Scripted {
  [name: string]: Any;
  /** @internal */
  declare readonly scriptHandle: Handle;

  /** @internal */
  constructor(handle: Handle, className = scripted, known: Known = new Map()) {
    super();
    hide(this, 'scriptHandle', handle);
    hide(this, 'originalName', className === scripted ? native.scriptName(handle) : className);
    hide(this, 'className', className);
    const slots = native.scriptSlots(handle) as Slot[];
    for (const [name, kind] of slots) this.define(name, kind, known);
    for (const name of native.scriptConstants(handle)) this.define(name, 'attribute', known);
    for (const [name] of native.scriptMethods(handle) as Method[]) {
      if (!(name in this)) hide(this, name, (...args: unknown[]) => this.run(name, args));
    }
    if (!slots.some(([name]) => name === 'training')) hide(this, 'training', true);
  }

  private define(name: string, kind: Slot[1], known: Known): void {
    const { scriptHandle: handle, className } = this;
    const get = () => wrap(native.scriptGet(handle, name));
    const set = (value: unknown) => native.scriptSet(handle, name, toScript(value));
    const isState = kind === 'parameter' || kind === 'buffer';
    if (kind === 'attribute' && name !== 'training' && name in this) return;
    const held = kind === 'buffer' || kind === 'attribute' ? null : native.scriptGet(handle, name);
    if (kind === 'buffer') this[internals].buffers.set(name, true);
    let value: unknown;
    if (kind === 'parameter') {
      value = held && once(known, held as Handle, () => parameterOf(held as Handle));
    }
    if (kind === 'module') {
      const inner = (held as { script: Handle }).script;
      const innerName = className === scripted ? className : native.scriptName(inner);
      value = once(known, inner, () => new ScriptModule(inner, innerName, known));
    }
    Object.defineProperty(this, name, {
      get: value === undefined ? get : () => value,
      set,
      enumerable: isState || kind === 'module',
      configurable: true,
    });
  }

  /** Runs a method of the model. Throws TorchError with PyTorch's message for arguments that do not fit. */
  private run(name: string, args: readonly unknown[]): unknown {
    const methods = native.scriptMethods(this.scriptHandle) as Method[];
    const method = methods.find(([own]) => own === name);
    if (!method) {
      throw new TorchError(`Method '${name}' is not defined.`, 'AttributeError', name);
    }
    const [, parameters, takesDict] = method;
    const last = args.at(-1);
    const byName =
      isOptions(last) &&
      !(takesDict[args.length - 1] && Object.keys(last).some((key) => !parameters.includes(key)));
    const options = byName ? Object.entries(last) : [];
    const positional = byName ? args.slice(0, -1) : args;
    return wrap(
      native.scriptRun(
        this.scriptHandle,
        name,
        positional.map(toScript),
        options.map(([option]) => option),
        options.map(([, value]) => toScript(value)),
      ),
    );
  }

  forward(...args: Any[]): Any {
    return this.run('forward', args);
  }

  /** The program of `forward` as TorchScript prints it. */
  get graph(): string {
    return native.scriptText(this.scriptHandle, 'forward');
  }

  /** Writes the model to a file, which Python's `torch.jit.load` reads. */
  save(file: string | URL): void {
    saveScript(this, file);
  }

  override deepcopy(): this {
    const handle = noGrad(() => native.scriptCopy(this.scriptHandle));
    const copy = new ScriptModule(handle, this.className) as this;
    const own = this.parameters();
    copy.parameters().forEach((parameter, i) => {
      parameter.requiresGrad_(own[i]!.requiresGrad);
    });
    return copy;
  }

  override extraRepr(): string {
    return `original_name=${this.originalName}`;
  }
  override toString(): string {
    return super.toString().replace(/^\w*/, this.className);
  }
}

/** A property that neither prints nor counts as a part of the module. */
function hide(module: Module, name: string, value: unknown): void {
  Object.defineProperty(module, name, { value, writable: true, configurable: true });
}

/** A function that was traced (`torch.jit.ScriptFunction`): `fn.call(x)`. */
export class ScriptFunction implements Scripted {
  private readonly module: ScriptModule;

  /** @internal */
  constructor(readonly scriptHandle: Handle) {
    this.module = new ScriptModule(scriptHandle);
  }

  call(...args: Any[]): Any {
    return this.module.forward(...args);
  }
  get graph(): string {
    return this.module.graph;
  }
  /** Writes the function to a file, which Python's `torch.jit.load` reads as a module. */
  save(file: string | URL): void {
    saveScript(this, file);
  }
}

/** Writes a model or a traced function to a file (`torch.jit.save`). */
export function saveScript(module: ScriptModule | ScriptFunction, file: string | URL): void {
  const bytes = new Uint8Array(native.scriptSave(module.scriptHandle, null)!);
  writeWhole(file, (sink) => sink.write(bytes));
}

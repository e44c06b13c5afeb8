import { noGrad } from '../autograd';
import { isOptions } from '../dispatch';
import { native } from '../native';
import { warn } from '../nn/functional/warning';
import { scopes } from '../nn/internals';
import { Module } from '../nn/module';
import { getRngState, setRngState } from '../random';
import { Tensor } from '../tensor';
import { ScriptFunction, ScriptModule } from './script-module';
import { fromScript, toScript } from './values';

// biome-ignore lint/suspicious/noExplicitAny: whatever the function takes and gives.
type Any = any;
type Traceable = Module | ((...args: Any[]) => Any);

export interface TraceOptions {
  /** Whether to compare what the traced program gives with what the function gives. Default true. */
  checkTrace?: boolean;
  /** Relative difference that this allows. Default 1e-5. */
  checkTolerance?: number;
  /** Whether to refuse records as results, whose keys the program fixes. Default true. */
  strict?: boolean;
}

/**
 * Runs a module or a function once and records its operators as a program of TorchScript (`torch.jit.trace`), which
 * Python loads by `torch.jit.load`. What depends on values or sizes in JavaScript is recorded as it was for these inputs: `if`, loops,
 * and numbers such as `x.shape[0]`; use -1 or `flatten` where the batch may vary. Arrays are recorded as tuples.
 *
 * @example
 * torch.jit.trace(net.eval(), torch.randn(1, 3, 32, 32)).save('net.pt');
 */
export function trace(module: Module, exampleInputs: unknown, options?: TraceOptions): ScriptModule;
export function trace(
  func: (...args: Any[]) => Any,
  exampleInputs: unknown,
  options?: TraceOptions,
): ScriptFunction;
export function trace(
  func: Traceable,
  exampleInputs: unknown,
  options: TraceOptions = {},
): ScriptModule | ScriptFunction {
  const { checkTrace = true, checkTolerance = 1e-5, strict = true } = options;
  const isModule = func instanceof Module;
  const inputs = Array.isArray(exampleInputs) ? exampleInputs : [exampleInputs];
  const call = (...args: unknown[]) => (isModule ? func.call(...args) : func(...args));
  const run = (...args: unknown[]) =>
    toScript(call(...args.map((arg) => fromScript(arg, (handle) => new ScriptModule(handle)))));
  const root = isModule ? structureOf(func, new Map()) : emptyStructure;
  scopes.current = isModule ? namesOf(func) : null;
  let handle: ReturnType<typeof native.scriptTrace>;
  try {
    handle = native.scriptTrace(
      root,
      inputs.map(toScript),
      run,
      argumentNames(isModule ? func.forward : func),
      strict,
      isModule,
    );
  } finally {
    scopes.current = null;
  }
  const traced = isModule
    ? new ScriptModule(handle, func.constructor.name)
    : new ScriptFunction(handle);
  if (checkTrace) check(traced, call, inputs, checkTolerance);
  return traced;
}

interface Structure {
  readonly id: number;
  readonly name: string;
  readonly training: boolean;
  readonly parameters: unknown[];
  readonly buffers: unknown[];
  readonly modules: [string, Structure][];
}

const emptyStructure: Structure = {
  id: 0,
  name: 'PlaceholderModule',
  training: true,
  parameters: [],
  buffers: [],
  modules: [],
};

/** What a module holds; one that is held twice has one number. */
function structureOf(module: Module, ids: Map<Module, number>): Structure {
  const id = ids.get(module) ?? ids.size;
  ids.set(module, id);
  const handles = (tensors: Iterable<[string, Tensor]>) =>
    Array.from(tensors, ([name, tensor]) => [name, tensor.handle]);
  return {
    id,
    name: module.constructor.name,
    training: module.training,
    parameters: handles(module.ownParameters()),
    buffers: handles(module.ownBuffers()),
    modules: Array.from(module.ownModules(), ([name, child]) => [name, structureOf(child, ids)]),
  };
}

/** The names under which the program knows the modules inside. */
function namesOf(root: Module): Map<object, string> {
  const names = new Map<object, string>();
  const visit = (module: Module, prefix: string) => {
    for (const [name, child] of module.namedChildren()) {
      names.set(child, `${prefix}.${name}`);
      visit(child, `${prefix}.${name}`);
    }
  };
  visit(root, '__module');
  return names;
}

/** The names of a function's parameters, as far as each is a mere name. */
function argumentNames(func: (...args: Any[]) => Any): string[] {
  const [, list = ''] = /^[^(]*\(([^)]*)\)/.exec(String(func)) ?? [];
  const names = list.split(',').map((text) => text.split('=')[0]!.trim());
  return names.every((name) => /^[A-Za-z_]\w*$/.test(name)) ? names : [];
}

/** The tensors in nested arrays, records and Maps. */
function tensorsIn(value: unknown): Tensor[] {
  if (value instanceof Tensor) return [value];
  if (value instanceof Map) return tensorsIn([...value.values()]);
  if (Array.isArray(value)) return value.flatMap(tensorsIn);
  return isOptions(value) ? tensorsIn(Object.values(value)) : [];
}

/** Warns where the program gives other results than the function; the random numbers stay as they were. */
function check(
  traced: ScriptModule | ScriptFunction,
  call: (...args: unknown[]) => unknown,
  inputs: unknown[],
  tolerance: number,
): void {
  const state = getRngState();
  const outputs = [traced.call.bind(traced), call].map((run) => {
    setRngState(state);
    return noGrad(() => tensorsIn(run(...inputs)));
  });
  setRngState(state);
  const [ours, theirs] = outputs as [Tensor[], Tensor[]];
  ours.forEach((output, i) => {
    const options = { rtol: tolerance, atol: 1e-5, equalNan: true };
    const [a, b] = [output.double(), theirs[i]!.double()];
    if (String(a.shape) === String(b.shape) && a.allclose(b, options)) return;
    warn(
      `Output nr ${i + 1}. of the traced function does not match the corresponding output of the Python function.`,
    );
  });
}

/** Models that Python's compiler has turned into machine code (`torch._inductor`). */
import { isOptions } from './dispatch';
import { TorchError } from './errors';
import { existingPath, readModel } from './jit/load';
import { type Handle, native } from './native';
import { Tensor } from './tensor';

// biome-ignore lint/suspicious/noExplicitAny: whatever the model takes and gives.
type Any = any;

/** How values are nested, as `torch.utils._pytree` writes it. */
interface Spec {
  readonly type: string | null;
  readonly context: string | null;
  readonly children_spec: readonly Spec[];
}

const parsed = (text: string): Spec => (JSON.parse(text) as [number, Spec])[1];

/** The keys of a dict, in its order. */
const keysOf = ({ context }: Spec): string[] => {
  const keys = JSON.parse(context!) as unknown;
  return (Array.isArray(keys) ? keys : []) as string[];
};

const isLeaf = ({ type, children_spec: children }: Spec) => type === null && children.length === 0;
const isDict = ({ type }: Spec) => /(^|\.)(dict|OrderedDict|defaultdict)$/.test(type ?? '');

/** The leaves of a value in the order of its spec. Throws TorchError where it is nested in another way. */
function flatten(value: unknown, spec: Spec, path: string): unknown[] {
  if (isLeaf(spec)) return [value];
  const { children_spec: children } = spec;
  const refuse = (what: string) =>
    new TorchError(`the model was exported with ${what} for ${path}`, 'ValueError');
  if (isDict(spec)) {
    if (!(value instanceof Map) && !isOptions(value)) throw refuse('a dict');
    const map = value instanceof Map ? value : new Map(Object.entries(value));
    return keysOf(spec).flatMap((key, i) => {
      if (!map.has(key)) throw refuse(`the key '${key}'`);
      return flatten(map.get(key), children[i]!, `${path}.${key}`);
    });
  }
  if (!Array.isArray(value) || value.length !== children.length) {
    throw refuse(`${children.length} value${children.length === 1 ? '' : 's'}`);
  }
  return children.flatMap((child, i) => flatten(value[i], child, `${path}[${i}]`));
}

function unflatten(leaves: Iterator<unknown>, spec: Spec): unknown {
  if (isLeaf(spec)) return leaves.next().value;
  const values = spec.children_spec.map((child) => unflatten(leaves, child));
  if (!isDict(spec)) return values;
  return Object.fromEntries(keysOf(spec).map((key, i) => [key, values[i]]));
}

/** A model of AOTInductor: `model.call(x)`, for inputs as it was exported with. */
export class AOTICompiledModel {
  private readonly inputs: Spec;
  private readonly outputs: Spec;

  /** @internal */
  constructor(private readonly handle: Handle) {
    const [inputs, outputs] = native.packageSpec(handle);
    this.inputs = parsed(inputs!);
    this.outputs = parsed(outputs!);
  }

  /** Runs the model; arguments by name come in a plain object at the end. Gives what the model gives in Python. */
  call(...args: Any[]): Any {
    const named = this.inputs.children_spec[1]!;
    const byName = isOptions(args.at(-1)) && keysOf(named).length > 0;
    const options = byName ? args.at(-1) : {};
    const positional = byName ? args.slice(0, -1) : args;
    const leaves = [
      ...flatten(positional, this.inputs.children_spec[0]!, 'the arguments'),
      ...flatten(options, named, 'the arguments by name'),
    ];
    const tensors = leaves.filter((leaf) => leaf instanceof Tensor);
    const results = native.packageRun(
      this.handle,
      tensors.map(({ handle }) => handle),
    );
    return unflatten(results.map((result) => result && new Tensor(result)).values(), this.outputs);
  }

  /** What was said of the model when it was compiled. */
  getMetadata(): Record<string, string> {
    return native.packageMetadata(this.handle);
  }
  /** The names of the model's weights. */
  getConstantFqns(): string[] {
    return native.packageConstants(this.handle);
  }
  /** Gives the model other weights. */
  loadConstants(
    constants: Readonly<Record<string, Tensor>> | ReadonlyMap<string, Tensor>,
    { checkFullUpdate = true, userManaged = false } = {},
  ): void {
    const entries = constants instanceof Map ? [...constants] : Object.entries(constants);
    native.packageLoadConstants(
      this.handle,
      entries.map(([name]) => name),
      entries.map(([, tensor]) => (tensor as Tensor).handle),
      checkFullUpdate,
      userManaged,
    );
  }
}

export interface PackageOptions {
  /** Which model of the package. Default `model`. */
  modelName?: string;
  runSingleThreaded?: boolean;
  /** How many calls may run at once. Default 1. */
  numRunners?: number;
  deviceIndex?: number;
}

/**
 * Loads a `.pt2` package that Python's `torch._inductor.aoti_compile_and_package` has made
 * (`torch._inductor.aoti_load_package`). It holds machine code: load only what you trust.
 */
export function aotiLoadPackage(
  path: string | URL,
  options: PackageOptions = {},
): AOTICompiledModel {
  const {
    modelName = 'model',
    runSingleThreaded = false,
    numRunners = 1,
    deviceIndex = -1,
  } = options;
  const file = existingPath(path);
  const load = () =>
    native.packageLoad(file, modelName, runSingleThreaded, numRunners, deviceIndex);
  return new AOTICompiledModel(readModel(file, load));
}

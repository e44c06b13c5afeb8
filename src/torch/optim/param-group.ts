import { type Args, bind, type Callee } from '../arguments';
import { TorchError } from '../errors';
import { Tensor } from '../tensor';

/** What a scheduler keeps in a group. */
interface Scheduled {
  initialLr?: number;
  maxLr?: number;
  minLr?: number;
  maxMomentum?: number;
  baseMomentum?: number;
  swaLr?: number;
}

/** Parameters that share their settings, an element of `optimizer.paramGroups`. */
export type ParamGroup<Options> = Options &
  Scheduled & {
    params: Tensor[];
    /** The parameters' names, where the optimizer was given names. */
    paramNames?: string[];
  };

/** Parameters, alone or with their names, as `model.namedParameters()` gives them. */
export type Params = Iterable<Tensor | readonly [string, Tensor]>;

/** A group as it is given: what it leaves out is the optimizer's default. */
export type GroupOf<Options> = Partial<Options> & { params: Tensor | Params };

/** What an optimizer is made of: parameters, named parameters, or groups of them. */
export type ParamsOf<Options> = Params | Iterable<GroupOf<Options>>;

/** How the constructor of an optimizer is called. */
export type OptimizerArgs<Name extends Callee, Options> = Args<
  Name,
  { params: ParamsOf<Options> },
  Partial<Options>
>;

/**
 * The parameters and the settings that an optimizer's constructor was given. Throws TorchError for a
 * setting that is not supported: a tensor in place of a number, `capturable`, `differentiable`.
 */
export function optimizerSettings<Options>(
  name: Callee,
  args: readonly unknown[],
): { params: ParamsOf<Options>; defaults: Options } {
  const { params, ...defaults } = bind<{ params: ParamsOf<Options> }>(name, args);
  for (const [setting, given] of Object.entries(defaults)) {
    if (given instanceof Tensor) {
      const problem = `a tensor as ${setting} is not supported; give the number, ${setting}.item()`;
      throw new TorchError(`${name}: ${problem}`, 'NotImplementedError');
    }
    if (given === true && (setting === 'capturable' || setting === 'differentiable')) {
      throw new TorchError(`${name}: ${setting}=True is not supported`, 'NotImplementedError');
    }
  }
  return { params, defaults: defaults as Options };
}

const value = (message: string) => new TorchError(message, 'ValueError');

/** The groups that a constructor was given; throws TorchError where there is none. */
export function groupsOf<Options>(params: ParamsOf<Options>): GroupOf<Options>[] {
  if (params instanceof Tensor) {
    throw new TorchError(
      'params argument given to the optimizer should be an iterable of Tensors or dicts, ' +
        'but got a Tensor',
      'TypeError',
    );
  }
  const given = [...params];
  if (given.length === 0) throw value('optimizer got an empty parameter list');
  const [first] = given;
  const isGroup = !(first instanceof Tensor) && typeof first === 'object' && 'params' in first!;
  return (isGroup ? given : [{ params: given }]) as GroupOf<Options>[];
}

/** A group with its defaults filled in; throws TorchError as `Optimizer.add_param_group` does. */
export function completeGroup<Options extends object>(
  { params, ...settings }: GroupOf<Options>,
  defaults: Options,
  others: readonly ParamGroup<Options>[],
): ParamGroup<Options> {
  const entries = params instanceof Tensor ? [params] : [...params];
  const names = entries.flatMap((entry) => (Array.isArray(entry) ? [entry[0] as string] : []));
  if (names.length > 0 && names.length < entries.length) {
    throw value('all optimizer params should be with/without names. Some param names are missing');
  }
  const tensors = entries.map((entry) => (Array.isArray(entry) ? entry[1] : entry) as Tensor);
  for (const tensor of tensors) check(tensor);
  if (new Set(tensors).size < tensors.length) {
    process.emitWarning(
      'optimizer contains a parameter group with duplicate parameters; in future, this will cause an error',
    );
  }
  for (const other of others) {
    if (names.length > 0 !== (other.paramNames !== undefined)) {
      throw value(
        'all optimizer param groups should be with/without names. cannot add param group ' +
          `${names.length > 0 ? 'with' : 'without'} names to the optimizer`,
      );
    }
    if (tensors.some((tensor) => other.params.includes(tensor))) {
      throw value('some parameters appear in more than one parameter group');
    }
  }
  const set = Object.entries(settings).filter(([, setting]) => setting !== undefined);
  const group = { ...defaults, ...Object.fromEntries(set), params: tensors };
  return (names.length > 0 ? { ...group, paramNames: names } : group) as ParamGroup<Options>;
}

function check(param: unknown): void {
  if (!(param instanceof Tensor)) {
    throw new TorchError(
      'optimizer can only optimize Tensors, but one of the params is ' +
        `${param === null ? 'null' : typeof param}`,
      'TypeError',
    );
  }
  if (!param.isLeaf) throw value("can't optimize a non-leaf Tensor");
}

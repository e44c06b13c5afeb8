import { type Args, bind } from '../../arguments';
/** `torch.nn.utils.parametrize`: parameters computed from others. */
import { noGrad } from '../../autograd';
import { TorchError } from '../../errors';
import { Tensor } from '../../tensor';
import type { Module } from '../module';
import { ModuleDict, ModuleList } from '../modules/container';
import { Parameter } from '../parameter';
import { shapeText } from '../repr';

/** A module that computes a tensor, and knows what to compute a given one from. */
export type Parametrization = Module & {
  forward(...originals: Tensor[]): Tensor;
  rightInverse?(value: Tensor): Tensor | Tensor[];
};

/** The tensors that are learnt in place of one, and the modules that compute it of them. */
export class ParametrizationList extends ModuleList<Parametrization> {
  constructor(parametrizations: readonly Parametrization[], value: Tensor) {
    super(parametrizations);
    const originals = this.inverse(value);
    const isOne = originals instanceof Tensor;
    for (const [i, tensor] of (isOne ? [originals] : originals).entries()) {
      const name = isOne ? 'original' : `original${i}`;
      if (value instanceof Parameter) {
        // The parameter itself stays where there is one, so that an optimizer still knows it.
        const kept = isOne ? value : new Parameter(tensor, value.requiresGrad);
        kept.data = tensor.data;
        this.registerParameter(name, kept);
      } else {
        this.registerBuffer(name, tensor);
      }
    }
  }

  /** What is learnt: `original`, or `original0`, `original1`, … */
  originals(): Tensor[] {
    return [...this.ownParameters(), ...this.ownBuffers()].map(([, tensor]) => tensor);
  }

  private inverse(value: Tensor): Tensor | Tensor[] {
    return noGrad(() =>
      this.toArray().reduceRight<Tensor | Tensor[]>((result, parametrization) => {
        if (!parametrization.rightInverse) return result;
        return parametrization.rightInverse(result as Tensor);
      }, value),
    );
  }

  /** Sets the originals so that a tensor comes out. */
  set(value: Tensor): void {
    const given = [this.inverse(value)].flat();
    this.originals().forEach((original, i) => {
      original.data = given[i]!.data;
    });
  }

  /** The computed tensor. */
  compute(): Tensor {
    const [first, ...rest] = this.toArray();
    return rest.reduce((value, next) => next.call(value), first!.call(...this.originals()));
  }
}

/** A module's parametrizations, by the names that state dicts have; undefined if it has none. */
const listsOf = (module: Module): ModuleDict<ParametrizationList> | undefined => {
  const found = module.property('parametrizations');
  return found instanceof ModuleDict ? (found as ModuleDict<ParametrizationList>) : undefined;
};

/** Whether a property of a module, or any where no name is given, is computed. */
export function isParametrized(module: Module, name?: string): boolean {
  const lists = listsOf(module);
  return name === undefined
    ? (lists?.size ?? 0) > 0
    : (lists?.has(module.stateName(name)) ?? false);
}

/**
 * Lets a parameter or buffer be computed by a module whenever it is read
 * (`torch.nn.utils.parametrize.register_parametrization`). What it is computed from, `rightInverse`
 * of its value, is learnt in its place. Throws TorchError if there is no such tensor or if the
 * computed one has another shape or dtype.
 */
export function registerParametrization<M extends Module>(
  module: M,
  name: string,
  parametrization: Parametrization,
): M {
  const key = module.stateName(name);
  const lists = listsOf(module);
  const before = lists?.get(key);
  const value = module.property(name);
  if (before) {
    const list = new ParametrizationList([...before, parametrization], value as Tensor);
    before.append(parametrization);
    before.set(list.compute());
    return module;
  }
  if (!(value instanceof Tensor)) {
    throw new TorchError(
      `Module '${module}' does not have a parameter, a buffer, or a parametrized element with name '${name}'`,
      'ValueError',
    );
  }
  const wanted = { shape: value.shape, dtype: value.dtype };
  const list = new ParametrizationList([parametrization], value);
  check(list.compute(), wanted);
  delete (module as unknown as Record<string, unknown>)[name];
  if (!lists) becomeParametrized(module);
  (listsOf(module) as ModuleDict<ParametrizationList>).set(key, list);
  Object.defineProperty(Object.getPrototypeOf(module), name, {
    configurable: true,
    get(this: Module) {
      return listsOf(this)!.get(key)!.compute();
    },
    set(this: Module, tensor: Tensor) {
      listsOf(this)!.get(key)!.set(tensor);
    },
  });
  return module;
}

function check({ shape, dtype }: Tensor, wanted: { shape: number[]; dtype: string }): void {
  if (dtype !== wanted.dtype) {
    throw new TorchError(
      'Registering a parametrization may not change the dtype of the tensor, unless `unsafe` flag is enabled.\n' +
        `module dtype: torch.${wanted.dtype}\nparametrized dtype: torch.${dtype}`,
      'ValueError',
    );
  }
  if (String(shape) !== String(wanted.shape)) {
    throw new TorchError(
      'Registering a parametrization may not change the shape of the tensor, unless `unsafe` flag is enabled.\n' +
        `module shape: ${shapeText(wanted.shape)}\nparametrized shape: ${shapeText(shape)}`,
      'ValueError',
    );
  }
}

/** Gives a module a class of its own, as PyTorch does, that its computed properties live in. */
function becomeParametrized(module: Module): void {
  const prototype = Object.getPrototypeOf(module);
  const name = `Parametrized${module.constructor.name}`;
  const own = Object.create(prototype, { constructor: { value: { name } } });
  Object.setPrototypeOf(module, own);
  module.assign('parametrizations', new ModuleDict<ParametrizationList>());
}

/**
 * Makes a computed property a parameter again (`torch.nn.utils.parametrize.remove_parametrizations`):
 * of the computed value, or, where `leaveParametrized` is false, of the original one.
 */
export function removeParametrizations<M extends Module>(
  ...args: Args<
    'remove_parametrizations',
    { module: M; tensorName: string },
    { leaveParametrized?: boolean }
  >
): M {
  const {
    module,
    tensorName: name,
    leaveParametrized,
  } = bind<{
    module: M;
    tensorName: string;
    leaveParametrized: boolean;
  }>('remove_parametrizations', args);
  const lists = listsOf(module);
  const list = lists?.get(module.stateName(name));
  if (!lists || !list) {
    throw new TorchError(
      `Module ${module} does not have a parametrization on ${name}`,
      'ValueError',
    );
  }
  const originals = list.originals();
  if (!leaveParametrized && originals.length > 1) {
    throw new TorchError(
      'Cannot leave unparametrized (`leave_parametrized=False`) a tensor that is parametrized in terms of a sequence of tensors.',
      'ValueError',
    );
  }
  const value = leaveParametrized ? list.compute().data : originals[0]!.data;
  lists.delete(module.stateName(name));
  if (lists.size > 0) delete Object.getPrototypeOf(module)[name];
  else {
    Object.setPrototypeOf(module, Object.getPrototypeOf(Object.getPrototypeOf(module)));
    delete (module as unknown as Record<string, unknown>).parametrizations;
  }
  const [original] = originals;
  if (!(original instanceof Parameter)) module.registerBuffer(name, value);
  else if (originals.length > 1) module.assign(name, new Parameter(value, original.requiresGrad));
  else {
    original.data = value;
    module.assign(name, original);
  }
  return module;
}

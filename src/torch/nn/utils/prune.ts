/** Zeros in weights that stay zeros (`torch.nn.utils.prune`). */
import { type Args, bind } from '../../arguments';
import { TorchError } from '../../errors';
import { norm } from '../../functional';
import { onesLike, rand, randLike, topk, zerosLike } from '../../generated/functions';
import type { Tensor } from '../../tensor';
import { internals } from '../internals';
import type { Module } from '../module';
import type { Parameter } from '../parameter';
import { parametersToVector } from './convert-parameters';
import { Recomputed } from './recomputed';

const fail = (message: string, code = 'ValueError') => new TorchError(message, code);

function checkAmount(amount: number): void {
  if (typeof amount !== 'number') {
    throw fail(`Invalid type for amount: ${amount}. Must be int or float.`, 'TypeError');
  }
  const ok = Number.isInteger(amount) ? amount >= 0 : amount >= 0 && amount <= 1;
  if (ok) return;
  throw fail(
    `amount=${amount} should either be a float in the range [0, 1] or a non-negative integer`,
  );
}

/** How many of a number of entries: a whole amount is their count, any other a share, rounded as Python rounds. */
function countOf(amount: number, size: number): number {
  if (Number.isInteger(amount)) {
    if (amount > size) {
      throw fail(
        `amount=${amount} should be smaller than the number of parameters to prune=${size}`,
      );
    }
    return amount;
  }
  const exact = amount * size;
  const below = Math.floor(exact);
  const half = exact - below === 0.5;
  return half ? below + (below % 2) : Math.round(exact);
}

function checkStructured(t: Tensor): void {
  if (t.ndim > 1) return;
  throw fail(
    `Structured pruning can only be applied to multidimensional tensors. Found tensor of shape torch.Size([${t.shape.join(', ')}]) with ${t.ndim} dims`,
  );
}

interface Pruned {
  readonly name: string;
  readonly method: BasePruningMethod;
}
const pruned = new Recomputed<Pruned>();

/** The property of a name, as the library's modules have theirs in camelCase. */
const propertyOf = (module: Module, name: string): string =>
  Object.keys(module).find((own) => own === name || module.stateName(own) === name) ?? name;

/**
 * The base of the ways to prune (`BasePruningMethod`): a class has `pruningType` and `computeMask`. The module learns
 * `<name>_orig`, has the mask as a buffer `<name>_mask`, and their product in place of the parameter.
 */
export abstract class BasePruningMethod {
  abstract readonly pruningType: 'unstructured' | 'structured' | 'global';
  /** The dimension whose places are pruned, where it is structured. */
  readonly dim?: number;
  /** @internal */
  tensorName = '';

  /** A mask of zeros and ones from the importance of each entry and the mask so far. */
  abstract computeMask(t: Tensor, defaultMask: Tensor): Tensor;

  /** The tensor with the mask applied. */
  applyMask(module: Module): Tensor {
    const mask = module.property(`${this.tensorName}_mask`) as Tensor;
    const orig = module.property(`${this.tensorName}_orig`) as Tensor;
    return mask.to(orig.dtype).mul(orig);
  }

  /** A tensor pruned, without a module. */
  prune(t: Tensor, defaultMask?: Tensor | null, importanceScores?: Tensor | null): Tensor {
    return t.mul(this.computeMask(importanceScores ?? t, defaultMask ?? onesLike(t)));
  }
}

/** Several ways, one after the other, on one tensor. */
export class PruningContainer extends BasePruningMethod {
  readonly pruningType = 'global';
  readonly methods: BasePruningMethod[] = [];

  constructor(...methods: BasePruningMethod[]) {
    super();
    if (methods[0]) this.tensorName = methods[0].tensorName;
    for (const method of methods) this.addPruningMethod(method);
  }

  addPruningMethod(method: BasePruningMethod): void {
    if (method.tensorName !== this.tensorName) {
      throw fail(
        `Can only add pruning methods acting on the parameter named '${this.tensorName}' to PruningContainer. Found '${method.tensorName}'`,
      );
    }
    this.methods.push(method);
  }

  get length(): number {
    return this.methods.length;
  }
  [Symbol.iterator](): Iterator<BasePruningMethod> {
    return this.methods[Symbol.iterator]();
  }

  /** The mask of the last way, which sees only what the others have left. */
  computeMask(t: Tensor, mask: Tensor): Tensor {
    const method = this.methods.at(-1)!;
    const result = mask.to(t.dtype).clone();
    if (method.pruningType === 'global') return method.computeMask(t, mask).to(result.dtype);
    if (method.pruningType === 'unstructured') {
      const kept = mask.eq(1);
      const part = method.computeMask(t.index(kept), mask.index(kept));
      return result.indexSet(kept, part.to(result.dtype));
    }
    const dim = method.dim! < 0 ? method.dim! + t.ndim : method.dim!;
    if (dim < 0) {
      throw fail(`Index is out of bounds for tensor with dimensions ${t.ndim}`, 'IndexError');
    }
    const others = [...t.shape.keys()].filter((each) => each !== dim);
    const kept = mask.sum({ dim: others }).ne(0);
    const slice = [...t.shape.keys()].map((each) => (each === dim ? kept : ':'));
    const part = method.computeMask(t.index(...slice), mask.index(...slice));
    return result.indexSet(slice, part.to(result.dtype));
  }
}

/** Prunes nothing, so that masks are there. */
class IdentityPruning extends BasePruningMethod {
  readonly pruningType = 'unstructured';
  computeMask(_: Tensor, defaultMask: Tensor): Tensor {
    return defaultMask;
  }
  static override apply(module: Module, name: string): BasePruningMethod {
    return applyTo(new IdentityPruning(), module, name);
  }
}

export { IdentityPruning as Identity };

/** Zeros at the entries of least score. */
function zeroLeast(scores: Tensor, count: number, defaultMask: Tensor, largest: boolean): Tensor {
  const mask = defaultMask.clone({ memoryFormat: 'contiguous_format' });
  if (count === 0) return mask;
  const { indices } = topk(scores.view([-1]), count, { largest });
  mask.view([-1]).indexSet(indices, 0);
  return mask;
}

interface Amount {
  /** A whole number of entries, or a share of them. */
  amount: number;
}

/** Entries at random. */
export class RandomUnstructured extends BasePruningMethod {
  readonly pruningType = 'unstructured';
  readonly amount: number;
  constructor(...args: Args<'RandomUnstructured', Amount>) {
    super();
    this.amount = bind<Amount>('RandomUnstructured', args).amount;
    checkAmount(this.amount);
  }
  computeMask(t: Tensor, defaultMask: Tensor): Tensor {
    const count = countOf(this.amount, t.numel());
    return count === 0
      ? zeroLeast(t, 0, defaultMask, true)
      : zeroLeast(randLike(t), count, defaultMask, true);
  }
  static override apply(module: Module, name: string, amount: number): BasePruningMethod {
    return applyTo(new RandomUnstructured(amount), module, name);
  }
}

/** Entries of least absolute value. */
export class L1Unstructured extends BasePruningMethod {
  readonly pruningType = 'unstructured';
  readonly amount: number;
  constructor(...args: Args<'L1Unstructured', Amount>) {
    super();
    this.amount = bind<Amount>('L1Unstructured', args).amount;
    checkAmount(this.amount);
  }
  computeMask(t: Tensor, defaultMask: Tensor): Tensor {
    return zeroLeast(t.abs(), countOf(this.amount, t.numel()), defaultMask, false);
  }
  static override apply(
    module: Module,
    name: string,
    amount: number,
    importanceScores: Tensor | null = null,
  ): BasePruningMethod {
    return applyTo(new L1Unstructured(amount), module, name, importanceScores);
  }
}

/** Ones at the kept places of a dimension. */
function maskOf(t: Tensor, dim: number, kept: Tensor): Tensor {
  const mask = zerosLike(t);
  const slice = [...t.shape.keys()].map((each) =>
    each === (dim < 0 ? dim + t.ndim : dim) ? kept : ':',
  );
  return mask.indexSet(slice, 1);
}

function checkDim(t: Tensor, dim: number): void {
  if (dim < t.ndim && dim >= -t.ndim) return;
  throw fail(
    `Invalid index ${dim} for tensor of size torch.Size([${t.shape.join(', ')}])`,
    'IndexError',
  );
}

interface Structured extends Amount {
  dim: number;
}

/** Whole places of a dimension at random. */
export class RandomStructured extends BasePruningMethod {
  readonly pruningType = 'structured';
  readonly amount: number;
  override readonly dim: number;
  constructor(...args: Args<'RandomStructured', Amount, { dim?: number }>) {
    super();
    const { amount, dim } = bind<Structured>('RandomStructured', args);
    this.amount = amount;
    checkAmount(amount);
    this.dim = dim;
  }
  computeMask(t: Tensor, defaultMask: Tensor): Tensor {
    checkStructured(t);
    checkDim(t, this.dim);
    const size = t.size(this.dim);
    const count = countOf(this.amount, size);
    if (count === 0) return defaultMask;
    const scores = rand([size]);
    const threshold = scores.kthvalue(count).values;
    const mask = maskOf(t, this.dim, scores.gt(threshold));
    return mask.mul_(defaultMask.to(mask.dtype));
  }
  static override apply(module: Module, name: string, amount: number, dim = -1): BasePruningMethod {
    return applyTo(new RandomStructured(amount, dim), module, name);
  }
}

type NormOrder = number | 'fro' | 'nuc';

/** Whole places of a dimension of least norm. */
export class LnStructured extends BasePruningMethod {
  readonly pruningType = 'structured';
  readonly amount: number;
  readonly n: NormOrder;
  override readonly dim: number;
  constructor(...args: Args<'LnStructured', Amount & { n: NormOrder }, { dim?: number }>) {
    super();
    const { amount, n, dim } = bind<Structured & { n: NormOrder }>('LnStructured', args);
    this.amount = amount;
    checkAmount(amount);
    this.n = n;
    this.dim = dim;
  }
  computeMask(t: Tensor, defaultMask: Tensor): Tensor {
    checkStructured(t);
    checkDim(t, this.dim);
    const size = t.size(this.dim);
    const count = countOf(this.amount, size);
    const kept = size - count;
    const own = this.dim < 0 ? this.dim + t.ndim : this.dim;
    const others = [...t.shape.keys()].filter((each) => each !== own);
    const scores = norm(t, this.n, others);
    const { indices } = topk(scores, kept, { largest: true });
    if (count === 0) return defaultMask;
    const mask = maskOf(t, this.dim, indices);
    return mask.mul_(defaultMask.to(mask.dtype));
  }
  static override apply(
    module: Module,
    name: string,
    amount: number,
    n: NormOrder,
    dim: number,
    importanceScores: Tensor | null = null,
  ): BasePruningMethod {
    return applyTo(new LnStructured(amount, n, dim), module, name, importanceScores);
  }
}

/** A mask that is given. */
export class CustomFromMask extends BasePruningMethod {
  readonly pruningType = 'global';
  constructor(readonly mask: Tensor) {
    super();
  }
  computeMask(_: Tensor, defaultMask: Tensor): Tensor {
    if (String(defaultMask.shape) !== String(this.mask.shape)) {
      throw fail('the mask must have the shape of the tensor', 'AssertionError');
    }
    return defaultMask.mul(this.mask.to(defaultMask.dtype));
  }
  static override apply(module: Module, name: string, mask: Tensor): BasePruningMethod {
    return applyTo(new CustomFromMask(mask), module, name);
  }
}

function applyTo(
  added: BasePruningMethod,
  module: Module,
  name: string,
  importanceScores: Tensor | null = null,
): BasePruningMethod {
  added.tensorName = name;
  const before = pruned.find(module, name);
  let method = added;
  if (before) {
    const { method: known } = before;
    const container = new PruningContainer(
      ...(known instanceof PruningContainer ? known : [known]),
    );
    container.addPruningMethod(added);
    method = container;
  }
  const property = propertyOf(module, name);
  const orig = module.property(property) as Tensor;
  const scores = importanceScores ?? orig;
  if (String(scores.shape) !== String(orig.shape)) {
    throw fail(
      `importance_scores should have the same shape as parameter ${name}`,
      'AssertionError',
    );
  }
  const defaultMask = before
    ? (module.property(`${name}_mask`) as Tensor).detach().clone()
    : onesLike(orig.detach());
  const mask = method.computeMask(scores.detach(), defaultMask);
  if (!before) {
    removeParameter(module, property);
    module.registerParameter(`${name}_orig`, orig as Parameter);
  }
  module.registerBuffer(`${name}_mask`, mask);
  pruned.remove(module, name);
  const apply = (self: Module) => {
    self.assign(property, method.applyMask(self));
  };
  apply(module);
  pruned.add(module, { name, method }, apply);
  return method;
}

/** Lets go of a parameter, whose property takes any tensor from here on. */
function removeParameter(module: Module, property: string): void {
  delete module[internals].parameters[property];
  delete (module as unknown as Record<string, unknown>)[property];
}

/** Prunes nothing of a module's parameter; gives the module back, as all of these do. */
export function identity<M extends Module>(
  ...args: Args<'identity', { module: M; name: string }>
): M {
  const { module, name } = bind<{ module: M; name: string }>('identity', args);
  IdentityPruning.apply(module, name);
  return module;
}

type Target<M> = { module: M; name: string; amount: number };

/** Prunes entries at random (`random_unstructured`). */
export function randomUnstructured<M extends Module>(
  ...args: Args<'random_unstructured', Target<M>>
): M {
  const { module, name, amount } = bind<Target<M>>('random_unstructured', args);
  RandomUnstructured.apply(module, name, amount);
  return module;
}

/** Prunes the entries of least absolute value, or of least score (`l1_unstructured`). */
export function l1Unstructured<M extends Module>(
  ...args: Args<'l1_unstructured', Target<M>, { importanceScores?: Tensor | null }>
): M {
  const { module, name, amount, importanceScores } = bind<
    Target<M> & { importanceScores: Tensor | null }
  >('l1_unstructured', args);
  L1Unstructured.apply(module, name, amount, importanceScores);
  return module;
}

/** Prunes whole places of a dimension at random (`random_structured`). */
export function randomStructured<M extends Module>(
  ...args: Args<'random_structured', Target<M> & { dim: number }>
): M {
  const { module, name, amount, dim } = bind<Target<M> & { dim: number }>(
    'random_structured',
    args,
  );
  RandomStructured.apply(module, name, amount, dim);
  return module;
}

type NormTarget<M> = Target<M> & { n: NormOrder; dim: number };

/** Prunes the places of a dimension of least norm (`ln_structured`). */
export function lnStructured<M extends Module>(
  ...args: Args<'ln_structured', NormTarget<M>, { importanceScores?: Tensor | null }>
): M {
  const { module, name, amount, n, dim, importanceScores } = bind<
    NormTarget<M> & { importanceScores: Tensor | null }
  >('ln_structured', args);
  LnStructured.apply(module, name, amount, n, dim, importanceScores);
  return module;
}

/** Prunes what a mask has zeros for (`custom_from_mask`). */
export function customFromMask<M extends Module>(
  ...args: Args<'custom_from_mask', { module: M; name: string; mask: Tensor }>
): M {
  const { module, name, mask } = bind<{ module: M; name: string; mask: Tensor }>(
    'custom_from_mask',
    args,
  );
  CustomFromMask.apply(module, name, mask);
  return module;
}

/**
 * Prunes parameters of several modules together, the least important of all (`global_unstructured`).
 *
 * @example
 * prune.globalUnstructured([[net.fc1, 'weight'], [net.fc2, 'weight']], prune.L1Unstructured, { amount: 0.2 });
 */
export function globalUnstructured(
  parameters: Iterable<readonly [Module, string]>,
  pruningMethod: new (options: Amount) => BasePruningMethod,
  options: Amount,
): void {
  const all = [...parameters];
  const tensors = all.map(([module, name]) => module.property(propertyOf(module, name)) as Tensor);
  const scores = parametersToVector(tensors.map((t) => t.detach()));
  const masks = all.map(
    ([module, name], i) =>
      (module.property(`${name}_mask`) as Tensor | undefined) ?? onesLike(tensors[i]!.detach()),
  );
  const container = new PruningContainer();
  const method = new pruningMethod(options);
  container.tensorName = 'temp';
  method.tensorName = 'temp';
  if (method.pruningType !== 'unstructured') {
    throw fail(
      `Only "unstructured" PRUNING_TYPE supported for the \`pruning_method\`. Found method ${pruningMethod.name} of type ${method.pruningType}`,
      'TypeError',
    );
  }
  container.addPruningMethod(method);
  const mask = container.computeMask(scores, parametersToVector(masks));
  let start = 0;
  for (const [i, [module, name]] of all.entries()) {
    const count = tensors[i]!.numel();
    CustomFromMask.apply(module, name, mask.narrow(0, start, count).viewAs(tensors[i]!));
    start += count;
  }
}

/** Makes the zeros permanent: the parameter is one again (`remove`). */
export function remove<M extends Module>(...args: Args<'remove', { module: M; name: string }>): M {
  const { module, name } = bind<{ module: M; name: string }>('remove', args);
  const found = pruned.find(module, name);
  if (!found) {
    throw fail(
      `Parameter '${name}' of module ${module} has to be pruned before pruning can be removed`,
    );
  }
  const property = propertyOf(module, name);
  const weight = found.method.applyMask(module);
  const orig = module.property(`${name}_orig`) as Parameter;
  orig.data = weight.detach();
  removeParameter(module, `${name}_orig`);
  module[internals].buffers.delete(`${name}_mask`);
  delete (module as unknown as Record<string, unknown>)[`${name}_mask`];
  delete (module as unknown as Record<string, unknown>)[property];
  module.registerParameter(property, orig);
  pruned.remove(module, name);
  return module;
}

/** Whether anything in a module is pruned (`is_pruned`). */
export function isPruned(...args: Args<'is_pruned', { module: Module }>): boolean {
  const { module } = bind<{ module: Module }>('is_pruned', args);
  return module.modules().some((each) => pruned.hasAny(each));
}

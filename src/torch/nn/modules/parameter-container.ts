import { type Args, bind } from '../../arguments';
import { TorchError } from '../../errors';
import type { Tensor } from '../../tensor';
import { showMember } from '../members';
import { Module } from '../module';
import { Parameter } from '../parameter';
import { checkName } from '../registration';

const asParameter = (tensor: Tensor): Parameter =>
  tensor instanceof Parameter ? tensor : new Parameter(tensor);

/** How PyTorch prints a parameter of a list or dictionary. */
const line = (name: string | number, parameter: Parameter, type: string) =>
  `  (${name}): Parameter containing: [${type} of size ${parameter.shape.join('x')}]`;

/** A list of parameters (`torch.nn.ParameterList`); other tensors become parameters. */
export class ParameterList extends Module {
  [place: number]: Parameter;

  constructor(...args: Args<'ParameterList', unknown, { values?: Iterable<Tensor> | null }>) {
    super();
    this.extend(bind<{ values: Iterable<Tensor> | null }>('ParameterList', args).values ?? []);
  }

  toArray(): Parameter[] {
    return Array.from(this.ownParameters(), ([, parameter]) => parameter);
  }
  get length(): number {
    return this.toArray().length;
  }
  /** The parameter at a place, from the end where negative; undefined outside. */
  at(place: number): Parameter | undefined {
    return this.toArray().at(place);
  }
  [Symbol.iterator](): Iterator<Parameter> {
    return this.toArray()[Symbol.iterator]();
  }
  append(parameter: Tensor): this {
    this.registerParameter(String(this.length), asParameter(parameter));
    return this;
  }
  extend(parameters: Iterable<Tensor>): this {
    for (const parameter of [...parameters]) this.append(parameter);
    return this;
  }

  forward(): never {
    throw new TorchError('ParameterList should not be called.', 'RuntimeError');
  }
  override extraRepr(): string {
    return this.toArray()
      .map((parameter, i) => line(i, parameter, `torch.${parameter.dtype}`))
      .join('\n');
  }
}

const tensorTypes: Readonly<Record<string, string>> = {
  float64: 'torch.DoubleTensor',
  float16: 'torch.HalfTensor',
  bfloat16: 'torch.BFloat16Tensor',
};

/**
 * Parameters by name (`torch.nn.ParameterDict`), used like a `Map`, each a property as well; other
 * tensors become parameters.
 */
class NamedParameters extends Module {
  private readonly items = new Map<string, Parameter>();

  constructor(parameters: Record<string, Tensor> | Iterable<readonly [string, Tensor]> = {}) {
    super();
    this.update(parameters);
  }

  get size(): number {
    return this.items.size;
  }
  get(name: string): Parameter | undefined {
    return this.items.get(name);
  }
  has(name: string): boolean {
    return this.items.has(name);
  }
  set(name: string, parameter: Tensor): this {
    if (!this.items.has(name)) checkName(this, 'parameter', name);
    this.items.set(name, asParameter(parameter));
    showMember<never>(this as never, name);
    return this;
  }
  delete(name: string): boolean {
    delete (this as Record<string, unknown>)[name];
    return this.items.delete(name);
  }
  clear(): void {
    for (const name of [...this.items.keys()]) this.delete(name);
  }
  update(parameters: Record<string, Tensor> | Iterable<readonly [string, Tensor]>): this {
    // Like PyTorch, by name where the order of what is given has no meaning.
    const entries =
      Symbol.iterator in parameters
        ? (parameters as Iterable<readonly [string, Tensor]>)
        : Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [name, tensor] of entries) this.set(name, tensor);
    return this;
  }
  keys(): IterableIterator<string> {
    return this.items.keys();
  }
  values(): IterableIterator<Parameter> {
    return this.items.values();
  }
  entries(): IterableIterator<[string, Parameter]> {
    return this.items.entries();
  }
  [Symbol.iterator](): IterableIterator<[string, Parameter]> {
    return this.items.entries();
  }

  override *ownParameters(): Generator<[string, Parameter]> {
    yield* super.ownParameters();
    yield* this.items;
  }

  forward(): never {
    throw new TorchError('ParameterDict should not be called.', 'RuntimeError');
  }
  override extraRepr(): string {
    return Array.from(this.items, ([name, parameter]) =>
      line(name, parameter, tensorTypes[parameter.dtype] ?? 'torch.FloatTensor'),
    ).join('\n');
  }
}

interface ParameterDictConstructor {
  new (parameters?: Iterable<readonly [string, Tensor]>): ParameterDict;
  new <Members extends Record<string, Tensor>>(
    parameters: Members,
  ): ParameterDict & { [Name in keyof Members]: Parameter };
  readonly prototype: ParameterDict;
}

export type ParameterDict = NamedParameters;
export const ParameterDict = NamedParameters as unknown as ParameterDictConstructor;
Object.defineProperty(NamedParameters, 'name', { value: 'ParameterDict' });

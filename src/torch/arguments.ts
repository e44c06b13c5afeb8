import { isOptions } from './dispatch';
import { TorchError } from './errors';
import { type Calls, signatures } from './generated/signatures';
import { native } from './native';
import { warn } from './nn/functional/warning';
import { Tensor } from './tensor';

/** The functions and constructors that PyTorch writes in Python, by the names in their errors. */
export type Callee = keyof Calls<unknown, unknown>;

/**
 * The arguments of a call as TypeScript checks them: by position in Python's order and by name in a
 * last object. `Needed` holds the types of those that must be given, `Options` of the others.
 */
export type Args<Name extends Callee, Needed = unknown, Options = unknown> = Calls<
  Needed,
  Options
>[Name];

/** The arguments of a call with Python's defaults where they were not given. */
export type Bound<Needed, Options = unknown> = Required<Needed> & Required<Options>;

interface Parameter {
  /** As Python writes it, such as `kernel_size`, and as TypeScript does. */
  readonly python: string;
  readonly name: string;
  /** What Python takes, such as `int | list`; empty if that does not matter. */
  readonly kinds: string;
  readonly takes: Takes;
  readonly isRequired: boolean;
  readonly default: unknown;
}

/** Which kinds of values a parameter takes. */
interface Takes {
  readonly number: boolean;
  readonly bool: boolean;
  readonly string: boolean;
  readonly function: boolean;
  readonly none: boolean;
  readonly tensor: boolean;
  readonly list: boolean;
}

interface Signature {
  /** As Python's errors name it: `Conv2d.__init__()`. */
  readonly callee: string;
  /** Those that go by name alone behind the others. */
  readonly parameters: readonly Parameter[];
  readonly positional: number;
  readonly needed: number;
  readonly places: ReadonlyMap<string, number>;
  /** Whether it takes {@link oldNames}, which code behind the call does not see. */
  readonly isOldLoss: boolean;
  /** The names of what the code behind the call gets. */
  readonly results: readonly string[];
}

/** Python's name in camelCase. */
const camel = (name: string): string =>
  name
    .replace(/(?<=[^_])_+([a-z0-9])/gi, (_, letter: string) => letter.toUpperCase())
    .replace(/^_*[A-Z](?=.)/, (start) => start.toLowerCase());

function takenBy(kinds: string): Takes {
  const has = (kind: string) => kinds.includes(kind);
  const number = has('int') || has('float');
  return {
    number,
    bool: has('bool'),
    string: has('str'),
    function: has('function'),
    // None is false.
    none: has('None') || has('bool'),
    tensor: has('Tensor') || has('list') || number,
    list: has('list') || number,
  };
}

function parsed(name: string): Signature {
  const text = signatures[name];
  if (text === undefined) {
    const release = native.libtorchVersion();
    throw new TorchError(`torch ${release} has no ${name}`, 'AttributeError', name);
  }
  const parts = text.split(/, (?=[\w*])/).filter(Boolean);
  const star = parts.indexOf('*');
  if (star >= 0) parts.splice(star, 1);
  const parameters = parts.map((part) => {
    const [, python, kinds = '', value] = /^(\w+)(?:: ([^=]+?))?(?: = (.*))?$/.exec(part)!;
    return {
      python: python!,
      name: camel(python!),
      kinds,
      takes: takenBy(kinds),
      isRequired: value === undefined,
      // Three dots stand for an object of PyTorch's, which the code behind the call knows.
      default: value === undefined || value === '...' ? undefined : JSON.parse(value),
    };
  });
  const names = parameters.map(({ name: own }) => own);
  const isOldLoss = names.includes('sizeAverage');
  const method = /^_?[A-Z]\w*$/.test(name);
  const positional = star < 0 ? parameters.length : star;
  return {
    // A module's name in front tells functions of one name apart.
    callee: method ? `${name}.__init__()` : `${name.replace(/^[a-z]+\./, '')}()`,
    parameters,
    positional,
    needed: parameters.slice(0, positional).filter(({ isRequired }) => isRequired).length,
    places: new Map(names.map((own, place) => [own, place])),
    isOldLoss,
    results: isOldLoss ? names.filter((own) => !oldNames.includes(own)) : names,
  };
}

const known = new Map<string, Signature>();

function signatureOf(name: Callee): Signature {
  let signature = known.get(name);
  if (!signature) {
    signature = parsed(name);
    known.set(name, signature);
  }
  return signature;
}

/** Whether a function or constructor has a parameter, by its name in TypeScript: versions of PyTorch differ. */
export const takes = (name: Callee, parameter: string): boolean =>
  signatureOf(name).places.has(parameter);

const refuse = ({ callee }: Signature, message: string, gap = ' ') =>
  new TorchError(
    `${callee}${gap}${message}`,
    'TypeError',
    callee.replace(/(\.__init__)?\(\)$/, ''),
  );

/** `'a'`, `'a' and 'b'`, `'a', 'b', and 'c'`, as Python lists names. */
function listed(names: readonly string[]): string {
  const quoted = names.map((name) => `'${name}'`);
  if (quoted.length < 3) return quoted.join(' and ');
  return `${quoted.slice(0, -1).join(', ')}, and ${quoted.at(-1)}`;
}

function tooMany(signature: Signature, given: number): TorchError {
  const { callee, positional, needed } = signature;
  const self = callee.includes('.') ? 1 : 0;
  const [least, most] = [needed + self, positional + self];
  const takes =
    least === most
      ? `${most} positional argument${most === 1 ? '' : 's'}`
      : `from ${least} to ${most} positional arguments`;
  const were = given + self === 1 ? 'was' : 'were';
  return refuse(signature, `takes ${takes} but ${given + self} ${were} given`);
}

/** Names that differ in underscores and capitals alone are the same guess. */
const folded = (name: string): string => name.replaceAll('_', '').toLowerCase();

function unknownName(signature: Signature, name: string): TorchError {
  const meant = signature.parameters.find((each) => folded(each.name) === folded(name));
  const hint = meant ? `. Did you mean '${meant.name}'?` : '';
  return refuse(signature, `got an unexpected keyword argument '${name}'${hint}`);
}

function missing(signature: Signature, values: readonly unknown[]): TorchError {
  const lacking = signature.parameters.filter((each, i) => each.isRequired && !given(values[i]));
  const place = lacking.some((each) => signature.parameters.indexOf(each) < signature.positional);
  const kind = place ? 'positional' : 'keyword-only';
  const many = lacking.length === 1 ? 'argument' : 'arguments';
  return refuse(
    signature,
    `missing ${lacking.length} required ${kind} ${many}: ${listed(lacking.map(({ python }) => python))}`,
  );
}

const given = (value: unknown): boolean => value !== undefined;

/** Python's name of a value's type. */
export function typeName(value: unknown): string {
  switch (typeof value) {
    case 'number':
      return Number.isInteger(value) ? 'int' : 'float';
    case 'bigint':
      return 'int';
    case 'boolean':
      return 'bool';
    case 'string':
      return 'str';
    case 'function':
      return 'function';
  }
  if (value === null) return 'NoneType';
  if (Array.isArray(value)) return 'list';
  return isOptions(value) ? 'dict' : (value as object).constructor.name;
}

/** Whether Python would take a value where an annotation allows these kinds. */
function fits(value: unknown, takes: Takes): boolean {
  switch (typeof value) {
    case 'number':
    case 'bigint':
    case 'boolean':
      return takes.number || takes.bool;
    case 'string':
      return takes.string;
    case 'function':
      return takes.function;
  }
  if (value === null) return takes.none;
  if (value instanceof Tensor) return takes.tensor;
  const object = value as object;
  if (Symbol.iterator in object) return takes.list;
  if ('forward' in object) return takes.function;
  return takes.number && !isOptions(object);
}

/** A value in the form that its kind asks for: Python's booleans are numbers, and the other way round. */
function converted(signature: Signature, place: number, value: unknown): unknown {
  const { kinds, takes, python } = signature.parameters[place]!;
  if (kinds === '') return value;
  if (!fits(value, takes)) {
    throw refuse(
      signature,
      `argument '${python}' (position ${place + 1}) must be ${kinds.replaceAll(' | ', ' or ')}, not ${typeName(value)}`,
      ': ',
    );
  }
  if (kinds === 'bool') return Boolean(value);
  return typeof value === 'boolean' && !takes.bool ? Number(value) : value;
}

/** Arguments that may be plain objects themselves. */
const records = [
  'actual',
  'expected',
  'dataset',
  'dataSource',
  'stateDict',
  'batch',
  'data',
  'obj',
  'tagScalarDict',
  'hparamDict',
  'metricDict',
];

/** Whether a last plain object holds arguments by name and is not itself the value of one. */
function byName(signature: Signature, last: unknown, place: number): boolean {
  if (!isOptions(last)) return false;
  const own = signature.parameters[place]?.name;
  if (place >= signature.needed || !own || !records.includes(own)) return true;
  return Object.keys(last).some((name) => signature.places.has(name));
}

/**
 * The arguments of a call in the order of its parameters, bound as Python binds them. Throws
 * TorchError with Python's TypeError for what is unknown, missing, given twice, or of a wrong type.
 */
function bindList(name: Callee, args: readonly unknown[]): unknown[] {
  const signature = signatureOf(name);
  const { parameters, positional, places } = signature;
  const values = [...args];
  const last = args.length - 1;
  if (byName(signature, args[last], last)) {
    values.pop();
    if (last > positional) throw tooMany(signature, last);
    for (const [option, value] of Object.entries(args[last] as object)) {
      if (value === undefined) continue;
      const place = places.get(option);
      if (place === undefined) throw unknownName(signature, option);
      if (place < last && given(values[place])) {
        const { python } = parameters[place]!;
        throw refuse(signature, `got multiple values for argument '${python}'`);
      }
      values[place] = value;
    }
  } else if (args.length > positional) {
    throw tooMany(signature, args.length);
  }
  for (let place = 0; place < parameters.length; place++) {
    const parameter = parameters[place]!;
    if (given(values[place])) values[place] = converted(signature, place, values[place]);
    else if (parameter.isRequired) throw missing(signature, values);
    else values[place] = parameter.default;
  }
  return signature.isOldLoss ? withoutOldNames(signature, values) : values;
}

/** Two names of old losses, which say together what `reduction` says (`torch.nn._reduction`). */
const oldNames = ['sizeAverage', 'reduce'];

function withoutOldNames({ parameters, places }: Signature, values: unknown[]): unknown[] {
  const [average, reduce] = oldNames.map((name) => values[places.get(name)!]);
  if (average !== null || reduce !== null) {
    const reduction = (reduce ?? true) ? ((average ?? true) ? 'mean' : 'sum') : 'none';
    warn(
      `size_average and reduce args will be deprecated, please use reduction='${reduction}' instead.`,
    );
    values[places.get('reduction')!] = reduction;
  }
  return values.filter((_, place) => !oldNames.includes(parameters[place]!.name));
}

/** The arguments of a call by their names; see {@link bindList}. */
export function bind<Record>(name: Callee, args: readonly unknown[]): Record {
  const values = bindList(name, args);
  const { results } = signatureOf(name);
  return Object.fromEntries(results.map((each, place) => [each, values[place]])) as Record;
}

/** A function as it is called from TypeScript. */
export type Callable<Name extends Callee, Needed, Options = unknown, Result = Tensor> = (
  ...args: Args<Name, Needed, Options>
) => Result;

/**
 * The function of a name, typed by its arguments or as a whole: `body` gets the bound arguments in the
 * order of the parameters.
 */
export function named<Name extends Callee, Needed, Options = unknown, Result = Tensor>(
  name: Name,
  body: (...args: never[]) => Result,
): Callable<Name, Needed, Options, Result>;
export function named<Call>(name: Callee, body: (...args: never[]) => unknown): Call;
export function named(name: Callee, body: (...args: never[]) => unknown) {
  return (...args: unknown[]) => body(...(bindList(name, args) as never[]));
}

import { UserError } from '../command/errors';
import { declaredParameters, type Value, type Values } from './declared-parameters';
import { type Notebook, shortPath } from './notebook';

/** A notebook with its path. */
export interface Source {
  path: string;
  notebook: Notebook;
}

/**
 * The values for each notebook's `parameters({ … })`: `offered` values if it declares them, and the
 * texts of `--set`, parsed as the type of the default that they replace.
 * @throws UserError, before anything runs, for a name that no notebook declares, and for a value
 * of another type than a notebook's default.
 */
export function parametersFor(
  sources: readonly Source[],
  offered: Values,
  set: Readonly<Record<string, string>>,
): Map<string, Values> {
  const declared = sources.map(({ path, notebook }) => ({
    path,
    known: declaredParameters(notebook),
  }));
  for (const name of Object.keys(set)) refuseUnknown(name, declared);
  return new Map(
    declared.map(({ path, known }) => [path, known ? chosen(path, known, offered, set) : {}]),
  );
}

interface Declared {
  path: string;
  known: Values | 'unread' | undefined;
}

const refuseUnknown = (name: string, declared: readonly Declared[]): void => {
  const takes = ({ known }: Declared) =>
    known === 'unread' || (known !== undefined && Object.hasOwn(known, name));
  if (declared.some(takes)) return;
  const names = new Set(declared.flatMap(({ known }) => (known ? Object.keys(known) : [])));
  const choice = names.size > 0 ? `they take ${[...names].join(', ')}` : 'they take none';
  throw new UserError(`--set ${name}: no notebook of this call has this parameter; ${choice}.`);
};

const chosen = (
  path: string,
  known: Values | 'unread',
  offered: Values,
  set: Readonly<Record<string, string>>,
): Values => {
  const values: Values = known === 'unread' ? { ...offered } : {};
  if (known !== 'unread') {
    for (const [name, value] of Object.entries(offered)) {
      if (Object.hasOwn(known, name)) values[name] = checked(path, name, value, known[name]!);
    }
  }
  for (const [name, text] of Object.entries(set)) {
    if (known === 'unread') values[name] = guess(text);
    else if (Object.hasOwn(known, name)) {
      values[name] = checked(path, name, read(text, typeof known[name]!), known[name]!);
    }
  }
  return values;
};

const checked = (path: string, name: string, value: Value, fallback: Value): Value => {
  if (typeof value === typeof fallback) return value;
  throw new UserError(
    `${shortPath(path)}: parameter '${name}' must be a ${typeof fallback} such as ${fallback}, not "${value}".`,
  );
};

/** A text parsed as a value of a type if possible; else the text. */
const read = (text: string, type: string): Value => {
  const isNumber = text.trim() !== '' && Number.isFinite(Number(text));
  if (type === 'number' && isNumber) return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
};

const guess = (text: string): Value => {
  const number = read(text, 'number');
  return typeof number === 'number' ? number : read(text, 'boolean');
};

import { readFileSync } from 'node:fs';
import { UserError } from '../errors';

type Value = string | number | boolean;

/** The type of a parameter by that of its default: `'quick'` admits any string. */
type Widened<T> = {
  [K in keyof T]: T[K] extends string ? string : T[K] extends number ? number : boolean;
};

/**
 * Declares what a runner may set, with the values that hold otherwise. Throws UserError where the
 * runner sets a parameter that is not declared, or one of another type.
 *
 * @example
 * const { profile, seed } = parameters({ profile: 'quick', seed: 0 });
 */
export function parameters<T extends Record<string, Value>>(defaults: T): Widened<T> {
  const path = process.env.TANDEM_RUN;
  const given: Record<string, Value> = path
    ? (JSON.parse(readFileSync(path, 'utf8')).parameters ?? {})
    : {};
  for (const [name, value] of Object.entries(given)) {
    const fallback = defaults[name];
    if (fallback === undefined) {
      const known = Object.keys(defaults).join(', ');
      throw new UserError(`This notebook has no parameter '${name}': it takes ${known}.`);
    }
    if (typeof value !== typeof fallback) {
      throw new UserError(
        `Parameter '${name}' is the ${typeof value} ${value}, but must be a ${typeof fallback} such as ${fallback}.`,
      );
    }
  }
  return { ...defaults, ...given } as Widened<T>;
}

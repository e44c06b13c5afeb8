import { readFileSync } from 'node:fs';
import { commandLine } from '../command/command-line';
import { UserError } from '../command/errors';

type Value = string | number | boolean;

/** The type of a parameter by that of its default: `'quick'` admits any string. */
type Widened<T> = {
  [K in keyof T]: T[K] extends string ? string : T[K] extends number ? number : boolean;
};

/**
 * Declares the parameters that a runner may set, with their defaults. Throws UserError if the runner
 * sets an undeclared parameter, or a value of another type.
 *
 * @example
 * const { profile, seed } = parameters({ profile: 'quick', seed: 0 });
 */
export function parameters<T extends Record<string, Value>>(defaults: T): Widened<T> {
  const path = process.env.TANDEM_RUN;
  const given = path ? givenIn(path) : {};
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(defaults, name)) {
      const known = Object.keys(defaults).join(', ') || 'none';
      throw new UserError(`Unknown parameter '${name}'. This notebook takes ${known}.`);
    }
    const fallback = defaults[name];
    if (typeof value !== typeof fallback) {
      throw new UserError(
        `Parameter '${name}' is the ${typeof value} ${value}, but must be a ${typeof fallback} such as ${fallback}.`,
      );
    }
  }
  return { ...defaults, ...given } as Widened<T>;
}

/** The values in the file that TANDEM_RUN names. */
function givenIn(path: string): Record<string, unknown> {
  const unusable = (reason: string, cause?: unknown) =>
    new UserError(
      `TANDEM_RUN names ${path}, which ${reason}: unset it, or run \`${commandLine('report')}\`.`,
      2,
      { cause },
    );
  let run: unknown;
  try {
    run = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code !== undefined;
    throw unusable(missing ? "can't be read" : 'is damaged', cause);
  }
  const given = (run as { parameters?: unknown } | null)?.parameters ?? {};
  if (typeof given !== 'object' || Array.isArray(given)) throw unusable('is damaged');
  return given as Record<string, unknown>;
}

import { inspect } from 'node:util';
import type * as Results from '../../src/notebook/results';

export type MimeBundle = Record<string, unknown>;

const jupyterDisplay = Symbol.for('Jupyter.display');

/** Loaded with the first result that is an object. */
const results = (): typeof Results => require('../../src/notebook/results');

const plainly = (value: unknown): string =>
  typeof value === 'string' ? value : inspect(value, { depth: 3, maxArrayLength: 50 });

/**
 * How a cell's result is shown: by its own `Symbol.for('Jupyter.display')` method, as in Deno, or as
 * the project shows its kind, with its text beside it.
 */
export async function richly(value: unknown): Promise<MimeBundle> {
  if (typeof value !== 'object' || value === null) return { 'text/plain': plainly(value) };
  const own = (value as { [jupyterDisplay]?: () => MimeBundle | Promise<MimeBundle> })[
    jupyterDisplay
  ];
  if (typeof own === 'function')
    return { 'text/plain': plainly(value), ...(await own.call(value)) };
  return results().resultBundle(value) ?? { 'text/plain': plainly(value) };
}

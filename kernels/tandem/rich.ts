import { inspect } from 'node:util';

export type MimeBundle = Record<string, unknown>;

const jupyterDisplay = Symbol.for('Jupyter.display');

/**
 * How a cell's result is shown: by its own `Symbol.for('Jupyter.display')` method, as in Deno, with
 * its text beside it.
 */
export async function richly(value: unknown): Promise<MimeBundle> {
  const text = typeof value === 'string' ? value : inspect(value, { depth: 3, maxArrayLength: 50 });
  const own = (value as { [jupyterDisplay]?: () => MimeBundle | Promise<MimeBundle> })?.[
    jupyterDisplay
  ];
  if (typeof own !== 'function') return { 'text/plain': text };
  return { 'text/plain': text, ...(await own.call(value)) };
}

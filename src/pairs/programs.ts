import { existsSync, readFileSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { UserError } from '../errors';
import { inProject } from '../paths';
import { type CompareOptions, compareSides, openSides } from './compare';
import type { Comparison } from './result';

/** Which adapter runs a program: by its ending, and for Python by what it imports. Throws UserError. */
export function adapterOf(path: string): string {
  if (!existsSync(path) || !statSync(path).isFile()) {
    throw new UserError(`There is no file ${path}.`);
  }
  const ending = extname(path).toLowerCase();
  if (ending === '.keras' || ending === '.h5') return 'keras_adapter.py';
  if (ending !== '.py') {
    throw new UserError(
      `${path}: can't compare a '${ending}' file. Give a .py program, or a .keras or .h5 model.`,
    );
  }
  const source = readFileSync(path, 'utf8');
  const imports = (name: string) =>
    new RegExp(`^\\s*(import|from)\\s+${name}\\b`, 'm').test(source);
  if (imports('torch')) return 'torch_adapter.py';
  if (imports('keras') || imports('tensorflow') || imports('tf_keras')) return 'keras_adapter.py';
  throw new UserError(`${path}: imports neither torch nor keras nor tensorflow.`);
}

/** A program of `src/pairs/examples`, which the notebook compares. */
export const exampleProgram = (pair: string, name: string): string =>
  inProject('src', 'pairs', 'examples', pair, name);

/**
 * Compares two programs whose models should be one: what differs, proven, with the fix. Each runs in
 * a process of its own. Throws UserError where a program is wrong.
 *
 * @example
 * const found = await comparePair('keras_model.py', 'torch_model.py');
 * found.text; // 'Equal after these changes: batch-norm-epsilon.'
 */
export async function comparePair(
  left: string,
  right: string,
  options: CompareOptions = {},
): Promise<Comparison> {
  const { signal } = options;
  const adapters = [adapterOf(left), adapterOf(right)] as const;
  const sides = await openSides([left, right], options, adapters, signal);
  const end = () => {
    for (const { program } of sides) program.close();
  };
  signal?.addEventListener('abort', end);
  try {
    return await compareSides(...sides, options);
  } finally {
    signal?.removeEventListener('abort', end);
    end();
  }
}

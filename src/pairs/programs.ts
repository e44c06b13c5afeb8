import { existsSync, readFileSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { UserError } from '../command/errors';
import { inProject } from '../files/paths';
import { type CompareOptions, compareSides, openSides } from './compare';
import { isSavedModel } from './program';
import type { Comparison } from './result';

/** Which adapter runs a program: by its ending, and for Python by what it imports. Throws UserError. */
export function adapterOf(path: string): string {
  if (!existsSync(path) || !statSync(path).isFile()) {
    throw new UserError(`There is no file ${path}.`);
  }
  const ending = extname(path).toLowerCase();
  if (ending === '.keras' || ending === '.h5') return 'keras_adapter.py';
  if (ending === '.json') return 'keras_adapter.py';
  const script = /^\.[mc]?[jt]s$/.test(ending);
  if (ending !== '.py' && !script) {
    throw new UserError(
      `${path}: can't compare a '${ending}' file. Give a program (.py, .ts, .js), or a saved Keras model (.keras, .h5, a model.json of TensorFlow.js).`,
    );
  }
  const source = readFileSync(path, 'utf8');
  const imports = (name: string) =>
    script
      ? new RegExp(`(from|import|require)\\s*\\(?\\s*['"]${name}['"]`).test(source)
      : new RegExp(`^\\s*(import|from)\\s+${name}\\b`, 'm').test(source);
  if (script ? imports('tandem(/|-)torch') : imports('torch')) return 'torch_adapter.py';
  const keras = script
    ? ['@tensorflow/tfjs[\\w-]*', 'tandem/tensorflow']
    : ['keras', 'tensorflow', 'tf_keras'];
  if (keras.some(imports)) return 'keras_adapter.py';
  if (script) {
    throw new UserError(`${path}: imports neither tandem/torch nor @tensorflow/tfjs.`);
  }
  throw new UserError(`${path}: imports neither torch nor keras nor tensorflow.`);
}

/** Refuses files that can't be the weights of a program. */
function checkWeights(state: string, path: string, adapter: string): void {
  if (!existsSync(state) || !statSync(state).isFile())
    throw new UserError(`There is no file ${state}.`);
  if (isSavedModel(path)) throw new UserError(`${path} has its weights: leave ${state} out.`);
  const endings = adapter.startsWith('torch')
    ? ['.pt', '.pth', '.bin', '.safetensors']
    : ['.h5', '.keras'];
  if (!endings.some((ending) => state.endsWith(ending))) {
    throw new UserError(`${state}: weights of ${path} are a file ${endings.join(', ')}.`);
  }
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
  for (const [i, state] of [options.weights?.left, options.weights?.right].entries())
    if (state !== undefined) checkWeights(state, [left, right][i]!, adapters[i]!);
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

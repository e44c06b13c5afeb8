import { typeName } from '../arguments';
import { TorchError } from '../errors';
import { Tensor } from '../tensor';
import { flatten } from './pytree';

/** Which arguments are differentiated: one by its place, or several. */
export type Argnums = number | readonly number[];

const fail = (message: string) => new TorchError(message, 'RuntimeError');

/** The places, counted from the start. Throws TorchError for those that are not there. */
export function placesOf(argnums: Argnums, count: number): number[] {
  const list = typeof argnums === 'number' ? [argnums] : [...argnums];
  const places = list.map((argnum) => {
    if (!Number.isInteger(argnum))
      throw fail(`argnum must be int, got: <class '${typeName(argnum)}'>`);
    if (argnum >= count || argnum < -count) {
      throw fail(`Got argnum=${argnum}, but only ${count} positional inputs`);
    }
    return argnum < 0 ? argnum + count : argnum;
  });
  if (places.length === 0) throw fail('argnums must be non-empty');
  if (new Set(places).size !== places.length) {
    throw fail(`argnums elements must be unique, got (${places.join(', ')})`);
  }
  return places;
}

/** Whether a tree has at least one tensor and nothing else. */
export function assertTensors(tree: unknown, api: string): Tensor[] {
  const [leaves] = flatten(tree);
  if (leaves.length === 0 || (leaves.length === 1 && leaves[0] == null)) {
    throw fail(
      `${api}: Expected f to be a function that has non-empty output (got output = [${leaves.length ? 'None' : ''}])`,
    );
  }
  for (const leaf of leaves) {
    if (leaf instanceof Tensor) continue;
    throw fail(
      `${api}: expected f(*primals) to return only tensors, got unsupported type <class '${typeName(leaf)}'>`,
    );
  }
  return leaves as Tensor[];
}

/** Takes a result and what comes with it apart, where `hasAux` says that there are two. */
export function splitAux(
  result: unknown,
  hasAux: boolean,
  api: string,
): [output: unknown, aux: unknown] {
  if (!hasAux) return [result, undefined];
  if (Array.isArray(result) && result.length === 2) return [result[0], result[1]];
  throw fail(`${api}: output of function f should be a tuple: (output, aux) if has_aux is True`);
}

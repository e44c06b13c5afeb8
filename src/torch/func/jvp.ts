import { typeName } from '../arguments';
import { makeDual, unpackDual, withForwardGrad } from '../autograd/forward-ad';
import { TorchError } from '../errors';
import { zerosLike } from '../generated/functions';
import { native } from '../native';
import { Tensor } from '../tensor';
import { type Argnums, assertTensors, placesOf, splitAux } from './argnums';
import { flatten, sameSpec, specText, unflatten } from './pytree';
import { unwrapAll, wrapAll } from './vjp';
import { type Func, transformed } from './vmap';

// biome-ignore lint/suspicious/noExplicitAny: as the function's results are nested.
type Any = any;

const api = 'jvp(f, primals, tangents)';
const fail = (message: string) => new TorchError(message, 'RuntimeError');

/** How many of these run inside one another; they share one level of dual numbers. */
let nesting = 0;

function inDualLevel<T>(run: () => T): T {
  if (nesting > 1) return run();
  const level = native.enterDualLevel();
  try {
    return run();
  } finally {
    native.exitDualLevel(level);
  }
}

function checkTensors(values: unknown[], name: string): void {
  if (values.length === 0) throw fail(`${api}: Expected ${name} to contain at least one Tensor.`);
  for (const value of values) {
    if (value instanceof Tensor) continue;
    throw fail(
      `${api}: Expected ${name} to only contain Tensors, got <class '${typeName(value)}'>`,
    );
  }
}

export function jvpOf(
  func: Func,
  given: unknown,
  tangents: unknown,
  argnums: Argnums | null,
  { strict = false, hasAux = false } = {},
): [output: Any, tangent: Any, aux?: Any] {
  if (!Array.isArray(given)) {
    throw fail(
      `${api}: Expected primals to be a tuple. E.g. it should be valid to call f(*primals).`,
    );
  }
  const places = argnums === null ? [...given.keys()] : placesOf(argnums, given.length);
  const [primals, spec] = flatten(places.map((i) => given[i]));
  const [directions, tangentSpec] = flatten(tangents);
  if (!sameSpec(spec, tangentSpec)) {
    throw fail(
      `${api}: Expected primals and tangents to have the same python structure. For example, if primals is a tuple of 3 tensors, tangents also must be. Got primals with structure ${specText(spec)} and tangents with structure ${specText(tangentSpec)}`,
    );
  }
  checkTensors(primals, 'primals');
  checkTensors(directions, 'tangents');
  nesting++;
  try {
    return transformed(
      () => native.enterTransform('jvp'),
      (level) =>
        withForwardGrad(true, () =>
          inDualLevel(() => {
            const duals = primals.map((primal, i) =>
              makeDual(primal as Tensor, directions[i] as Tensor),
            );
            const chosen = unflatten(duals, spec) as unknown[];
            const args = argnums === null ? chosen : (wrapAll(given, level) as unknown[]);
            if (argnums !== null) {
              for (const [i, place] of places.entries()) args[place] = chosen[i];
            }
            const [result, aux] = splitAux(func(...args), hasAux, api);
            const outputs = assertTensors(result, api).map((output) => {
              const { primal, tangent } = unpackDual(output);
              if (!tangent && strict) {
                throw fail(
                  'jvp(f, primals, tangents, strict=True): The output of f is independent of the inputs. This is not allowed with strict=True.',
                );
              }
              return [primal, tangent ?? zerosLike(primal)] as const;
            });
            const outSpec = flatten(result)[1];
            const [values, derivatives] = [0, 1].map((i) =>
              unflatten(
                outputs.map((pair) => unwrapAll(pair[i as 0], level)),
                outSpec,
              ),
            );
            return hasAux ? [values, derivatives, unwrapAll(aux, level)] : [values, derivatives];
          }),
        ),
    );
  } finally {
    nesting--;
  }
}

/**
 * The results of a function and their change along tangents, by forward-mode differentiation (`torch.func.jvp`): primals
 * and tangents are arrays, nested alike.
 *
 * @example
 * const [y, tangent] = torch.func.jvp(torch.sin, [x], [torch.onesLike(x)]);
 */
export function jvp(
  func: Func,
  primals: readonly unknown[],
  tangents: readonly unknown[],
  options: { strict?: boolean; hasAux?: boolean } = {},
): [output: Any, tangent: Any, aux?: Any] {
  return jvpOf(func, primals, tangents, null, options);
}

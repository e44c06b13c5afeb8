import { type Args, bind, typeName } from '../arguments';
import { grad as autogradGrad } from '../autograd/engine';
import { enableGrad } from '../autograd/modes';
import { isOptions } from '../dispatch';
import { TorchError } from '../errors';
import { zerosLike } from '../generated/functions';
import { native } from '../native';
import { Tensor } from '../tensor';
import { type Argnums, assertTensors, placesOf, splitAux } from './argnums';
import { flatten, sameSpec, specText, treeMap, unflatten } from './pytree';
import { type Func, transformed } from './vmap';

// biome-ignore lint/suspicious/noExplicitAny: as the function's results are nested.
type Any = any;

const fail = (message: string) => new TorchError(message, 'RuntimeError');

export const wrapAll = (tree: unknown, level: number): unknown =>
  treeMap((x) => (x instanceof Tensor ? new Tensor(native.wrapForGrad(x.handle, level)) : x), tree);

export const unwrapAll = (tree: unknown, level: number): unknown =>
  treeMap((x) => {
    if (!(x instanceof Tensor))
      throw fail(`Expected tensors, got unsupported type <class '${typeName(x)}'>`);
    return new Tensor(native.unwrapForGrad(x.handle, level));
  }, tree);

const differentiable = (tree: unknown): Tensor[] =>
  flatten(tree)[0].map((x) => {
    if (x instanceof Tensor) return x.requiresGrad_();
    throw new TorchError(
      `Thing passed to transform API must be Tensor, got <class '${typeName(x)}'>`,
      'ValueError',
    );
  });

/** Gradients, zeros where an output does not depend on an input. */
function gradients(
  outputs: readonly Tensor[],
  inputs: Tensor[],
  cotangents: readonly Tensor[] | null,
  createGraph: boolean,
  retainGraph: boolean,
): Tensor[] {
  const places = [...outputs.keys()].filter((i) => outputs[i]!.requiresGrad);
  if (places.length === 0) return inputs.map((input) => zerosLike(input));
  const found = autogradGrad(
    places.map((i) => outputs[i]!),
    inputs,
    {
      gradOutputs: cotangents && places.map((i) => cotangents[i]!),
      retainGraph,
      createGraph,
      allowUnused: true,
    },
  ) as (Tensor | null)[];
  return found.map((gradient, i) => gradient ?? zerosLike(inputs[i]!));
}

interface GradOptions {
  /** The argument that is differentiated, or several. Default 0. */
  argnums?: Argnums;
  /** Whether the function gives `[output, aux]`. Default false. */
  hasAux?: boolean;
}

type GradArgs<F> = { func: F } & Required<GradOptions>;

function gradAndValueOf(func: Func, argnums: Argnums, hasAux: boolean, given: unknown[]) {
  const api = 'grad_and_value(f)(*args)';
  const enter = () => native.enterTransform('grad');
  return transformed(enter, (level) =>
    enableGrad(() => {
      const args = wrapAll(given, level) as unknown[];
      const places = placesOf(argnums, args.length);
      const chosen = typeof argnums === 'number' ? args[places[0]!] : places.map((i) => args[i]);
      const inputs = differentiable(chosen);
      const [output, aux] = splitAux(func(...args), hasAux, api);
      if (!(output instanceof Tensor)) {
        throw fail(
          `${api}: Expected f(*args) to return a Tensor, got <class '${typeName(output)}'>`,
        );
      }
      if (output.ndim !== 0) {
        throw fail(
          `${api}: Expected f(*args) to return a scalar Tensor, got tensor with ${output.ndim} dims. Maybe you wanted to use the vjp or jacrev APIs instead?`,
        );
      }
      const found = gradients([output], inputs, null, true, true);
      const gradient = unwrapAll(unflatten(found, flatten(chosen)[1]), level);
      const value = unwrapAll(output, level);
      return { gradient, value: hasAux ? [value, unwrapAll(aux, level)] : value };
    }),
  );
}

/**
 * A function that gives the gradient of `func`, which gives a tensor without dimensions (`torch.func.grad`); with `hasAux`
 * `[gradient, aux]`.
 *
 * @example
 * torch.func.grad(torch.sin)(torch.tensor(0)); // tensor(1.)
 */
export function grad<F extends Func>(
  ...args: Args<'func.grad', { func: F }, GradOptions>
): (...inputs: Any[]) => Any {
  const { func, argnums, hasAux } = bind<GradArgs<F>>('func.grad', args);
  return (...inputs) => {
    const { gradient, value } = gradAndValueOf(func, argnums, hasAux, inputs);
    return hasAux ? [gradient, (value as unknown[])[1]] : gradient;
  };
}

/** A function that gives `[gradient, value]` (`torch.func.grad_and_value`); the value is `[value, aux]` with `hasAux`. */
export function gradAndValue<F extends Func>(
  ...args: Args<'func.grad_and_value', { func: F }, GradOptions>
): (...inputs: Any[]) => Any {
  const { func, argnums, hasAux } = bind<GradArgs<F>>('func.grad_and_value', args);
  return (...inputs) => {
    const { gradient, value } = gradAndValueOf(func, argnums, hasAux, inputs);
    return [gradient, value];
  };
}

/** {@link vjp} with respect to some of the arguments; null for all. */
export function vjpOf(
  func: Func,
  given: readonly unknown[],
  argnums: Argnums | null,
  hasAux: boolean,
): {
  results: unknown;
  pull: (cotangents: unknown, options?: PullOptions) => unknown;
  aux: unknown;
} {
  const api = 'vjp(f, *primals)';
  return transformed(
    () => native.enterTransform('grad'),
    (level) =>
      enableGrad(() => {
        const primals = wrapAll([...given], level) as unknown[];
        const places = argnums === null ? null : placesOf(argnums, primals.length);
        const chosen =
          places === null
            ? primals
            : typeof argnums === 'number'
              ? primals[places[0]!]
              : places.map((i) => primals[i]);
        const inputs = differentiable(chosen);
        const [output, aux] = splitAux(func(...primals), hasAux, api);
        const outputs = assertTensors(output, api);
        const spec = flatten(output)[1];
        for (const each of outputs) {
          if (each.isFloatingPoint() || each.isComplex()) continue;
          throw fail(
            `vjp(f, ...): All outputs of f must be floating-point or complex Tensors, got Tensor with dtype torch.${each.dtype}`,
          );
        }
        const pull = (cotangents: unknown, options: PullOptions = {}) => {
          const [leaves, own] = flatten(cotangents);
          if (!sameSpec(own, spec)) {
            throw fail(
              `Expected pytree structure of cotangents to be the same as pytree structure of outputs to the function. cotangents: ${specText(own)}, primal output: ${specText(spec)}`,
            );
          }
          const { retainGraph = true, createGraph = native.isGradEnabled() } = options;
          const found = gradients(outputs, inputs, leaves as Tensor[], createGraph, retainGraph);
          return unflatten(found, flatten(chosen)[1]);
        };
        const results = unwrapAll(output, level);
        return { results, pull, aux: hasAux ? unwrapAll(aux, level) : undefined };
      }),
  );
}

interface PullOptions {
  retainGraph?: boolean;
  createGraph?: boolean;
}

/**
 * The results of a function, and a function of their cotangents that gives those of the primals in an array
 * (`torch.func.vjp`). With `{ hasAux: true }` at the end `func` gives `[output, aux]`, and `aux` comes third.
 *
 * @example
 * const [y, vjpFn] = torch.func.vjp(f, x);
 * const [gradient] = vjpFn(torch.onesLike(y));
 */
export function vjp(
  func: Func,
  ...primals: unknown[]
): [output: Any, vjpFn: (cotangents: Any, options?: PullOptions) => Any, aux?: Any] {
  const last = primals.at(-1);
  const withAux =
    isOptions(last) && typeof last.hasAux === 'boolean' && Object.keys(last).length === 1;
  const hasAux = withAux && last.hasAux === true;
  const { results, pull, aux } = vjpOf(
    func,
    withAux ? primals.slice(0, -1) : primals,
    null,
    hasAux,
  );
  return hasAux ? [results, pull, aux] : [results, pull];
}

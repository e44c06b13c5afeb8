import { type Args, bind } from '../arguments';
import { TorchError } from '../errors';
import { cat } from '../generated/functions';
import { Tensor } from '../tensor';
import { type Argnums, placesOf } from './argnums';
import { jvpOf } from './jvp';
import { flatten, unflatten } from './pytree';
import { vjpOf } from './vjp';
import { type Func, vmap } from './vmap';

// biome-ignore lint/suspicious/noExplicitAny: nested as the function's results, each as its inputs.
type Any = any;

function refuseComplex(api: string, tree: unknown, isInput: boolean): void {
  flatten(tree)[0].forEach((leaf, i) => {
    if (!(leaf instanceof Tensor) || !leaf.isComplex()) return;
    throw new TorchError(
      `${api}: Expected all ${isInput ? 'inputs' : 'outputs'} to be real but received complex tensor at flattened input idx: ${i}`,
      'RuntimeError',
    );
  });
}

/** Rows `start` to `end` of the unit matrix, its columns divided among tensors of these sizes. */
function standardBasis(tensors: readonly Tensor[], start: number, end: number): Tensor[] {
  let first = 0;
  return tensors.map((tensor) => {
    const count = tensor.numel();
    const rows = tensor.newZeros([end - start, count]);
    rows.diagonal(start - first).fill_(1);
    first += count;
    return rows.view([end - start, ...tensor.shape]);
  });
}

const total = (tensors: readonly Tensor[]) => tensors.reduce((sum, x) => sum + x.numel(), 0);

const chosen = (args: readonly unknown[], argnums: Argnums) =>
  placesOf(argnums, args.length).map((i) => args[i]);

interface ReverseOptions {
  argnums?: Argnums;
  hasAux?: boolean;
  chunkSize?: number | null;
}

/**
 * A function that gives the Jacobian of `func` by reverse-mode differentiation (`torch.func.jacrev`): `[*output, *input]`
 * for each output and each of the arguments `argnums`.
 */
export function jacrev<F extends Func>(
  ...options: Args<'jacrev', { func: F }, ReverseOptions>
): (...inputs: Any[]) => Any {
  const { func, argnums, hasAux, chunkSize } = bind<{ func: F } & Required<ReverseOptions>>(
    'jacrev',
    options,
  );
  if (chunkSize !== null && !(chunkSize > 0)) {
    throw new TorchError('jacrev: `chunk_size` should be greater than 0.', 'ValueError');
  }
  return (...args) => {
    refuseComplex('jacrev', args, true);
    const { results, pull, aux } = vjpOf(func, args, argnums, hasAux);
    const [outputs, outputSpec] = flatten(results) as [Tensor[], never];
    refuseComplex('jacrev', outputs, false);
    const [primals, primalsSpec] = flatten(chosen(args, argnums)) as [Tensor[], never];
    const rows = total(outputs);
    const step = chunkSize ?? rows;
    const parts: Tensor[][] = [];
    for (let start = 0; start < Math.max(rows, 1); start += Math.max(step, 1)) {
      const basis = standardBasis(outputs, start, Math.min(start + step, rows));
      const run =
        step === 1 && rows > 0
          ? (cotangents: unknown) => {
              const [leaves, spec] = flatten(cotangents) as [Tensor[], never];
              const found = pull(
                unflatten(
                  leaves.map((x) => x.squeeze(0)),
                  spec,
                ),
              );
              return flatten(found)[0].map((x) => (x as Tensor).unsqueeze(0));
            }
          : vmap({ func: (cotangents: unknown) => pull(cotangents) });
      parts.push(flatten(run(unflatten(basis, outputSpec)))[0] as Tensor[]);
    }
    const stacked =
      parts.length === 1 ? parts[0]! : primals.map((_, i) => cat(parts.map((part) => part[i]!)));
    const sizes = outputs.map((output) => output.numel());
    const ofInput = stacked.map((jacobian, i) =>
      jacobian
        .split(sizes, { dim: 0 })
        .map((part, o) => part.view([...outputs[o]!.shape, ...primals[i]!.shape])),
    );
    const ofOutput = outputs.map((_, o) => {
      const each = unflatten(
        ofInput.map((list) => list[o]!),
        primalsSpec,
      ) as unknown[];
      return typeof argnums === 'number' ? each[0] : each;
    });
    const jacobians = unflatten(ofOutput, outputSpec);
    return hasAux ? [jacobians, aux] : jacobians;
  };
}

interface ForwardOptions {
  argnums?: Argnums;
  hasAux?: boolean;
  randomness?: 'error' | 'different' | 'same';
}

/** As {@link jacrev}, by forward-mode differentiation (`torch.func.jacfwd`): faster where there are more outputs than inputs. */
export function jacfwd<F extends Func>(
  ...options: Args<'jacfwd', { func: F }, ForwardOptions>
): (...inputs: Any[]) => Any {
  const { func, argnums, hasAux, randomness } = bind<{ func: F } & Required<ForwardOptions>>(
    'jacfwd',
    options,
  );
  return (...args) => {
    refuseComplex('jacfwd', args, true);
    const [primals, primalsSpec] = flatten(chosen(args, argnums)) as [Tensor[], never];
    const basis = unflatten(standardBasis(primals, 0, total(primals)), primalsSpec);
    const push = (directions: unknown) => {
      const [output, tangent, aux] = jvpOf(func, args, directions, argnums, { hasAux });
      refuseComplex('jacfwd', output, false);
      return hasAux ? [tangent, aux] : tangent;
    };
    const pushed = vmap({ func: push, randomness })(basis);
    const [results, aux] = hasAux ? (pushed as [unknown, unknown]) : [pushed, undefined];
    const [columns, spec] = flatten(results) as [Tensor[], never];
    const sizes = primals.map((primal) => primal.numel());
    const jacobians = columns.map((column) => {
      const parts = column.movedim(0, -1).split(sizes, { dim: -1 });
      const each = unflatten(
        parts.map((part, i) => {
          const { shape } = primals[i]!;
          return shape.length === 0 ? part.squeeze(-1) : part.unflatten(-1, [...shape]);
        }),
        primalsSpec,
      ) as unknown[];
      return typeof argnums === 'number' ? each[0] : each;
    });
    if (!hasAux) return unflatten(jacobians, spec);
    const [leaves, auxSpec] = flatten(aux) as [Tensor[], never];
    return [
      unflatten(jacobians, spec),
      unflatten(
        leaves.map((x) => x.select(0, 0)),
        auxSpec,
      ),
    ];
  };
}

/** A function that gives the Hessian of `func`: `jacfwd` of `jacrev` (`torch.func.hessian`). */
export function hessian<F extends Func>(
  ...options: Args<'func.hessian', { func: F }, { argnums?: Argnums }>
): (...inputs: Any[]) => Any {
  const { func, argnums } = bind<{ func: F; argnums: Argnums }>('func.hessian', options);
  return jacfwd({ func: jacrev({ func, argnums }), argnums }) as (...inputs: Any[]) => Any;
}

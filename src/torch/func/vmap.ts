import { type Args, bind, typeName } from '../arguments';
import { TorchError } from '../errors';
import { cat } from '../generated/functions';
import { native } from '../native';
import { getRngState, setRngState } from '../random';
import { Tensor } from '../tensor';
import { broadcast, flatten, type Spec, specText, unflatten } from './pytree';

// biome-ignore lint/suspicious/noExplicitAny: whatever the function takes and gives, and operators have many forms.
type Any = any;
export type Func = (...args: Any[]) => Any;

/** A dimension for all inputs, or one for each, nested as these; null where there is none. */
export type Dims = number | null | readonly Dims[] | { readonly [name: string]: Dims };

export interface VmapOptions {
  /** Which dimension of the inputs is mapped over. Default 0. */
  inDims?: Dims;
  /** Where it is in the results. Default 0. */
  outDims?: Dims;
  /** Whether random numbers are drawn for each (`different`), once for all (`same`), or not at all (`error`, the default). */
  randomness?: 'error' | 'different' | 'same';
  /** How many are computed at once. Default: all. */
  chunkSize?: number | null;
}

const fail = (message: string, code = 'ValueError') => new TorchError(message, code);

/** Runs a function inside a transform of libtorch's; `level` tells its tensors from those of others. */
export function transformed<T>(enter: () => number, run: (level: number) => T): T {
  const level = enter();
  try {
    const result = run(level);
    if (result instanceof Promise) {
      throw fail('a function that is transformed must not be async', 'TypeError');
    }
    return result;
  } finally {
    native.leaveTransform();
  }
}

/**
 * A function that maps `func` over a dimension of its inputs, as one call of each operator (`torch.vmap`). Records and
 * arrays of tensors are mapped as well.
 *
 * @example
 * const dot = torch.vmap(torch.dot);
 * dot(torch.randn(5, 3), torch.randn(5, 3)).shape; // [5]
 */
export function vmap<F extends Func>(
  ...args: Args<'vmap', { func: F }, VmapOptions>
): (...inputs: Any[]) => ReturnType<F> {
  const { func, inDims, outDims, randomness, chunkSize } = bind<
    { func: F } & Required<VmapOptions>
  >('vmap', args);
  if (!['error', 'different', 'same'].includes(randomness)) {
    throw fail(
      `Only allowed values for randomness are 'error', 'different', or 'same'. Got ${randomness}`,
      'RuntimeError',
    );
  }
  if (chunkSize !== null && !(chunkSize > 0)) {
    throw fail(`vmap: chunk_size should be None or greater than 0. (got ${chunkSize})`);
  }
  return (...inputs) => {
    const mapped = mappedInputs(func, inDims, inputs);
    const run = (leaves: readonly unknown[], size: number) =>
      runBatch(func, { ...mapped, leaves, size }, outDims, randomness);
    if (chunkSize === null) return run(mapped.leaves, mapped.size) as ReturnType<F>;
    return inChunks(mapped, chunkSize, outDims, randomness, run) as ReturnType<F>;
  };
}

const nameOf = (func: Func): string => func.name || '<lambda>';

interface Mapped {
  readonly size: number;
  readonly dims: readonly (number | null)[];
  readonly leaves: readonly unknown[];
  readonly spec: Spec;
}

function mappedInputs(func: Func, inDims: Dims, inputs: readonly unknown[]): Mapped {
  const name = nameOf(func);
  if (inputs.length === 0) {
    throw fail(
      `vmap(${name})(<inputs>): got no inputs. Maybe you forgot to add inputs, or you are trying to vmap over a function with no inputs. The latter is unsupported.`,
    );
  }
  const start = `vmap(${name}, in_dims=${dimsText(inDims)}, ...)(<inputs>): `;
  const [leaves, spec] = flatten([...inputs]);
  const given = broadcast(inDims, spec);
  if (!given) {
    throw fail(
      `${start}in_dims is not compatible with the structure of \`inputs\`. in_dims has structure ${specText(flatten(inDims)[1])} but inputs has structure ${specText(spec)}.`,
    );
  }
  const dims = given.map((dim, i) => checkedDim(start, dim, leaves[i]));
  const sizes = dims.flatMap((dim, i) => (dim === null ? [] : [(leaves[i] as Tensor).size(dim)]));
  if (sizes.length === 0) throw fail('vmap: Expected at least one Tensor to vmap over');
  if (sizes.some((size) => size !== sizes[0])) {
    throw fail(
      `vmap: Expected all tensors to have the same size in the mapped dimension, got sizes [${sizes.join(', ')}] for the mapped dimension`,
    );
  }
  return { size: sizes[0]!, dims, leaves, spec };
}

function checkedDim(start: string, dim: unknown, leaf: unknown): number | null {
  if (dim === null) return null;
  if (typeof dim !== 'number' || !Number.isInteger(dim)) {
    throw fail(
      `${start}Got in_dim=${dim} for an input but in_dim must be either an integer dimension or None.`,
    );
  }
  if (!(leaf instanceof Tensor)) {
    throw fail(
      `${start}Got in_dim=${dim} for an input but the input is of type <class '${typeName(leaf)}'>. We cannot vmap over non-Tensor arguments, please use None as the respective in_dim`,
    );
  }
  if (dim < -leaf.ndim || dim >= leaf.ndim) {
    throw fail(
      `${start}Got in_dim=${dim} for some input, but that input is a Tensor of dimensionality ${leaf.ndim} so expected in_dim to satisfy -${leaf.ndim} <= in_dim < ${leaf.ndim}.`,
    );
  }
  return dim < 0 ? dim + leaf.ndim : dim;
}

function runBatch(func: Func, mapped: Mapped, outDims: Dims, randomness: string): unknown {
  const { size, dims, leaves, spec } = mapped;
  return transformed(
    () => native.enterTransform('vmap', size, randomness),
    (level) => {
      const batched = leaves.map((leaf, i) =>
        dims[i] === null
          ? leaf
          : new Tensor(native.addBatchDim((leaf as Tensor).handle, dims[i]!, level)),
      );
      const result = func(...(unflatten(batched, spec) as unknown[]));
      const [outputs, outSpec] = flatten(result);
      const single =
        Array.isArray(outDims) && outDims.length === 1 && !outSpec ? outDims[0]! : outDims;
      const places = broadcast(single, outSpec);
      const name = nameOf(func);
      if (!places) {
        throw fail(
          `vmap(${name}, ..., out_dims=${dimsText(outDims)})(<inputs>): out_dims is not compatible with the structure of \`outputs\`. out_dims has structure ${specText(flatten(outDims)[1])} but outputs has structure ${specText(outSpec)}.`,
        );
      }
      return unflatten(
        outputs.map((output, i) =>
          unbatched(name, output, level, size, places[i] as number | null),
        ),
        outSpec,
      );
    },
  );
}

function unbatched(name: string, output: unknown, level: number, size: number, dim: number | null) {
  if (dim === null) {
    if (output instanceof Tensor && native.wrapperOf(output.handle)?.[0] === 'batched') {
      throw fail(
        `vmap(${name}, ...): \`${name}\` can not return a BatchedTensor when out_dim is None`,
      );
    }
    return output;
  }
  if (!(output instanceof Tensor)) {
    throw fail(
      `vmap(${name}, ...): \`${name}\` must only return Tensors, got type <class '${typeName(output)}'>. Did you mean to set out_dims= to None for output?`,
    );
  }
  return new Tensor(native.removeBatchDim(output.handle, level, size, dim));
}

function inChunks(
  { size, dims, leaves }: Mapped,
  chunkSize: number,
  outDims: Dims,
  randomness: string,
  run: (leaves: unknown[], size: number) => unknown,
): unknown {
  const state = randomness === 'same' ? getRngState() : null;
  const results: unknown[][] = [];
  let spec: Spec = null;
  for (let start = 0; start < size; start += chunkSize) {
    const length = Math.min(chunkSize, size - start);
    if (state) setRngState(state);
    const part = leaves.map((leaf, i) =>
      dims[i] === null ? leaf : (leaf as Tensor).narrow(dims[i]!, start, length),
    );
    const [flat, own] = flatten(run(part, length));
    results.push(flat);
    spec = own;
  }
  const places = broadcast(outDims, spec)!;
  const joined = results[0]!.map((_, i) =>
    cat(
      results.map((flat) => flat[i] as Tensor),
      { dim: places[i] as number },
    ),
  );
  return unflatten(joined, spec);
}

/** Dimensions as Python prints them. */
function dimsText(dims: unknown): string {
  if (dims === null) return 'None';
  if (Array.isArray(dims)) {
    return `(${dims.map(dimsText).join(', ')}${dims.length === 1 ? ',' : ''})`;
  }
  if (typeof dims !== 'object') return String(dims);
  return `{${Object.entries(dims)
    .map(([key, value]) => `'${key}': ${dimsText(value)}`)
    .join(', ')}}`;
}

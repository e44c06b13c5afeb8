import { operator } from '../dispatch';
import { TorchError } from '../errors';
import { Tensor } from '../tensor';

/** Tensors one after the other, or in one list. */
type Several = [tensors: readonly Tensor[]] | Tensor[];

const listed = (tensors: Several): readonly Tensor[] =>
  tensors[0] instanceof Tensor ? (tensors as Tensor[]) : ((tensors[0] ?? []) as readonly Tensor[]);

type OfList<Result> = (tensors: readonly Tensor[]) => Result;

const broadcast = operator<OfList<Tensor[]>>('broadcast_tensors', ['']);
const product = operator<OfList<Tensor>>('cartesian_prod', ['']);
const blocks = operator<OfList<Tensor>>('block_diag', ['']);
const grid = operator<(tensors: readonly Tensor[], options: { indexing: string }) => Tensor[]>(
  'meshgrid',
  ['indexing'],
);

/** Views of the tensors in their common shape (`torch.broadcast_tensors`). */
export const broadcastTensors = (...tensors: Several): Tensor[] => broadcast(listed(tensors));

/** All combinations of the elements of vectors, `[product of the lengths, vectors]` (`torch.cartesian_prod`). */
export const cartesianProd = (...tensors: Several): Tensor => product(listed(tensors));

/** The matrices along the diagonal of one, zeros elsewhere (`torch.block_diag`). */
export const blockDiag = (...tensors: Several): Tensor => blocks(listed(tensors));

/**
 * The coordinates of a grid over vectors, a tensor of the grid's shape for each (`torch.meshgrid`). `indexing` is
 * `'ij'`, the default, for rows first or `'xy'` for columns first.
 */
export function meshgrid(
  ...args: [...Several] | [...Several, { indexing?: 'ij' | 'xy' }]
): Tensor[] {
  const last = args[args.length - 1];
  const options = last instanceof Tensor || Array.isArray(last) ? {} : args.pop();
  const { indexing = 'ij' } = options as { indexing?: 'ij' | 'xy' };
  return grid(listed(args as Several), { indexing });
}

/** One tensor gives one, several give a list. */
interface AtLeast {
  (tensor: Tensor): Tensor;
  (...tensors: Tensor[]): Tensor[];
  (tensors: readonly Tensor[]): Tensor[];
}

const atLeast = (dims: 1 | 2 | 3): AtLeast => {
  const call = operator<(value: unknown) => unknown>(`atleast_${dims}d`, ['', 'Sequence']);
  return ((...tensors: Several) => call(tensors.length === 1 ? tensors[0] : tensors)) as AtLeast;
};

/** At least one dimension (`torch.atleast_1d`). */
export const atleast1d: AtLeast = atLeast(1);
/** At least two dimensions: a vector becomes a row (`torch.atleast_2d`). */
export const atleast2d: AtLeast = atLeast(2);
/** At least three dimensions: `[N]` becomes `[1, N, 1]`, `[M, N]` becomes `[M, N, 1]` (`torch.atleast_3d`). */
export const atleast3d: AtLeast = atLeast(3);

/** The common shape of several, by the rules of broadcasting (`torch.broadcast_shapes`). Throws TorchError without one. */
export function broadcastShapes(...shapes: (number | readonly number[])[]): number[] {
  const lists = shapes.map((shape) => (typeof shape === 'number' ? [shape] : shape));
  const length = Math.max(0, ...lists.map((shape) => shape.length));
  return Array.from({ length }, (_, i) => {
    const sizes = lists.map((shape) => shape[shape.length - length + i] ?? 1);
    const size = sizes.find((candidate) => candidate !== 1) ?? 1;
    if (sizes.some((other) => other !== 1 && other !== size)) {
      throw new TorchError(
        `broadcast_shapes(): shape mismatch: objects cannot be broadcast to a single shape, sizes ${sizes.join(', ')} at dimension ${i - length}`,
        'RuntimeError',
        'broadcast_shapes',
      );
    }
    return size;
  });
}

/** Functions of sparse tensors (`torch.sparse`). */
import { operator } from './dispatch';
import type { Tensor } from './tensor';
import type { DType, Scalar } from './types';

/** How products that meet in one element are reduced; a sum unless given. */
export type SparseReduce = 'sum' | 'mean' | 'amax' | 'amin';

/** The product of a sparse matrix `[M, N]` and a matrix `[N, K]` (`torch.sparse.mm`). */
export const mm = operator<(sparse: Tensor, dense: Tensor, reduce?: SparseReduce) => Tensor>(
  '_sparse_mm',
  ['', 'reduce'],
);

/** `beta · input + alpha · (sparse @ dense)` (`torch.sparse.addmm`). */
export const addmm = operator<
  (
    input: Tensor,
    sparse: Tensor,
    dense: Tensor,
    options?: { beta?: Scalar; alpha?: Scalar },
  ) => Tensor
>('_sparse_addmm', ['']);

/** `beta · input + alpha · (a @ b)` where the sparse input has elements (`torch.sparse.sampled_addmm`). */
export const sampledAddmm = operator<
  (
    input: Tensor,
    a: Tensor,
    b: Tensor,
    options?: { beta?: Scalar; alpha?: Scalar; out?: Tensor },
  ) => Tensor
>('sparse_sampled_addmm', ['', 'out']);

/** Sums over some or all dimensions (`torch.sparse.sum`). */
export const sum = operator<
  (input: Tensor, options?: { dim?: number | readonly number[]; dtype?: DType }) => Tensor
>('_sparse_sum', ['', 'dtype', 'dim', 'dim_dtype']);

type AlongDim = (input: Tensor, dim: number, options?: { dtype?: DType }) => Tensor;

/** Softmax over the elements that are there (`torch.sparse.softmax`). */
export const softmax = operator<AlongDim>('_sparse_softmax', ['int']);
/** Its logarithm (`torch.sparse.log_softmax`). */
export const logSoftmax = operator<AlongDim>('_sparse_log_softmax', ['int']);

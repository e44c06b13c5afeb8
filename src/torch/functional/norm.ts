import { named } from '../arguments';
import { operator } from '../dispatch';
import { matrixNorm, vectorNorm } from '../generated/linalg';
import type { Tensor } from '../tensor';
import type { DType, Scalar } from '../types';

/** The order of a norm: a number for the norm of vectors, `'fro'` (the default) or `'nuc'` for that of matrices. */
export type NormOrder = Scalar | 'fro' | 'nuc';

export interface NormOptions {
  p?: NormOrder | null;
  dim?: number | readonly number[] | null;
  keepdim?: boolean;
  dtype?: DType | null;
  out?: Tensor;
}

const sparseNorm = operator<
  (x: Tensor, p: Scalar | null, dim: readonly number[], keepdim: boolean) => Tensor
>('norm', ['ScalarOpt_dim']);

/** The norm over some or all dimensions (`torch.norm`); `torch.linalg.vectorNorm` and `matrixNorm` are its successors. */
export const norm = named<'norm', { input: Tensor }, NormOptions>(
  'norm',
  (
    input: Tensor,
    p: NormOrder | null,
    dim: number | readonly number[] | null,
    keepdim: boolean,
    out: Tensor | undefined,
    dtype: DType | null,
  ) => {
    const dims = typeof dim === 'number' ? [dim] : dim;
    const all = () => Array.from({ length: input.ndim }, (_, i) => i);
    if (input.layout !== 'strided') {
      return sparseNorm(input, p === 'fro' ? 2 : (p as Scalar), dims ?? all(), keepdim);
    }
    const options = out ? { dtype, out } : { dtype };
    if (typeof p !== 'string') {
      return vectorNorm(
        input,
        p ?? { float: 2 },
        dims,
        keepdim,
        options as { dtype: DType | null },
      );
    }
    if (p === 'fro' && (dims === null || dims.length <= 2)) {
      return vectorNorm(input, 2, dims, keepdim, options as { dtype: DType | null });
    }
    return matrixNorm(input, p, dims ?? all(), keepdim, options as { dtype: DType | null });
  },
);

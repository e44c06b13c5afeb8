/** Probabilities from numbers of any size. */

import { type Callable, type Callee, named } from '../../arguments';
import { emptyLike, zerosLike } from '../../generated/functions';
import type { Tensor } from '../../tensor';
import type { DType } from '../../types';
import { warn } from './warning';

interface AlongDimOptions {
  dim?: number | null;
  /** Where PyTorch's warnings point to; without effect. */
  _stacklevel?: number;
  /** Converts the input first. */
  dtype?: DType | null;
}
type AlongDim = Callable<'softmax', { input: Tensor }, AlongDimOptions>;

const alongDim = (
  op: Callee,
  run: (input: Tensor, dim: number, dtype: DType | null) => Tensor,
): AlongDim =>
  named<AlongDim>(op, (input: Tensor, dim: number | null, _: number, dtype: DType | null) =>
    run(input, dim ?? usualDim(op, input), dtype),
  );

/** PyTorch's old choice where no dimension is given. */
function usualDim(op: string, input: Tensor): number {
  warn(
    `Implicit dimension choice for ${op} has been deprecated. Change the call to include dim=X as an argument.`,
  );
  return [0, 1, 3].includes(input.ndim) ? 0 : 1;
}

/**
 * Probabilities along a dimension (`torch.nn.functional.softmax`).
 * @param dim Better given: without it, 0 for inputs of 0, 1 or 3 dimensions and 1 for others.
 * @param dtype Converts the input first.
 */
export const softmax: AlongDim = alongDim('softmax', (x, dim, dtype) => x.softmax(dim, dtype));

/** Softmax of the negated input (`torch.nn.functional.softmin`). */
export const softmin: AlongDim = alongDim('softmin', (x, dim, dtype) =>
  x.neg().softmax(dim, dtype),
);

/** Logarithms of softmax, without its rounding (`torch.nn.functional.log_softmax`). */
export const logSoftmax: AlongDim = alongDim('log_softmax', (x, dim, dtype) =>
  x.logSoftmax(dim, dtype),
);

/**
 * Samples from the Gumbel-Softmax distribution (`torch.nn.functional.gumbel_softmax`).
 * @param logits Unnormalised log-probabilities, `[*, C]`.
 * @param tau Temperature.
 * @param hard Whether to give one-hot samples, whose gradient is that of the soft ones.
 */
export const gumbelSoftmax = named<
  'gumbel_softmax',
  { logits: Tensor },
  { tau?: number; hard?: boolean; eps?: number; dim?: number }
>('gumbel_softmax', (logits: Tensor, tau: number, hard: boolean, _eps: number, dim: number) => {
  const options = { memoryFormat: 'contiguous_format' } as const;
  const gumbels = emptyLike(logits, options).exponential_().log().neg();
  const soft = logits.add(gumbels).div(tau).softmax(dim);
  if (!hard) return soft;
  const index = soft.max(dim, true).indices;
  const oneHot = zerosLike(logits, options).scatter_(dim, index, { float: 1 });
  return oneHot.sub(soft.detach()).add(soft);
});

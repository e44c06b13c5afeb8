import { operator } from '../../dispatch';
import { TorchError } from '../../errors';
import type { Tensor } from '../../tensor';

/** How a loss is reduced over its elements. */
export type Reduction = 'none' | 'mean' | 'sum';

const numbers: Readonly<Record<Reduction, number>> = { none: 0, mean: 1, sum: 2 };

/** ATen's number for a reduction. */
export function reductionNumber(op: string, reduction: Reduction): number {
  const number = numbers[reduction];
  if (number === undefined) {
    throw new TorchError(`${reduction} is not a valid value for reduction`, 'ValueError', op);
  }
  return number;
}

/** Two tensors in the shape that both fit. */
export const broadcast = operator<(tensors: readonly [Tensor, Tensor]) => [Tensor, Tensor]>(
  'broadcast_tensors',
  [''],
);

/** Reduces a loss that was computed element by element; `invalid` is PyTorch's complaint. */
export function reduce(
  op: string,
  loss: Tensor,
  reduction: Reduction,
  invalid = `${reduction} is not valid`,
): Tensor {
  switch (reduction) {
    case 'none':
      return loss;
    case 'mean':
      return loss.mean();
    case 'sum':
      return loss.sum();
    default:
      throw new TorchError(invalid, 'ValueError', op);
  }
}

export interface LossOptions {
  /** Default mean. */
  reduction?: Reduction;
  /** @deprecated Use `reduction`. */
  sizeAverage?: boolean | null;
  /** @deprecated Use `reduction`. */
  reduce?: boolean | null;
}

export interface WeightedLossOptions extends LossOptions {
  weight?: Tensor | null;
}

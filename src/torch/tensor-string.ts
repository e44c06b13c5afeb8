import type { Tensor } from './tensor';

/** Placeholder of the right shape until the printer below is complete. */
export function format(tensor: Tensor): string {
  return `tensor(${JSON.stringify(tensor.toArray())}, shape=[${tensor.shape}], dtype=${tensor.dtype})`;
}

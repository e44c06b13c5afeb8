/** Borders around the last dimensions. */
import * as n from '../../generated/nn';
import type { Tensor } from '../../tensor';

export type PadMode = 'constant' | 'reflect' | 'replicate' | 'circular';

/**
 * Adds a border (`torch.nn.functional.pad`). `sizes` are before and after, from the last dimension
 * on: `[left, right, top, bottom]`; negative ones cut. `value` fills in mode `constant`.
 */
export const pad: {
  (input: Tensor, sizes: readonly number[], mode?: PadMode, value?: number | null): Tensor;
  (
    input: Tensor,
    sizes: readonly number[],
    options: { mode?: PadMode; value?: number | null },
  ): Tensor;
} = n.pad;

/** Borders around the last dimensions. */
import { named } from '../../arguments';
import * as n from '../../generated/nn';
import type { Tensor } from '../../tensor';

export type PadMode = 'constant' | 'reflect' | 'replicate' | 'circular';

interface PadOptions {
  mode?: PadMode;
  /** What fills the border in mode `constant`. Default 0. */
  value?: number | null;
}

/**
 * Adds a border (`torch.nn.functional.pad`). `pad` is before and after, from the last dimension on:
 * `[left, right, top, bottom]`; negative numbers cut.
 */
export const pad = named<'pad', { input: Tensor; pad: readonly number[] }, PadOptions>(
  'pad',
  (input: Tensor, sizes: readonly number[], mode: PadMode, value: number | null) =>
    n.pad(input, sizes, mode, value),
);

/** Products with weights. */
import { named } from '../../arguments';
import { operator } from '../../dispatch';
import type { Tensor } from '../../tensor';
import type { DType } from '../../types';

export { bilinear } from '../../generated/functions';
export { linear } from '../../generated/nn';

export interface GroupedMmOptions {
  /** Where each group of rows ends, int32 `[groups]`, where the rows are not already by group. */
  offs?: Tensor | null;
  bias?: Tensor | null;
  outDtype?: DType | null;
}

const grouped = operator<(matA: Tensor, matB: Tensor, options: GroupedMmOptions) => Tensor>(
  '_grouped_mm',
  [''],
);

/** Matrix products by groups, of bfloat16 (`torch.nn.functional.grouped_mm`). */
export const groupedMm = named<'grouped_mm', { matA: Tensor; matB: Tensor }, GroupedMmOptions>(
  'grouped_mm',
  (matA: Tensor, matB: Tensor, offs: Tensor | null, bias: Tensor | null, outDtype: DType | null) =>
    grouped(matA, matB, { offs, bias, outDtype }),
);

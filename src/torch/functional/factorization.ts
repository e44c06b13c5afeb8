import { operator } from '../dispatch';
import { named } from '../nn/functional/named';
import type { Tensor } from '../tensor';

const withInfo = operator<
  (a: Tensor, pivot: boolean, checkErrors: boolean) => [lu: Tensor, pivots: Tensor, infos: Tensor]
>('_lu_with_info', ['']);

/**
 * The LU factorization of `[*, M, N]` in one matrix, its pivots, and with `getInfos` the number of the first zero on
 * each diagonal in place of an error (`torch.lu`); `torch.linalg.luFactor` is its successor.
 */
export const lu = named<{
  (a: Tensor, options: { pivot?: boolean; getInfos: true }): [Tensor, Tensor, Tensor];
  (a: Tensor, options?: { pivot?: boolean; getInfos?: false }): [Tensor, Tensor];
}>('lu', ['A', 'pivot', 'getInfos'], (a: Tensor, pivot = true, getInfos = false) => {
  const [factors, pivots, infos] = withInfo(a, pivot, !getInfos);
  if (getInfos) return [factors, pivots, infos];
  infos.dispose();
  return [factors, pivots];
});

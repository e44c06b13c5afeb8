import { type Args, named } from '../arguments';
import { operator } from '../dispatch';
import { TorchError } from '../errors';
import { randn } from '../generated/functions';
import { qr, svd } from '../generated/linalg';
import type { Tensor } from '../tensor';

const withInfo = operator<
  (a: Tensor, pivot: boolean, checkErrors: boolean) => [lu: Tensor, pivots: Tensor, infos: Tensor]
>('_lu_with_info', ['']);

/**
 * The LU factorization of `[*, M, N]` in one matrix, its pivots, and with `getInfos` the number of the first zero on
 * each diagonal in place of an error (`torch.lu`); `torch.linalg.luFactor` is its successor.
 */
export const lu = named<{
  (
    ...args: Args<'lu', { A: Tensor }, { pivot?: boolean; getInfos?: false; out?: null }>
  ): [Tensor, Tensor];
  (
    ...args: Args<'lu', { A: Tensor }, { pivot?: boolean; getInfos: true; out?: null }>
  ): [Tensor, Tensor, Tensor];
}>('lu', (a: Tensor, pivot: boolean, getInfos: boolean) => {
  const [factors, pivots, infos] = withInfo(a, pivot, !getInfos);
  if (getInfos) return [factors, pivots, infos];
  infos.dispose();
  return [factors, pivots];
});

/** A basis of the space that the columns of `[*, M, N]` (less `mean`) nearly lie in: Halko 2009, algorithm 4.4. */
function approximateBasis(a: Tensor, rank: number, rounds: number, mean: Tensor | null): Tensor {
  const less = (x: Tensor, m: Tensor | undefined, factor: Tensor) =>
    m ? x.matmul(factor).sub(m.matmul(factor)) : x.matmul(factor);
  const start = randn([a.shape.at(-1)!, rank], { dtype: a.dtype, device: a.device });
  let basis = qr(less(a, mean ?? undefined, start))[0];
  for (let round = 0; round < rounds; round++) {
    basis = qr(less(a.mH, mean?.mH, basis))[0];
    basis = qr(less(a, mean ?? undefined, basis))[0];
  }
  return basis;
}

type Factors = [u: Tensor, s: Tensor, v: Tensor];

function lowRank(input: Tensor, rank: number, rounds: number, offset: Tensor | null): Factors {
  const [rows, columns] = input.shape.slice(-2) as [number, number];
  const wide = rows < columns;
  const whole = offset?.broadcastTo(input.shape) ?? null;
  const [a, mean] = wide ? [input.mH, whole?.mH ?? null] : [input, whole];
  const basis = approximateBasis(a, rank, rounds, mean);
  const product = basis.mH.matmul(a);
  const small = mean ? product.sub(basis.mH.matmul(mean)) : product;
  const [u, s, vh] = svd(small, { fullMatrices: false });
  const left = basis.matmul(u);
  return wide ? [vh.mH, s, left] : [left, s, vh.mH];
}

/**
 * The largest `q` singular values of `[*, M, N]` and their vectors, found from random starts (`torch.svd_lowrank`).
 * @param options `q` is 6 and `niter` 2 unless given; `M` is taken off the input first.
 */
export const svdLowrank = named<
  'svd_lowrank',
  { A: Tensor },
  { q?: number | null; niter?: number | null; M?: Tensor | null },
  Factors
>('svd_lowrank', (a: Tensor, q: number | null, niter: number | null, M: Tensor | null) =>
  lowRank(a, q ?? 6, niter ?? 2, M),
);

/**
 * The principal components of the rows of `[*, M, N]`, as `svdLowrank` finds them (`torch.pca_lowrank`).
 * @param options `q` is at most 6 unless given; `center` takes the mean of the rows off first, which is the default.
 */
export const pcaLowrank = named<
  'pca_lowrank',
  { A: Tensor },
  { q?: number | null; center?: boolean; niter?: number },
  Factors
>('pca_lowrank', (a: Tensor, q: number | null, center: boolean, niter: number) => {
  const [rows, columns] = a.shape.slice(-2) as [number, number];
  const least = Math.min(rows, columns);
  const rank = q ?? Math.min(6, least);
  const refuse = (message: string) => new TorchError(message, 'ValueError', 'pca_lowrank');
  if (!(rank >= 0 && rank <= least)) {
    throw refuse(
      `q(=${rank}) must be non-negative integer and not greater than min(m, n)=${least}`,
    );
  }
  if (!(niter >= 0)) throw refuse(`niter(=${niter}) must be non-negative integer`);
  return lowRank(center ? a.sub(a.mean(-2, true)) : a, rank, niter, null);
});

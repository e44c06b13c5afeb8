/** Divergences of multivariate normal distributions. */
import { TorchError } from '../../errors';
import { broadcastShapes } from '../../functional';
import { solveTriangular } from '../../generated/linalg';
import type { Tensor } from '../../tensor';
import { batchMahalanobis, logDiagonal } from '../covariance';
import type { Distribution } from '../distribution';
import {
  LowRankMultivariateNormal,
  lowRankLogDet,
  lowRankMahalanobis,
} from '../low-rank-multivariate-normal';
import { MultivariateNormal } from '../multivariate-normal';
import { registerKl } from './registry';

/** The trace of `X Xᵀ`. */
function traceOfSquare(x: Tensor): Tensor {
  const flat = x.reshape(-1, x.size(-2) * x.size(-1));
  return flat.pow(2).sum(-1).reshape(x.shape.slice(0, -2));
}

function checkEvents(p: Distribution, q: Distribution): number {
  if (String(p.eventShape) === String(q.eventShape)) return p.eventShape[0]!;
  throw new TorchError(
    'KL-divergence between two (Low Rank) Multivariate Normals with different event shapes cannot be computed',
    'ValueError',
  );
}

const solveLower = (factor: Tensor, x: Tensor): Tensor =>
  solveTriangular(factor, x, { upper: false });

registerKl(LowRankMultivariateNormal, LowRankMultivariateNormal, (p, q) => {
  const n = checkEvents(p, q);
  const term1 = lowRankLogDet(q.factor, q.diagonal, q.capacitance).sub(
    lowRankLogDet(p.factor, p.diagonal, p.capacitance),
  );
  const term3 = lowRankMahalanobis(q.factor, q.diagonal, q.loc.sub(p.loc), q.capacitance);
  const a = solveLower(q.capacitance, q.factor.mT.div(q.diagonal.unsqueeze(-2)));
  const term21 = p.diagonal.div(q.diagonal).sum(-1);
  const term22 = traceOfSquare(p.factor.mul(q.diagonal.rsqrt().unsqueeze(-1)));
  const term23 = traceOfSquare(a.mul(p.diagonal.sqrt().unsqueeze(-2)));
  const term24 = traceOfSquare(a.matmul(p.factor));
  const term2 = term21.add(term22).sub(term23).sub(term24);
  return term1.add(term2).add(term3).sub(n).mul(0.5);
});

registerKl(LowRankMultivariateNormal, MultivariateNormal, (p, q) => {
  const n = checkEvents(p, q);
  const term1 = logDiagonal(q.factor)
    .mul(2)
    .sub(lowRankLogDet(p.factor, p.diagonal, p.capacitance));
  const term3 = batchMahalanobis(q.factor, q.loc.sub(p.loc));
  const batch = broadcastShapes(q.factor.shape.slice(0, -2), p.factor.shape.slice(0, -2));
  const ofQ = q.factor.expand([...batch, n, n]);
  const ofP = p.factor.expand([...batch, n, p.covFactor.size(-1)]);
  const diagonal = p.diagonal
    .sqrt()
    .diagEmbed()
    .expand([...batch, n, n]);
  const term2 = traceOfSquare(solveLower(ofQ, ofP)).add(traceOfSquare(solveLower(ofQ, diagonal)));
  return term1.add(term2).add(term3).sub(n).mul(0.5);
});

registerKl(MultivariateNormal, LowRankMultivariateNormal, (p, q) => {
  const n = checkEvents(p, q);
  const term1 = lowRankLogDet(q.factor, q.diagonal, q.capacitance).sub(
    logDiagonal(p.factor).mul(2),
  );
  const term3 = lowRankMahalanobis(q.factor, q.diagonal, q.loc.sub(p.loc), q.capacitance);
  const a = solveLower(q.capacitance, q.factor.mT.div(q.diagonal.unsqueeze(-2)));
  const term21 = traceOfSquare(p.factor.mul(q.diagonal.rsqrt().unsqueeze(-1)));
  const term22 = traceOfSquare(a.matmul(p.factor));
  return term1.add(term21.sub(term22)).add(term3).sub(n).mul(0.5);
});

registerKl(MultivariateNormal, MultivariateNormal, (p, q) => {
  const n = checkEvents(p, q);
  const half = logDiagonal(q.factor).sub(logDiagonal(p.factor));
  const batch = broadcastShapes(q.factor.shape.slice(0, -2), p.factor.shape.slice(0, -2));
  const ofQ = q.factor.expand([...batch, n, n]);
  const ofP = p.factor.expand([...batch, n, n]);
  const term2 = traceOfSquare(solveLower(ofQ, ofP));
  const term3 = batchMahalanobis(q.factor, q.loc.sub(p.loc));
  return half.add(term2.add(term3).sub(n).mul(0.5));
});

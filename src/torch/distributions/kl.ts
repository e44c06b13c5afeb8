import { named } from '../arguments';
import { grad } from '../autograd';
import { TorchError } from '../errors';
import { broadcastShapes } from '../functional';
import {
  digamma,
  erf,
  exp,
  fullLike,
  ge,
  le,
  log,
  log1p,
  maximum,
  onesLike,
  where,
} from '../generated/functions';
import { solveTriangular } from '../generated/linalg';
import { xlogy } from '../generated/special';
import { softplus } from '../nn/functional';
import type { Tensor } from '../tensor';
import { Bernoulli, Geometric } from './bernoulli';
import { Binomial } from './binomial';
import { Categorical, OneHotCategorical } from './categorical';
import { Cauchy } from './cauchy';
import { ContinuousBernoulli } from './continuous-bernoulli';
import { batchMahalanobis, logDiagonal } from './covariance';
import { Independent, TransformedDistribution } from './derived';
import { Beta, Dirichlet } from './dirichlet';
import { type Distribution, ExponentialFamily } from './distribution';
import { Exponential, Pareto } from './exponential';
import { Gamma } from './gamma';
import { Laplace } from './laplace';
import {
  LowRankMultivariateNormal,
  lowRankLogDet,
  lowRankMahalanobis,
} from './low-rank-multivariate-normal';
import { MultivariateNormal } from './multivariate-normal';
import { HalfNormal, Normal } from './normal';
import { eulerConstant, put, sumRightmost } from './parameters';
import { Poisson } from './poisson';
import { sameTransforms } from './transforms/compose';
import { Gumbel, Uniform } from './uniform';

// biome-ignore lint/suspicious/noExplicitAny: of any arguments.
type DistributionClass<D extends Distribution> = abstract new (...args: any[]) => D;
type Divergence<P extends Distribution, Q extends Distribution> = (p: P, q: Q) => Tensor;

interface Entry {
  readonly p: DistributionClass<Distribution>;
  readonly q: DistributionClass<Distribution>;
  readonly divergence: Divergence<never, never>;
}

const entries: Entry[] = [];

/** Says how the divergence of two classes of distributions is computed (`register_kl`). */
export function registerKl<P extends Distribution, Q extends Distribution>(
  p: DistributionClass<P>,
  q: DistributionClass<Q>,
  divergence: Divergence<P, Q>,
): void {
  const known = entries.findIndex((each) => each.p === p && each.q === q);
  if (known >= 0) entries.splice(known, 1);
  entries.push({ p, q, divergence });
}

/** How far up a class lies in an object's line of classes; infinite where it isn't there. */
function distance(value: object, of: DistributionClass<Distribution>): number {
  let steps = 0;
  for (let at = Object.getPrototypeOf(value); at; at = Object.getPrototypeOf(at), steps++) {
    if (at === of.prototype) return steps;
  }
  return Number.POSITIVE_INFINITY;
}

/**
 * The Kullback-Leibler divergence of two distributions, in their batch's shape (`torch.distributions.kl_divergence`).
 * Throws TorchError (NotImplementedError) for a pair of which it isn't known.
 */
export const klDivergence = named<'kl_divergence', { p: Distribution; q: Distribution }>(
  'kl_divergence',
  (p: Distribution, q: Distribution) => {
    let best: Entry | null = null;
    let least = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (const entry of entries) {
      const [first, second] = [distance(p, entry.p), distance(q, entry.q)];
      if (!Number.isFinite(first + second)) continue;
      if (first < least[0]! || (first === least[0] && second < least[1]!)) {
        best = entry;
        least = [first, second];
      }
    }
    if (best) return best.divergence(p as never, q as never);
    throw new TorchError(
      `No KL(p || q) is implemented for p type ${p.constructor.name} and q type ${q.constructor.name}`,
      'NotImplementedError',
    );
  },
);

const infinity = Number.POSITIVE_INFINITY;
const infiniteLike = (x: Tensor): Tensor => fullLike(x, infinity);
const xLogX = (x: Tensor): Tensor => xlogy(x, x);

registerKl(Bernoulli, Bernoulli, (p, q) => {
  const t1 = p.probs.mul(softplus(q.logits.neg()).sub(softplus(p.logits.neg())));
  put(t1, q.probs.eq(0), infinity);
  put(t1, p.probs.eq(0), 0);
  const t2 = p.probs
    .neg()
    .add(1)
    .mul(softplus(q.logits).sub(softplus(p.logits)));
  put(t2, q.probs.eq(1), infinity);
  put(t2, p.probs.eq(1), 0);
  return t1.add(t2);
});

registerKl(Beta, Beta, (p, q) => {
  const [p1, p0, q1, q0] = [p.concentration1, p.concentration0, q.concentration1, q.concentration0];
  const ofP = p1.add(p0);
  const ofQ = q1.add(q0);
  const t1 = q1.lgamma().add(q0.lgamma()).add(ofP.lgamma());
  const t2 = p1.lgamma().add(p0.lgamma()).add(ofQ.lgamma());
  const t3 = p1.sub(q1).mul(digamma(p1));
  const t4 = p0.sub(q0).mul(digamma(p0));
  const t5 = ofQ.sub(ofP).mul(digamma(ofP));
  return t1.sub(t2).add(t3).add(t4).add(t5);
});

registerKl(Binomial, Binomial, (p, q) => {
  if (p.totalCount.lt(q.totalCount).any().item()) {
    throw new TorchError(
      'KL between Binomials where q.total_count > p.total_count is not implemented',
      'NotImplementedError',
    );
  }
  const kl = p.totalCount.mul(
    p.probs.mul(p.logits.sub(q.logits)).add(p.probs.neg().log1p()).sub(q.probs.neg().log1p()),
  );
  return put(kl, p.totalCount.gt(q.totalCount), infinity);
});

const ofCategoricals = (p: Categorical, q: Categorical): Tensor => {
  const t = p.probs.mul(p.logits.sub(q.logits));
  put(t, q.probs.eq(0).expandAs(t), infinity);
  put(t, p.probs.eq(0).expandAs(t), 0);
  return t.sum(-1);
};
registerKl(Categorical, Categorical, ofCategoricals);
registerKl(OneHotCategorical, OneHotCategorical, (p, q) =>
  ofCategoricals(p.categorical, q.categorical),
);

registerKl(ContinuousBernoulli, ContinuousBernoulli, (p, q) => {
  const t1 = p.mean.mul(p.logits.sub(q.logits));
  const t2 = p.logNorm().add(log1p(p.probs.neg()));
  const t3 = q.logNorm().neg().sub(log1p(q.probs.neg()));
  return t1.add(t2).add(t3);
});

registerKl(Dirichlet, Dirichlet, (p, q) => {
  const ofP = p.concentration.sum(-1);
  const ofQ = q.concentration.sum(-1);
  const t1 = ofP.lgamma().sub(ofQ.lgamma());
  const t2 = p.concentration.lgamma().sub(q.concentration.lgamma()).sum(-1);
  const t3 = p.concentration.sub(q.concentration);
  const t4 = p.concentration.digamma().sub(ofP.digamma().unsqueeze(-1));
  return t1.sub(t2).add(t3.mul(t4).sum(-1));
});

registerKl(Exponential, Exponential, (p, q) => {
  const ratio = q.rate.div(p.rate);
  return ratio.log().neg().add(ratio).sub(1);
});

registerKl(ExponentialFamily, ExponentialFamily, (p, q) => {
  if (p.constructor !== q.constructor) {
    throw new TorchError(
      'The cross KL-divergence between different exponential families cannot be computed using Bregman divergences',
      'NotImplementedError',
    );
  }
  const ofP = p.naturalParams.map((each) => each.detach().requiresGrad_());
  const ofQ = q.naturalParams;
  const normalizer = p.logNormalizer(...ofP);
  const gradients = grad(normalizer.sum(), ofP, { createGraph: true });
  let result = q.logNormalizer(...ofQ).sub(normalizer);
  ofP.forEach((each, i) => {
    const term = ofQ[i]!.sub(each).mul(gradients[i]!);
    result = result.sub(sumRightmost(term, q.eventShape.length));
  });
  return result;
});

registerKl(Gamma, Gamma, (p, q) => {
  const t1 = q.concentration.mul(p.rate.div(q.rate).log());
  const t2 = q.concentration.lgamma().sub(p.concentration.lgamma());
  const t3 = p.concentration.sub(q.concentration).mul(digamma(p.concentration));
  const t4 = q.rate.sub(p.rate).mul(p.concentration.div(p.rate));
  return t1.add(t2).add(t3).add(t4);
});

registerKl(Gumbel, Gumbel, (p, q) => {
  const ct1 = p.scale.div(q.scale);
  const ct2 = q.loc.div(q.scale);
  const ct3 = p.loc.div(q.scale);
  const t1 = ct1.log().neg().sub(ct2).add(ct3);
  const t2 = ct1.mul(eulerConstant);
  const t3 = exp(ct2.add(ct1.add(1).lgamma()).sub(ct3));
  return t1
    .add(t2)
    .add(t3)
    .sub(1 + eulerConstant);
});

registerKl(Geometric, Geometric, (p, q) =>
  p.entropy().neg().sub(log1p(q.probs.neg()).div(p.probs)).sub(q.logits),
);

const ofNormals = (p: Normal, q: Normal): Tensor => {
  const ratio = p.scale.div(q.scale).pow(2);
  const t1 = p.loc.sub(q.loc).div(q.scale).pow(2);
  return ratio.add(t1).sub(1).sub(ratio.log()).mul(0.5);
};
registerKl(Normal, Normal, ofNormals);
registerKl(HalfNormal, HalfNormal, (p, q) => ofNormals(p.baseDist, q.baseDist));

registerKl(Laplace, Laplace, (p, q) => {
  const ratio = p.scale.div(q.scale);
  const apart = p.loc.sub(q.loc).abs();
  const t1 = ratio.log().neg();
  const t2 = apart.div(q.scale);
  const t3 = ratio.mul(exp(apart.neg().div(p.scale)));
  return t1.add(t2).add(t3).sub(1);
});

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

registerKl(Pareto, Pareto, (p, q) => {
  const scales = p.scale.div(q.scale);
  const alphas = q.alpha.div(p.alpha);
  const t1 = q.alpha.mul(scales.log());
  const result = t1.add(alphas.log().neg()).add(alphas).sub(1);
  return put(result, p.scale.lt(q.scale), infinity);
});

registerKl(Poisson, Poisson, (p, q) =>
  p.rate.mul(p.rate.log().sub(q.rate.log())).sub(p.rate.sub(q.rate)),
);

registerKl(TransformedDistribution, TransformedDistribution, (p, q) => {
  if (
    !sameTransforms(p.transforms, q.transforms) ||
    String(p.eventShape) !== String(q.eventShape)
  ) {
    throw new TorchError(
      'KL of distributions with different transforms or event shapes is not implemented',
      'NotImplementedError',
    );
  }
  return klDivergence(p.baseDist, q.baseDist);
});

registerKl(Uniform, Uniform, (p, q) => {
  const result = q.high.sub(q.low).div(p.high.sub(p.low)).log();
  return put(result, q.low.gt(p.low).bitwiseOr(q.high.lt(p.high)), infinity);
});

// --- Between families ---------------------------------------------------------------------------

registerKl(Bernoulli, Poisson, (p, q) =>
  p.entropy().neg().sub(p.probs.mul(q.rate.log()).sub(q.rate)),
);

registerKl(Beta, ContinuousBernoulli, (p, q) =>
  p.entropy().neg().sub(p.mean.mul(q.logits)).sub(log1p(q.probs.neg())).sub(q.logNorm()),
);
registerKl(Beta, Exponential, (p, q) =>
  p
    .entropy()
    .neg()
    .sub(q.rate.log())
    .add(q.rate.mul(p.concentration1.div(p.concentration1.add(p.concentration0)))),
);
registerKl(Beta, Gamma, (p, q) => {
  const sum = p.concentration1.add(p.concentration0);
  const t1 = p.entropy().neg();
  const t2 = q.concentration.lgamma().sub(q.concentration.mul(q.rate.log()));
  const t3 = q.concentration.sub(1).mul(p.concentration1.digamma().sub(sum.digamma()));
  const t4 = q.rate.mul(p.concentration1).div(sum);
  return t1.add(t2).sub(t3).add(t4);
});
registerKl(Beta, Normal, (p, q) => {
  const sum = p.concentration1.add(p.concentration0);
  const mean = p.concentration1.div(sum);
  const variance = q.scale.pow(2);
  const t1 = p.entropy().neg();
  const t2 = variance.mul(2).mul(Math.PI).log().mul(0.5);
  const t3 = mean.mul(mean.neg().add(1)).div(sum.add(1)).add(mean.pow(2)).mul(0.5);
  const t4 = q.loc.mul(mean);
  const t5 = q.loc.pow(2).mul(0.5);
  return t1.add(t2).add(t3.sub(t4).add(t5).div(variance));
});
registerKl(Beta, Uniform, (p, q) => {
  const result = p.entropy().neg().add(q.high.sub(q.low).log());
  return put(result, q.low.gt(0).bitwiseOr(q.high.lt(1)), infinity);
});

registerKl(ContinuousBernoulli, Exponential, (p, q) =>
  p.entropy().neg().sub(log(q.rate)).add(q.rate.mul(p.mean)),
);
registerKl(ContinuousBernoulli, Normal, (p, q) => {
  const t1 = p.entropy().neg();
  const t2 = q.loc
    .div(q.scale)
    .square()
    .add(Math.log(2 * Math.PI))
    .mul(0.5)
    .add(log(q.scale));
  const t3 = p.variance
    .add(p.mean.square())
    .sub(q.loc.mul(2).mul(p.mean))
    .div(q.scale.square().mul(2));
  return t1.add(t2).add(t3);
});
registerKl(ContinuousBernoulli, Uniform, (p, q) => {
  const result = p.entropy().neg().add(q.high.sub(q.low).log());
  return where(maximum(ge(q.low, 0), le(q.high, 1)), onesLike(result).mul(infinity), result);
});

registerKl(Exponential, Gamma, (p, q) => {
  const ratio = q.rate.div(p.rate);
  return q.concentration
    .neg()
    .mul(log(ratio))
    .add(ratio)
    .add(q.concentration.lgamma())
    .add(q.concentration.mul(eulerConstant))
    .sub(1 + eulerConstant);
});
registerKl(Exponential, Gumbel, (p, q) => {
  const product = p.rate.mul(q.scale);
  const ratio = q.loc.div(q.scale);
  const t1 = product.log().sub(1);
  const t2 = exp(ratio).mul(product).div(product.add(1));
  return t1.sub(ratio).add(t2).add(product.reciprocal());
});
registerKl(Exponential, Normal, (p, q) => {
  const variance = q.scale.pow(2);
  const squared = p.rate.pow(2);
  const t1 = log(squared.mul(variance).mul(2).mul(Math.PI)).mul(0.5);
  const t3 = q.loc.div(p.rate);
  const t4 = q.loc.pow(2).mul(0.5);
  return t1.sub(1).add(squared.reciprocal().sub(t3).add(t4).div(variance));
});

registerKl(Gamma, Exponential, (p, q) =>
  p.entropy().neg().sub(q.rate.log()).add(q.rate.mul(p.concentration).div(p.rate)),
);
registerKl(Gamma, Gumbel, (p, q) => {
  const { concentration } = p;
  const product = p.rate.mul(q.scale);
  const ratio = q.loc.div(q.scale);
  const t1 = concentration
    .sub(1)
    .mul(concentration.digamma())
    .sub(concentration.lgamma())
    .sub(concentration);
  const t2 = product.log().add(concentration.div(product));
  const t3 = exp(ratio).mul(product.reciprocal().add(1).pow(concentration.neg())).sub(ratio);
  return t1.add(t2).add(t3);
});
registerKl(Gamma, Normal, (p, q) => {
  const { concentration } = p;
  const variance = q.scale.pow(2);
  const squared = p.rate.pow(2);
  const t1 = log(squared.mul(variance).mul(2).mul(Math.PI))
    .mul(0.5)
    .sub(concentration)
    .sub(concentration.lgamma());
  const t2 = concentration.pow(2).add(concentration).mul(0.5).div(squared);
  const t3 = q.loc.mul(concentration).div(p.rate);
  const t4 = q.loc.pow(2).mul(0.5);
  return t1
    .add(concentration.sub(1).mul(concentration.digamma()))
    .add(t2.sub(t3).add(t4).div(variance));
});

registerKl(Gumbel, Normal, (p, q) => {
  const ratio = p.scale.div(q.scale);
  const t1 = ratio.div(Math.sqrt(2 * Math.PI)).log();
  const t2 = ratio.mul(Math.PI).mul(0.5).pow(2).div(3);
  const t3 = p.loc.add(p.scale.mul(eulerConstant)).sub(q.loc).div(q.scale).pow(2).mul(0.5);
  return t1
    .neg()
    .add(t2)
    .add(t3)
    .sub(eulerConstant + 1);
});

registerKl(Laplace, Normal, (p, q) => {
  const variance = q.scale.pow(2);
  const ratio = p.scale.pow(2).div(variance);
  const t1 = log(ratio.mul(2).div(Math.PI)).mul(0.5);
  const t2 = p.loc.pow(2).mul(0.5);
  const t3 = p.loc.mul(q.loc);
  const t4 = q.loc.pow(2).mul(0.5);
  return t1.neg().add(ratio).add(t2.sub(t3).add(t4).div(variance)).sub(1);
});

registerKl(Normal, Gumbel, (p, q) => {
  const mean = p.loc.div(q.scale);
  const variance = p.scale.div(q.scale).pow(2);
  const loc = q.loc.div(q.scale);
  const t1 = variance.log().mul(0.5);
  const t3 = exp(mean.neg().add(variance.mul(0.5)).add(loc));
  return t1
    .neg()
    .add(mean.sub(loc))
    .add(t3)
    .sub(0.5 * (1 + Math.log(2 * Math.PI)));
});
registerKl(Normal, Laplace, (p, q) => {
  const apart = p.loc.sub(q.loc);
  const scales = p.scale.div(q.scale);
  const ratio = apart.div(p.scale);
  const t2 = p.scale.mul(Math.sqrt(2 / Math.PI)).mul(exp(ratio.pow(2).mul(-0.5)));
  const t3 = apart.mul(erf(ratio.mul(Math.sqrt(0.5))));
  return log(scales)
    .neg()
    .add(t2.add(t3).div(q.scale))
    .sub(0.5 * (1 + Math.log(0.5 * Math.PI)));
});

registerKl(Pareto, Exponential, (p, q) => {
  const product = p.scale.mul(q.rate);
  const t1 = p.alpha.div(product).log();
  const t3 = p.alpha.mul(product).div(p.alpha.sub(1));
  const result = t1.sub(p.alpha.reciprocal()).add(t3).sub(1);
  return put(result, p.alpha.le(1), infinity);
});
registerKl(Pareto, Gamma, (p, q) => {
  const common = p.scale.log().add(p.alpha.reciprocal());
  const t1 = p.alpha.log().sub(common);
  const t2 = q.concentration.lgamma().sub(q.concentration.mul(q.rate.log()));
  const t3 = q.concentration.neg().add(1).mul(common);
  const t4 = q.rate.mul(p.alpha).mul(p.scale).div(p.alpha.sub(1));
  return put(t1.add(t2).add(t3).add(t4).sub(1), p.alpha.le(1), infinity);
});
registerKl(Pareto, Normal, (p, q) => {
  const variance = q.scale.pow(2).mul(2);
  const common = p.scale.div(p.alpha.sub(1));
  const t1 = q.scale
    .mul(Math.sqrt(2 * Math.PI))
    .mul(p.alpha)
    .div(p.scale)
    .log();
  const t3 = p.alpha.mul(common.pow(2)).div(p.alpha.sub(2));
  const t4 = p.alpha.mul(common).sub(q.loc).pow(2);
  const result = t1.sub(p.alpha.reciprocal()).add(t3.add(t4).div(variance)).sub(1);
  return put(result, p.alpha.le(2), infinity);
});

registerKl(Uniform, Beta, (p, q) => {
  const width = p.high.sub(p.low);
  const [one, zero] = [q.concentration1, q.concentration0];
  const t2 = one
    .sub(1)
    .mul(xLogX(p.high).sub(xLogX(p.low)).sub(width))
    .div(width);
  const t3 = zero
    .sub(1)
    .mul(
      xLogX(p.high.neg().add(1))
        .sub(xLogX(p.low.neg().add(1)))
        .add(width),
    )
    .div(width);
  const t4 = one.lgamma().add(zero.lgamma()).sub(one.add(zero).lgamma());
  const result = t3.add(t4).sub(log(width)).sub(t2);
  return put(result, p.high.gt(1).bitwiseOr(p.low.lt(0)), infinity);
});
registerKl(Uniform, ContinuousBernoulli, (p, q) => {
  const result = p
    .entropy()
    .neg()
    .sub(p.mean.mul(q.logits))
    .sub(log1p(q.probs.neg()))
    .sub(q.logNorm());
  return where(maximum(ge(p.high, 1), le(p.low, 0)), onesLike(result).mul(infinity), result);
});
registerKl(Uniform, Exponential, (p, q) => {
  const result = q.rate.mul(p.high.add(p.low)).div(2).sub(p.high.sub(p.low).mul(q.rate).log());
  return put(result, p.low.lt(0), infinity);
});
registerKl(Uniform, Gamma, (p, q) => {
  const width = p.high.sub(p.low);
  const t2 = q.concentration.lgamma().sub(q.concentration.mul(q.rate.log()));
  const t3 = q.concentration
    .neg()
    .add(1)
    .mul(xLogX(p.high).sub(xLogX(p.low)).sub(width))
    .div(width);
  const t4 = q.rate.mul(p.high.add(p.low)).div(2);
  const result = width.log().neg().add(t2).add(t3).add(t4);
  return put(result, p.low.lt(0), infinity);
});
registerKl(Uniform, Gumbel, (p, q) => {
  const common = q.scale.div(p.high.sub(p.low));
  const high = p.high.sub(q.loc).div(q.scale);
  const low = p.low.sub(q.loc).div(q.scale);
  const t1 = common.log().add(high.add(low).mul(0.5));
  return t1.sub(common.mul(exp(high.neg()).sub(exp(low.neg()))));
});
registerKl(Uniform, Normal, (p, q) => {
  const width = p.high.sub(p.low);
  const t1 = q.scale
    .mul(Math.sqrt(Math.PI * 2))
    .div(width)
    .log();
  const t2 = width.pow(2).div(12);
  const t3 = p.high.add(p.low).sub(q.loc.mul(2)).div(2).pow(2);
  return t1.add(t2.add(t3).mul(0.5).div(q.scale.pow(2)));
});
registerKl(Uniform, Pareto, (p, q) => {
  const width = p.high.sub(p.low);
  const t1 = q.alpha.mul(q.scale.pow(q.alpha)).mul(width).log();
  const t2 = xLogX(p.high).sub(xLogX(p.low)).sub(width).div(width);
  const result = t2.mul(q.alpha.add(1)).sub(t1);
  return put(result, p.low.lt(q.scale), infinity);
});

registerKl(Independent, Independent, (p, q) => {
  if (p.reinterpretedBatchNdims !== q.reinterpretedBatchNdims) {
    throw new TorchError('KL of different reinterpreted_batch_ndims', 'NotImplementedError');
  }
  return sumRightmost(klDivergence(p.baseDist, q.baseDist), p.reinterpretedBatchNdims);
});

registerKl(Cauchy, Cauchy, (p, q) => {
  const t1 = p.scale.add(q.scale).pow(2).add(p.loc.sub(q.loc).pow(2)).log();
  return t1.sub(p.scale.mul(4).mul(q.scale).log());
});

// Where p has values that q hasn't, the divergence is infinite.
for (const q of [Beta, ContinuousBernoulli, Pareto, Uniform] as const) {
  registerKl(Exponential, q as never, (p) => infiniteLike(p.rate));
  registerKl(Gamma, q as never, (p) => infiniteLike(p.concentration));
}
for (const q of [Beta, ContinuousBernoulli, Exponential, Gamma, Pareto, Uniform] as const) {
  registerKl(Gumbel, q as never, (p) => infiniteLike(p.loc));
  registerKl(Laplace, q as never, (p) => infiniteLike(p.loc));
  registerKl(Normal, q as never, (p) => infiniteLike(p.loc));
}
for (const q of [Beta, ContinuousBernoulli, Uniform] as const) {
  registerKl(Pareto, q as never, (p) => infiniteLike(p.scale));
}
registerKl(Beta, Pareto, (p) => infiniteLike(p.concentration1));
registerKl(ContinuousBernoulli, Pareto, (p) => infiniteLike(p.probs));
registerKl(Poisson, Bernoulli, (p) => infiniteLike(p.rate));
registerKl(Poisson, Binomial, (p) => infiniteLike(p.rate));

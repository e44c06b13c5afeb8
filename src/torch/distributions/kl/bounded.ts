/** Divergences of distributions over outcomes, whole numbers and bounded intervals. */
import { TorchError } from '../../errors';
import {
  digamma,
  exp,
  ge,
  le,
  log,
  log1p,
  maximum,
  onesLike,
  where,
} from '../../generated/functions';
import { softplus } from '../../nn/functional';
import type { Tensor } from '../../tensor';
import { Bernoulli, Geometric } from '../bernoulli';
import { Binomial } from '../binomial';
import { Categorical, OneHotCategorical } from '../categorical';
import { ContinuousBernoulli } from '../continuous-bernoulli';
import { Beta, Dirichlet } from '../dirichlet';
import type { Distribution } from '../distribution';
import { Exponential, Pareto } from '../exponential';
import { Gamma } from '../gamma';
import { Normal } from '../normal';
import { put } from '../parameters';
import { Poisson } from '../poisson';
import { Gumbel, Uniform } from '../uniform';
import { infinity, logNormalizer, registerKl, xLogX } from './registry';

const ofCategoricals = (p: Categorical, q: Categorical): Tensor => {
  const t = p.probs.mul(p.logits.sub(q.logits));
  put(t, q.probs.eq(0).expandAs(t), infinity);
  put(t, p.probs.eq(0).expandAs(t), 0);
  return t.sum(-1);
};

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

registerKl(Bernoulli, Poisson, (p, q) =>
  p.entropy().neg().sub(p.probs.mul(q.rate.log()).sub(q.rate)),
);

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

registerKl(Categorical, Categorical, ofCategoricals);

registerKl(OneHotCategorical, OneHotCategorical, (p, q) =>
  ofCategoricals(p.categorical, q.categorical),
);

registerKl(Geometric, Geometric, (p, q) =>
  p.entropy().neg().sub(log1p(q.probs.neg()).div(p.probs)).sub(q.logits),
);

registerKl(Poisson, Poisson, (p, q) =>
  p.rate.mul(p.rate.log().sub(q.rate.log())).sub(p.rate.sub(q.rate)),
);

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

const toContinuousBernoulli = (p: Distribution, q: ContinuousBernoulli): Tensor =>
  p.entropy().neg().sub(p.mean.mul(q.logits)).sub(log1p(q.probs.neg())).sub(q.logNorm());
registerKl(Beta, ContinuousBernoulli, toContinuousBernoulli);

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
  const t2 = logNormalizer(q);
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

registerKl(ContinuousBernoulli, ContinuousBernoulli, (p, q) => {
  const t1 = p.mean.mul(p.logits.sub(q.logits));
  const t2 = p.logNorm().add(log1p(p.probs.neg()));
  const t3 = q.logNorm().neg().sub(log1p(q.probs.neg()));
  return t1.add(t2).add(t3);
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

registerKl(Dirichlet, Dirichlet, (p, q) => {
  const ofP = p.concentration.sum(-1);
  const ofQ = q.concentration.sum(-1);
  const t1 = ofP.lgamma().sub(ofQ.lgamma());
  const t2 = p.concentration.lgamma().sub(q.concentration.lgamma()).sum(-1);
  const t3 = p.concentration.sub(q.concentration);
  const t4 = p.concentration.digamma().sub(ofP.digamma().unsqueeze(-1));
  return t1.sub(t2).add(t3.mul(t4).sum(-1));
});

registerKl(Uniform, Uniform, (p, q) => {
  const result = q.high.sub(q.low).div(p.high.sub(p.low)).log();
  return put(result, q.low.gt(p.low).bitwiseOr(q.high.lt(p.high)), infinity);
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
  const result = toContinuousBernoulli(p, q);
  return where(maximum(ge(p.high, 1), le(p.low, 0)), onesLike(result).mul(infinity), result);
});

registerKl(Uniform, Exponential, (p, q) => {
  const result = q.rate.mul(p.high.add(p.low)).div(2).sub(p.high.sub(p.low).mul(q.rate).log());
  return put(result, p.low.lt(0), infinity);
});

registerKl(Uniform, Gamma, (p, q) => {
  const width = p.high.sub(p.low);
  const t2 = logNormalizer(q);
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

/** Divergences of distributions over all numbers and over those from a bound on, and those that are infinite. */
import { digamma, erf, exp, fullLike, log } from '../../generated/functions';
import type { Tensor } from '../../tensor';
import { Bernoulli } from '../bernoulli';
import { Binomial } from '../binomial';
import { Cauchy } from '../cauchy';
import { ContinuousBernoulli } from '../continuous-bernoulli';
import { Beta } from '../dirichlet';
import type { Distribution } from '../distribution';
import { Exponential, Pareto } from '../exponential';
import { Gamma } from '../gamma';
import { Laplace } from '../laplace';
import { HalfNormal, Normal } from '../normal';
import { eulerConstant, put } from '../parameters';
import { Poisson } from '../poisson';
import { Gumbel, Uniform } from '../uniform';
import { infinity, logNormalizer, registerKl } from './registry';

const ofNormals = (p: Normal, q: Normal): Tensor => {
  const ratio = p.scale.div(q.scale).pow(2);
  const t1 = p.loc.sub(q.loc).div(q.scale).pow(2);
  return ratio.add(t1).sub(1).sub(ratio.log()).mul(0.5);
};

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

registerKl(Normal, Normal, ofNormals);

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

registerKl(HalfNormal, HalfNormal, (p, q) => ofNormals(p.baseDist, q.baseDist));

registerKl(Laplace, Laplace, (p, q) => {
  const ratio = p.scale.div(q.scale);
  const apart = p.loc.sub(q.loc).abs();
  const t1 = ratio.log().neg();
  const t2 = apart.div(q.scale);
  const t3 = ratio.mul(exp(apart.neg().div(p.scale)));
  return t1.add(t2).add(t3).sub(1);
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

registerKl(Cauchy, Cauchy, (p, q) => {
  const t1 = p.scale.add(q.scale).pow(2).add(p.loc.sub(q.loc).pow(2)).log();
  return t1.sub(p.scale.mul(4).mul(q.scale).log());
});

registerKl(Exponential, Exponential, (p, q) => {
  const ratio = q.rate.div(p.rate);
  return ratio.log().neg().add(ratio).sub(1);
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

registerKl(Gamma, Gamma, (p, q) => {
  const t1 = q.concentration.mul(p.rate.div(q.rate).log());
  const t2 = q.concentration.lgamma().sub(p.concentration.lgamma());
  const t3 = p.concentration.sub(q.concentration).mul(digamma(p.concentration));
  const t4 = q.rate.sub(p.rate).mul(p.concentration.div(p.rate));
  return t1.add(t2).add(t3).add(t4);
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

registerKl(Pareto, Pareto, (p, q) => {
  const scales = p.scale.div(q.scale);
  const alphas = q.alpha.div(p.alpha);
  const t1 = q.alpha.mul(scales.log());
  const result = t1.add(alphas.log().neg()).add(alphas).sub(1);
  return put(result, p.scale.lt(q.scale), infinity);
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
  const t2 = logNormalizer(q);
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

const positive = [Beta, ContinuousBernoulli, Pareto, Uniform];
const real = [Beta, ContinuousBernoulli, Exponential, Gamma, Pareto, Uniform];

/** Where p has values that q hasn't, the divergence is infinite. */
const outside = [
  [Exponential, positive],
  [Gamma, positive],
  [Gumbel, real],
  [Laplace, real],
  [Normal, real],
  [Pareto, [Beta, ContinuousBernoulli, Uniform]],
  [Beta, [Pareto]],
  [ContinuousBernoulli, [Pareto]],
  [Poisson, [Bernoulli, Binomial]],
] as const;

for (const [p, all] of outside) {
  for (const q of all)
    registerKl<Distribution, Distribution>(p, q, ({ mean }) => fullLike(mean, infinity));
}

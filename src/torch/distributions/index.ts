/** Probability distributions (`torch.distributions`). */
export { Bernoulli, Geometric, type ProbOrLogit } from './bernoulli';
export { Binomial, NegativeBinomial } from './binomial';
export {
  Categorical,
  Multinomial,
  OneHotCategorical,
  OneHotCategoricalStraightThrough,
  type ProbsOrLogits,
} from './categorical';
export { Cauchy, HalfCauchy } from './cauchy';
export { bijectTo, ConstraintRegistry, transformTo } from './constraint-registry';
export * as constraints from './constraints';
export { ContinuousBernoulli } from './continuous-bernoulli';
export { Independent, TransformedDistribution } from './derived';
export { Beta, Dirichlet } from './dirichlet';
export {
  Distribution,
  ExponentialFamily,
  type Param,
  type SampleShape,
  type Validation,
} from './distribution';
export { Exponential, Pareto, Weibull } from './exponential';
export { Chi2, Gamma, InverseGamma } from './gamma';
export { GeneralizedPareto } from './generalized-pareto';
export { klDivergence, registerKl } from './kl';
export { Laplace } from './laplace';
export { LKJCholesky } from './lkj-cholesky';
export { LowRankMultivariateNormal } from './low-rank-multivariate-normal';
export { MixtureSameFamily } from './mixture';
export { MultivariateNormal } from './multivariate-normal';
export { HalfNormal, LogisticNormal, LogNormal, Normal } from './normal';
export { Poisson } from './poisson';
export {
  ExpRelaxedCategorical,
  LogitRelaxedBernoulli,
  RelaxedBernoulli,
  RelaxedOneHotCategorical,
} from './relaxed';
export { FisherSnedecor, StudentT } from './student-t';
export * as transforms from './transforms';
export * from './transforms';
export { Gumbel, Kumaraswamy, Uniform } from './uniform';
export { VonMises } from './von-mises';
export { Wishart } from './wishart';

/** Probability distributions (`torch.distributions`). */
export {
  Categorical,
  MixtureSameFamily,
  Multinomial,
  OneHotCategorical,
  OneHotCategoricalStraightThrough,
  type ProbsOrLogits,
} from './categorical';
export { bijectTo, ConstraintRegistry, transformTo } from './constraint-registry';
export * as constraints from './constraints';
export {
  Cauchy,
  Exponential,
  GeneralizedPareto,
  Gumbel,
  HalfCauchy,
  Kumaraswamy,
  Laplace,
  Pareto,
  Uniform,
  VonMises,
  Weibull,
} from './continuous';
export { Independent, TransformedDistribution } from './derived';
export {
  Bernoulli,
  Binomial,
  Geometric,
  NegativeBinomial,
  Poisson,
  type ProbOrLogit,
} from './discrete';
export {
  Distribution,
  ExponentialFamily,
  type Param,
  type SampleShape,
  type Validation,
} from './distribution';
export { Beta, Chi2, Dirichlet, FisherSnedecor, Gamma, InverseGamma, StudentT } from './gamma';
export { klDivergence, registerKl } from './kl';
export {
  LKJCholesky,
  LowRankMultivariateNormal,
  MultivariateNormal,
  Wishart,
} from './multivariate';
export { HalfNormal, LogisticNormal, LogNormal, Normal } from './normal';
export {
  ContinuousBernoulli,
  ExpRelaxedCategorical,
  LogitRelaxedBernoulli,
  RelaxedBernoulli,
  RelaxedOneHotCategorical,
} from './relaxed';
export * as transforms from './transforms';
export * from './transforms';

/** Functions that make distributions of others (`torch.distributions.transforms`). */
export { AffineTransform } from './affine';
export {
  CorrCholeskyTransform,
  LowerCholeskyTransform,
  PositiveDefiniteTransform,
} from './cholesky';
export { ComposeTransform, identityTransform } from './compose';
export { CumulativeDistributionTransform } from './cumulative';
export {
  AbsTransform,
  ExpTransform,
  PowerTransform,
  SigmoidTransform,
  SoftplusTransform,
  TanhTransform,
} from './elementwise';
export { IndependentTransform, ReshapeTransform } from './reshape';
export { CatTransform, StackTransform } from './sequence';
export { SoftmaxTransform, StickBreakingTransform } from './simplex';
export { type CacheOptions, Transform } from './transform';

/** Learning-rate schedulers, `torch.optim.lr_scheduler`. */
export { ChainedScheduler, SequentialLR } from './composed';
export {
  CosineAnnealingLR,
  CosineAnnealingWarmRestarts,
  type CosineOptions,
  type WarmRestartsOptions,
} from './cosine';
export { CyclicLR, type CyclicOptions } from './cyclic';
export { ExponentialLR, PolynomialLR, type PolynomialOptions } from './decay';
export { LambdaLR, type LrLambda, MultiplicativeLR } from './lambda';
export type { MomentumOptions } from './momentum-cycle';
export { OneCycleLR, type OneCycleOptions } from './one-cycle';
export { type PlateauOptions, ReduceLROnPlateau } from './plateau';
export {
  LRScheduler,
  type Scheduler,
  type SchedulerOptions,
  type SchedulerStateDict,
} from './scheduler';
export { MultiStepLR, StepLR, type StepOptions } from './step';
export { ConstantLR, type ConstantOptions, LinearLR, type LinearOptions } from './warm-up';

/** `torch.nn.functional`: the layers and losses as functions of their inputs and weights. */
export { oneHot, scaledDotProductAttention } from '../../generated/nn';
export * from './activation';
export * from './classification-loss';
export * from './convolution';
export * from './distance';
export * from './dropout';
export * from './embedding';
export * from './interpolation';
export * from './linear';
export * from './margin-loss';
export * from './normalization';
export * from './padding';
export * from './pooling';
export type { LossOptions, Reduction, WeightedLossOptions } from './reduction';
export * from './regression-loss';
export * from './softmax';
export * from './unpooling';
export * from './vision';

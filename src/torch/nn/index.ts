import { notHere } from '../absent';

export * as attention from './attention';
export { Buffer } from './buffer';
export * as functional from './functional';
export * as init from './init';
export { UninitializedBuffer, UninitializedParameter } from './lazy-tensors';
export { Module } from './module';
export * from './modules/activation';
export * from './modules/adaptive-pooling';
export * from './modules/adaptive-softmax';
export {
  type AttentionCall,
  MultiheadAttention,
  type MultiheadAttentionOptions,
} from './modules/attention';
export {
  BatchNorm1d,
  BatchNorm2d,
  BatchNorm3d,
  type BatchNormOptions,
  InstanceNorm1d,
  InstanceNorm2d,
  InstanceNorm3d,
  type InstanceNormOptions,
} from './modules/batch-norm';
export * from './modules/classification-loss';
export * from './modules/container';
export * from './modules/conv';
export type { ConvOptions, ConvTransposeOptions } from './modules/conv-base';
export * from './modules/conv-transpose';
export * from './modules/distance';
export * from './modules/dropout';
export * from './modules/embedding';
export * from './modules/fractional-pooling';
export * from './modules/lazy-conv';
export * from './modules/lazy-linear';
export * from './modules/lazy-norm';
export * from './modules/linear';
export * from './modules/margin-loss';
export * from './modules/normalization';
export * from './modules/padding';
export * from './modules/parameter-container';
export * from './modules/pooling';
export * from './modules/rectifier';
export * from './modules/regression-loss';
export * from './modules/rnn';
export { RNNBase } from './modules/rnn-base';
export * from './modules/rnn-cell';
export * from './modules/shape';
export * from './modules/softmax';
export * from './modules/sync-batch-norm';
export * from './modules/transformer';
export * from './modules/transformer-decoder-layer';
export * from './modules/transformer-encoder-layer';
export type { TransformerLayerOptions } from './modules/transformer-layer';
export * from './modules/unpooling';
export * from './modules/upsampling';
export * as parallel from './parallel';
export { Parameter } from './parameter';
export type { StateDict, StateDictKeys } from './state-dict';
export * as parameter from './tensors';
export * as utils from './utils';

export const DataParallel = notHere(
  'torch.nn.DataParallel',
  'it spreads a batch over several GPUs; call the module itself, whose operators use all processors',
);

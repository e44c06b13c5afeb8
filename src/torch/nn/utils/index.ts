/** `torch.nn.utils`: what is done with parameters and sequences around modules. */
export * from './clip-grad';
export * from './convert-parameters';
export * from './fusion';
export * as parametrizations from './parametrizations';
export * as parametrize from './parametrize';
export * as prune from './prune';
export * as rnn from './rnn';
export { skipInit } from './skip-init';
export { removeSpectralNorm, spectralNorm } from './spectral-norm';
export { removeWeightNorm, weightNorm } from './weight-norm';

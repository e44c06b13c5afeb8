/** Functions that PyTorch writes in Python on top of its operators (`torch.functional`). */
export * from './broadcasting';
export { lu, pcaLowrank, svdLowrank } from './factorization';
export { type NormOptions, type NormOrder, norm } from './norm';
export { cdist, einsum, tensordot } from './products';
export {
  nonzero,
  type UniqueConsecutiveOptions,
  type UniqueOptions,
  unique,
  uniqueConsecutive,
  unravelIndex,
} from './searching';

/** `torch.utils.tensorboard`: figures, pictures and texts of a training for TensorBoard. */
export type { Bins } from './histogram';
export type { HParam, HParamDomains, Layout } from './summary';
export * from './writer';

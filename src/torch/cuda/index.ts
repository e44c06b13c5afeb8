/** NVIDIA's GPUs (`torch.cuda`). Without one every question has an answer, and use throws PyTorch's own error. */
import { notHere } from '../absent';

export * as amp from './amp';
export * from './devices';
export * from './memory';
export * as memory from './memory';
export * from './random';
export * as random from './random';
export * from './streams';
export * as streams from './streams';

export const CUDAGraph = notHere(
  'torch.cuda.CUDAGraph',
  'it records what Python calls, with memory of its own: call the model as it is',
);

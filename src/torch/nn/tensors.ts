/** `torch.nn.parameter`: the tensors that modules hold. */
export { Buffer } from './buffer';
export { isLazy, UninitializedBuffer, UninitializedParameter } from './lazy-tensors';
export { Parameter } from './parameter';

import { TorchError } from '../errors';
import { Tensor } from '../tensor';

interface VariableConstructor {
  (data: Tensor, requiresGrad?: boolean): Tensor;
  new (data: Tensor, requiresGrad?: boolean): Tensor;
  readonly prototype: Tensor;
}

/**
 * What `torch.autograd.Variable` still does now that tensors have gradients themselves: a tensor on the data's memory,
 * outside of its graph. Every tensor is an instance of it.
 */
export const Variable = function Variable(
  data: Tensor,
  requiresGrad: boolean | { requiresGrad?: boolean } = false,
): Tensor {
  if (!(data instanceof Tensor)) {
    throw new TorchError(`Variable data has to be a tensor, but got ${typeof data}`, 'TypeError');
  }
  const isWanted = typeof requiresGrad === 'object' ? requiresGrad.requiresGrad : requiresGrad;
  return data.detach().requiresGrad_(isWanted ?? false);
} as unknown as VariableConstructor;
Object.defineProperty(Variable, Symbol.hasInstance, {
  value: (value: unknown) => value instanceof Tensor,
});

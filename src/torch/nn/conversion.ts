import { device as deviceOf, isDevice } from '../device';
import { TorchError } from '../errors';
import { keep } from '../memory';
import { Tensor } from '../tensor';
import type { Device, DType } from '../types';
import type { Module } from './module';

type Target = DType | Device | { dtype?: DType; device?: Device };

function read(target: Target): { dtype?: DType; device?: Device } {
  if (isDevice(target)) return { device: deviceOf(target) };
  return typeof target === 'string' ? { dtype: target } : target;
}

/** Moves all parameters, their gradients and the buffers of a module and of those inside it. */
export function convert(root: Module, target: Target): void {
  const { dtype, device } = read(target);
  if (dtype && !/float|complex/.test(dtype)) {
    throw new TorchError(
      `nn.Module.to only accepts floating point or complex dtypes, but got desired dtype=torch.${dtype}`,
      'TypeError',
    );
  }
  const move = (tensor: Tensor): Tensor => {
    const learnable = tensor.isFloatingPoint() || tensor.isComplex();
    const options = { ...(dtype && learnable && { dtype }), ...(device && { device }) };
    return Object.keys(options).length > 0 ? (tensor.to(options as never) as Tensor) : tensor;
  };
  for (const module of root.modules()) {
    for (const [, parameter] of module.ownParameters()) {
      const { grad } = parameter;
      parameter.data = move(parameter.data);
      if (grad) grad.data = move(grad.data);
    }
    for (const property of module.bufferProperties().keys()) {
      const buffer = module.property(property);
      if (buffer instanceof Tensor) module.assign(property, keep(move(buffer)));
    }
  }
}

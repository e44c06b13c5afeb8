import { device as deviceOf, isDevice } from '../device';
import { isOptions } from '../dispatch';
import { TorchError } from '../errors';
import { keep } from '../memory';
import { Tensor } from '../tensor';
import type { MoveOptions } from '../tensor-methods';
import type { Device, DType, MemoryFormat } from '../types';
import type { Module } from './module';
import { Parameter } from './parameter';

/** How `Module.to` moves. */
export interface ModuleMoveOptions {
  /** Return at once where the copies can continue in the background. */
  nonBlocking?: boolean;
  /** For tensors of four and five dimensions. */
  memoryFormat?: MemoryFormat;
}

/** Where to and into what; null or absent for no change. */
export interface ModuleTarget extends ModuleMoveOptions {
  device?: Device | null;
  dtype?: DType | null;
}

/** The arguments of `Module.to`: a device and a dtype, one of both, or a tensor that has them, and options. */
export type ModuleMove =
  | [target: ModuleTarget]
  | [device: Device, dtype?: DType | null | ModuleTarget, options?: ModuleMoveOptions]
  | [dtype: DType, options?: ModuleMoveOptions]
  | [like: Tensor, options?: ModuleMoveOptions];

function read([first, second, third]: ModuleMove): ModuleTarget {
  if (first instanceof Tensor) {
    return { device: first.device, dtype: first.dtype, ...(second as ModuleMoveOptions) };
  }
  if (isDevice(first)) {
    const dtype = isOptions(second) ? second : { dtype: second as DType };
    return { device: deviceOf(first), ...dtype, ...third };
  }
  return typeof first === 'string' ? { dtype: first, ...(second as ModuleMoveOptions) } : first;
}

function moved(tensor: Tensor, target: MoveOptions): Tensor {
  try {
    return tensor.to(target);
  } catch (error) {
    if (!(error instanceof TorchError) || !/Cannot copy out of meta tensor/.test(error.message)) {
      throw error;
    }
    throw new TorchError(
      'Cannot copy out of meta tensor; no data! Please use torch.nn.Module.to_empty() instead of torch.nn.Module.to() when moving module from meta to a different device.',
      'NotImplementedError',
      'to',
    );
  }
}

/** Moves a parameter, which stays the same object where it can: not to the device `meta`. */
function moveParameter(
  module: Module,
  property: string,
  parameter: Parameter,
  move: (tensor: Tensor) => Tensor,
): void {
  const { grad } = parameter;
  const data = move(parameter.data);
  if (data.isMeta === parameter.isMeta) {
    parameter.data = data;
    if (grad) grad.data = move(grad.data);
    return;
  }
  const other = new Parameter(data, parameter.requiresGrad);
  if (grad) other.grad = move(grad.data);
  module.assign(property, other);
}

/** Moves all parameters, their gradients and the buffers of a module and of those inside it. */
export function convert(root: Module, args: ModuleMove): void {
  const { dtype, device, nonBlocking, memoryFormat } = read(args);
  if (dtype && !/float|complex/.test(dtype)) {
    throw new TorchError(
      `nn.Module.to only accepts floating point or complex dtypes, but got desired dtype=torch.${dtype}`,
      'TypeError',
    );
  }
  const move = (tensor: Tensor): Tensor => {
    const learnable = tensor.isFloatingPoint() || tensor.isComplex();
    const format = memoryFormat && [4, 5].includes(tensor.ndim) && { memoryFormat };
    const target = { ...(dtype && learnable && { dtype }), ...(device && { device }), ...format };
    if (Object.keys(target).length === 0) return tensor;
    return moved(tensor, { ...target, ...(nonBlocking && { nonBlocking }) });
  };
  for (const module of root.modules()) {
    for (const [property, parameter] of Object.entries(module)) {
      if (parameter instanceof Parameter) moveParameter(module, property, parameter, move);
    }
    for (const property of module.bufferProperties().keys()) {
      const buffer = module.property(property);
      if (buffer instanceof Tensor) module.assign(property, keep(move(buffer)));
    }
  }
}

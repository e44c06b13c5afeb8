import { getDefaultDtype, tensor } from './creation';
import { TorchError } from './errors';
import { empty } from './generated/functions';
import type { Element } from './nested-array';
import { Tensor as TensorClass, type TypedArray } from './tensor';
import type { DType, Nested } from './types';

// The type of all tensors, beside the value below.
export type Tensor = TensorClass;

/** Sizes, or data to copy; with or without `new`, as Python has no `new`. */
interface LegacyConstructor {
  (data: Nested<Element | Tensor> | TypedArray): Tensor;
  (...sizes: number[]): Tensor;
  new (data: Nested<Element | Tensor> | TypedArray): Tensor;
  new (...sizes: number[]): Tensor;
  readonly prototype: Tensor;
}

/** `torch.Tensor(2, 3)` is not yet written, `torch.Tensor([2, 3])` a copy of the data; whole and in one dtype. */
function construct(name: string, dtype: DType, args: readonly unknown[]): Tensor {
  const [first] = args;
  if (args.every((size) => typeof size === 'number' && Number.isInteger(size))) {
    return empty(args.length > 0 ? (args as number[]) : [0], { dtype, device: 'cpu' });
  }
  if (args.length > 1) {
    throw new TorchError(`${name}(): takes sizes, or data in one argument`, 'TypeError');
  }
  if (first instanceof TensorClass) {
    if (first.dtype === dtype) return first.alias();
    throw new TorchError(
      `${name}(): expected a tensor of ${dtype}, but got one of ${first.dtype}; use x.to('${dtype}')`,
      'TypeError',
    );
  }
  if (!Array.isArray(first) && !ArrayBuffer.isView(first)) {
    throw new TorchError(`new(): data must be a sequence (got ${typeof first})`, 'TypeError');
  }
  return tensor(first as Nested<number>, { dtype, device: 'cpu' });
}

/** A legacy class whose name gives the dtype. */
function legacy(name: string, dtypeOf: () => DType): LegacyConstructor {
  const make = (...args: unknown[]) => construct(name, dtypeOf(), args);
  return new Proxy(class {} as unknown as LegacyConstructor, {
    apply: (_, __, args) => make(...args),
    construct: (_, args) => make(...args),
    get: (target, property, receiver) =>
      property === Symbol.hasInstance
        ? (value: unknown) => value instanceof TensorClass && value.dtype === dtypeOf()
        : property === 'name'
          ? name
          : Reflect.get(target, property, receiver),
  });
}

const ofDtype = (prefix: string, dtype: DType) => legacy(`torch.${prefix}Tensor`, () => dtype);

/** `torch.FloatTensor` and its like: data in a dtype, or sizes of a tensor that is not written yet. */
export const FloatTensor = ofDtype('Float', 'float32');
export const DoubleTensor = ofDtype('Double', 'float64');
export const HalfTensor = ofDtype('Half', 'float16');
export const BFloat16Tensor = ofDtype('BFloat16', 'bfloat16');
export const LongTensor = ofDtype('Long', 'int64');
export const IntTensor = ofDtype('Int', 'int32');
export const ShortTensor = ofDtype('Short', 'int16');
export const CharTensor = ofDtype('Char', 'int8');
export const ByteTensor = ofDtype('Byte', 'uint8');
export const BoolTensor = ofDtype('Bool', 'bool');

/**
 * The class of all tensors, which also makes some, as Python's `torch.Tensor` does: `torch.Tensor(2, 3)` of
 * sizes, `torch.Tensor([2, 3])` of data, in the default dtype. In new code, prefer `torch.empty(2, 3)`
 * and `torch.tensor([2, 3])`.
 */
export const Tensor = new Proxy(TensorClass as unknown as LegacyConstructor, {
  apply: (_, __, args) => construct('torch.Tensor', getDefaultDtype(), args),
  construct: (_, args) => construct('torch.Tensor', getDefaultDtype(), args),
});

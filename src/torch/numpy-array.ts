import { isGradEnabled } from './autograd/modes';
import { TorchError } from './errors';
import { native } from './native';
import { Tensor, type TypedArray } from './tensor';
import type { DType } from './types';

/** What JavaScript has of NumPy's arrays: a typed array in row-major order, and its shape. */
export type NumpyArray = TypedArray & { readonly shape: readonly number[] };

type ArrayClass = new (buffer: ArrayBufferLike, offset?: number, length?: number) => TypedArray;

const { Float16Array: Float16 } = globalThis as { Float16Array?: ArrayClass };

const classes: Partial<Record<DType, ArrayClass | undefined>> = {
  float32: Float32Array as ArrayClass,
  float64: Float64Array as ArrayClass,
  float16: Float16,
  int8: Int8Array as ArrayClass,
  int16: Int16Array as ArrayClass,
  int32: Int32Array as ArrayClass,
  int64: BigInt64Array as ArrayClass,
  uint8: Uint8Array as ArrayClass,
  uint16: Uint16Array as ArrayClass,
  uint32: Uint32Array as ArrayClass,
  uint64: BigUint64Array as ArrayClass,
  bool: Uint8Array as ArrayClass,
  complex64: Float32Array as ArrayClass,
  complex128: Float64Array as ArrayClass,
};

const dtypes = new Map<string, DType>([
  ['Float32Array', 'float32'],
  ['Float64Array', 'float64'],
  ['Float16Array', 'float16'],
  ['Int8Array', 'int8'],
  ['Int16Array', 'int16'],
  ['Int32Array', 'int32'],
  ['BigInt64Array', 'int64'],
  ['Uint8Array', 'uint8'],
  ['Uint8ClampedArray', 'uint8'],
  ['Uint16Array', 'uint16'],
  ['Uint32Array', 'uint32'],
  ['BigUint64Array', 'uint64'],
]);

const withShape = (array: TypedArray, shape: readonly number[]): NumpyArray =>
  Object.defineProperty(array, 'shape', { value: Object.freeze([...shape]) }) as NumpyArray;

const refuse = (message: string) => new TorchError(message, 'TypeError', 'numpy');

/** `torch.Tensor.numpy`; see {@link Tensor.numpy}. */
export function toNumpy(tensor: Tensor, force = false): NumpyArray {
  if (force) return toNumpy(tensor.detach().cpu().resolveConj().resolveNeg());
  if (tensor.layout !== 'strided') {
    throw refuse(
      `can't convert ${tensor.layout} layout tensor to numpy. Use Tensor.toDense() first.`,
    );
  }
  if (tensor.device.type !== 'cpu') {
    throw refuse(
      `can't convert ${tensor.device} device type tensor to numpy. Use Tensor.cpu() to copy the tensor to host memory first.`,
    );
  }
  if (tensor.requiresGrad && isGradEnabled()) {
    throw new TorchError(
      "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.",
      'RuntimeError',
      'numpy',
    );
  }
  if (tensor.isConj() || tensor.isNeg()) {
    throw new TorchError(
      "Can't call numpy() on Tensor that has conjugate or negative bit set. Use tensor.resolveConj().resolveNeg().numpy() instead.",
      'RuntimeError',
      'numpy',
    );
  }
  const { dtype, shape } = tensor;
  const ArrayOf = classes[dtype];
  if (!ArrayOf) throw refuse(`Got unsupported ScalarType ${dtype}: use tensor.float().numpy()`);
  // JavaScript's arrays have no strides.
  const source = tensor.isContiguous() ? tensor : tensor.detach().contiguous();
  const bytes = source.numel() * source.itemsize;
  const begin = source.storageOffset() * source.itemsize;
  const buffer = native.storageBytes(source.handle, begin, bytes);
  return withShape(new ArrayOf(buffer), shape);
}

/**
 * A tensor on the memory of a typed array (`torch.from_numpy`): what is written to one is read from the other. Its
 * shape is the array's `shape` where it has one, as {@link Tensor.numpy} and others give them, or the one given; else
 * it is flat. Where the array's buffer is transferred, the tensor keeps the memory. Throws TorchError for an array that has no dtype,
 * or whose buffer can change its size.
 */
export function fromNumpy(array: TypedArray & { readonly shape?: readonly number[] }): Tensor {
  const tag = ArrayBuffer.isView(array) ? array[Symbol.toStringTag] : typeof array;
  const dtype = dtypes.get(tag as string);
  if (!dtype) {
    throw new TorchError(
      `expected np.ndarray (got ${tag}): torch.fromNumpy takes a typed array`,
      'TypeError',
      'from_numpy',
    );
  }
  const { buffer, shape = [array.length] } = array;
  const { resizable, growable } = buffer as { resizable?: boolean; growable?: boolean };
  if (resizable || growable) {
    throw new TorchError(
      'from_numpy(): the buffer can change its size; use torch.tensor(array), which copies',
      'ValueError',
      'from_numpy',
    );
  }
  if (shape.reduce((product, size) => product * size, 1) !== array.length) {
    throw new TorchError(
      `from_numpy(): the array has ${array.length} elements, which shape [${shape.join(', ')}] doesn't hold`,
      'ValueError',
      'from_numpy',
    );
  }
  return new Tensor(native.borrowArray(array, shape, dtype));
}

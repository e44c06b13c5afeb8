import { TorchError } from './errors';
import { native } from './native';
import { Tensor, type TypedArray } from './tensor';
import type { Complex, Device, DType, Nested } from './types';

type Element = number | bigint | boolean | Complex;

const dtypeOfArray: Record<string, DType> = {
  Float32Array: 'float32',
  Float64Array: 'float64',
  Int8Array: 'int8',
  Int16Array: 'int16',
  Int32Array: 'int32',
  BigInt64Array: 'int64',
  Uint8Array: 'uint8',
  Uint8ClampedArray: 'uint8',
  Uint16Array: 'uint16',
  Uint32Array: 'uint32',
  BigUint64Array: 'uint64',
};

/** The dtype of new floating tensors; `float32` unless set (`torch.get_default_dtype`). */
export const getDefaultDtype = (): DType => native.getDefaultDtype() as DType;

/**
 * Sets the dtype of new floating tensors, in all threads of the process (`torch.set_default_dtype`).
 * Throws TorchError for one that is not floating.
 */
export function setDefaultDtype(dtype: DType): void {
  if (!['float16', 'bfloat16', 'float32', 'float64'].includes(dtype)) {
    throw new TorchError(
      'only floating-point types are supported as the default type',
      'TypeError',
      'set_default_dtype',
    );
  }
  native.setDefaultDtype(dtype);
}

function shapeOf(data: unknown): number[] {
  const shape: number[] = [];
  for (let level = data; Array.isArray(level); level = level[0]) shape.push(level.length);
  return shape;
}

function flatten(data: unknown, shape: number[], depth: number, out: Element[]): void {
  if (!Array.isArray(data)) {
    if (depth !== shape.length) {
      throw new TorchError(
        `tensor(): expected a sequence of length ${shape[depth]} at dim ${depth}, got a ${typeof data}`,
        'ValueError',
        'tensor',
      );
    }
    out.push(data as Element);
    return;
  }
  if (depth === shape.length || data.length !== shape[depth]) {
    throw new TorchError(
      `tensor(): expected sequence of length ${shape[depth] ?? 0} at dim ${depth} (got ${data.length})`,
      'ValueError',
      'tensor',
    );
  }
  for (const item of data) flatten(item, shape, depth + 1, out);
}

const isComplex = (value: unknown): value is Complex =>
  typeof value === 'object' && value !== null && 're' in value && 'im' in value;

/** PyTorch's inference: any complex, else any float, else any integer, else bool. */
function inferDtype(values: readonly Element[]): DType {
  const floating = getDefaultDtype();
  let dtype: DType = values.length === 0 ? floating : 'bool';
  for (const value of values) {
    if (isComplex(value)) return floating === 'float64' ? 'complex128' : 'complex64';
    if (typeof value === 'number' && !Number.isInteger(value)) dtype = floating;
    else if (typeof value !== 'boolean' && dtype === 'bool') dtype = 'int64';
    if (!['number', 'bigint', 'boolean'].includes(typeof value)) {
      throw new TorchError(
        `tensor(): an element is ${value === null ? 'null' : `a ${typeof value}`}, not a number`,
        'TypeError',
        'tensor',
      );
    }
  }
  return dtype;
}

/** The whole numbers that a dtype holds; as in Python the smaller unsigned ones take negative numbers, too. */
const ranges: Partial<Record<DType, readonly [least: bigint, most: bigint]>> = {
  uint8: [-255n, 255n],
  int8: [-128n, 127n],
  int16: [-(2n ** 15n), 2n ** 15n - 1n],
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint16: [-(2n ** 16n), 2n ** 16n - 1n],
  uint32: [-(2n ** 32n), 2n ** 32n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
};

const real = (value: Element): number | bigint => {
  if (!isComplex(value)) return typeof value === 'boolean' ? Number(value) : value;
  throw new TorchError('tensor(): must be real number, not complex', 'TypeError', 'tensor');
};

/** A number as an element of a whole dtype: its fraction is cut off. */
function whole(value: Element, dtype: DType): bigint {
  const number = real(value);
  if (typeof number === 'bigint' || Number.isFinite(number)) {
    const result = typeof number === 'bigint' ? number : BigInt(Math.trunc(number));
    const [least, most] = ranges[dtype]!;
    if (result >= least && result <= most) return result;
  }
  throw new TorchError(
    `tensor(): value cannot be converted to type ${dtype} without overflow`,
    'RuntimeError',
    'tensor',
  );
}

function encode(values: readonly Element[], dtype: DType): ArrayBufferView {
  const small = (value: Element) => Number(whole(value, dtype));
  const large = (value: Element) => whole(value, dtype);
  const float = (value: Element) => Number(real(value));
  switch (dtype) {
    case 'float32':
      return Float32Array.from(values, float);
    case 'int64':
      return BigInt64Array.from(values, large);
    case 'uint64':
      return BigUint64Array.from(values, large);
    case 'bool':
      return Uint8Array.from(values, (value) => (float(value) !== 0 ? 1 : 0));
    case 'int32':
      return Int32Array.from(values, small);
    case 'int16':
      return Int16Array.from(values, small);
    case 'int8':
      return Int8Array.from(values, small);
    case 'uint8':
      return Uint8Array.from(values, small);
    case 'uint16':
      return Uint16Array.from(values, small);
    case 'uint32':
      return Uint32Array.from(values, small);
    case 'complex64':
    case 'complex128': {
      const pairs = values.flatMap((value) =>
        isComplex(value) ? [value.re, value.im] : [Number(value), 0],
      );
      return dtype === 'complex64' ? Float32Array.from(pairs) : Float64Array.from(pairs);
    }
    default:
      return Float64Array.from(values, float);
  }
}

const encodable = new Set<DType>([
  'float32',
  'float64',
  'int64',
  'uint64',
  'bool',
  'int32',
  'int16',
  'int8',
  'uint8',
  'uint16',
  'uint32',
  'complex64',
  'complex128',
]);

/**
 * A tensor with a copy of the data (`torch.tensor`): a number, boolean, bigint, `{ re, im }`, nested
 * arrays of them, or a typed array with an optional shape. The dtype is inferred as in PyTorch:
 * whole numbers give int64, others float32; since JavaScript can't tell 1.0 from 1, write
 * `{ dtype: 'float32' }` where it matters. Throws TorchError for ragged arrays.
 */
export function tensor(
  data: Nested<Element> | TypedArray,
  options: {
    dtype?: DType;
    device?: Device;
    requiresGrad?: boolean;
    /** Shape of a typed array's elements; flat by default. */
    shape?: readonly number[];
  } = {},
): Tensor {
  let result: Tensor;
  if (ArrayBuffer.isView(data)) {
    const dtype = dtypeOfArray[data[Symbol.toStringTag]];
    if (!dtype)
      throw new TorchError(`tensor(): ${data[Symbol.toStringTag]} has no dtype`, 'TypeError');
    result = fromBytes(data, options.shape ?? [data.length], dtype);
    if (options.dtype && options.dtype !== dtype) result = result.type(options.dtype);
  } else {
    const shape = shapeOf(data);
    const values: Element[] = [];
    flatten(data, shape, 0, values);
    const inferred = inferDtype(values);
    const dtype = options.dtype ?? inferred;
    const direct = encodable.has(dtype) ? dtype : 'float64';
    result = fromBytes(encode(values, direct), shape, direct);
    if (direct !== dtype) result = result.type(dtype);
  }
  if (options.device && options.device !== 'cpu') {
    result = result.to({ device: options.device } as never) as Tensor;
  }
  return options.requiresGrad ? result.requiresGrad_() : result;
}

/**
 * A tensor as it is where dtype and device agree, moved where they don't, and for anything else what
 * {@link tensor} makes of it (`torch.as_tensor`; data of JavaScript is copied).
 */
export function asTensor(
  data: Tensor | Nested<Element> | TypedArray,
  options: { dtype?: DType; device?: Device } = {},
): Tensor {
  if (!(data instanceof Tensor)) return tensor(data, options);
  return Object.keys(options).length > 0 ? data.to(options) : data;
}

/**
 * A vector of the bytes of a buffer, read as elements of a dtype (`torch.frombuffer`; the bytes are
 * copied).
 * @param options `count` elements from `offset` bytes on; all that follow unless given.
 */
export function frombuffer(
  buffer: ArrayBuffer | ArrayBufferView,
  options: { dtype: DType; count?: number; offset?: number; requiresGrad?: boolean },
): Tensor {
  const { dtype, count = -1, offset = 0, requiresGrad = false } = options;
  const bytes = ArrayBuffer.isView(buffer)
    ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    : new Uint8Array(buffer);
  const size = native.itemsize(native.fromBytes(new Uint8Array(0), [0], dtype));
  const left = bytes.length - offset;
  const refuse = (message: string) => new TorchError(message, 'ValueError', 'frombuffer');
  if (left <= 0) {
    throw refuse(
      `offset (${offset} bytes) must be non-negative and no greater than buffer length (${bytes.length} bytes) minus 1`,
    );
  }
  if (count < 0 && left % size !== 0) {
    throw refuse(
      `buffer length (${left} bytes) after offset (${offset} bytes) must be a multiple of element size (${size})`,
    );
  }
  const length = count < 0 ? left / size : count;
  if (length * size > left) {
    throw refuse(
      `requested buffer length (${length} * ${size} bytes) after offset (${offset} bytes) must not be greater than actual buffer length (${bytes.length} bytes)`,
    );
  }
  const result = fromBytes(bytes.slice(offset, offset + length * size), [length], dtype);
  return requiresGrad ? result.requiresGrad_() : result;
}

function fromBytes(data: ArrayBufferView, shape: readonly number[], dtype: DType): Tensor {
  try {
    return new Tensor(native.fromBytes(data, shape, dtype));
  } catch (error) {
    throw TorchError.from(error, 'tensor');
  }
}

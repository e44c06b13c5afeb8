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

const defaultDtype: DType = 'float32';

/** The dtype of new floating tensors; `float32` unless set. */
export const getDefaultDtype = (): DType => defaultDtype;

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
  let dtype: DType = values.length === 0 ? defaultDtype : 'bool';
  for (const value of values) {
    if (isComplex(value)) return defaultDtype === 'float64' ? 'complex128' : 'complex64';
    if (typeof value === 'number' && !Number.isInteger(value)) dtype = defaultDtype;
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

function encode(values: readonly Element[], dtype: DType): ArrayBufferView {
  const real = (value: Element) => (isComplex(value) ? value.re : Number(value));
  switch (dtype) {
    case 'float32':
      return Float32Array.from(values, real);
    case 'int64':
      return BigInt64Array.from(values, (value) =>
        typeof value === 'bigint' ? value : BigInt(Math.trunc(real(value))),
      );
    case 'uint64':
      return BigUint64Array.from(values, (value) => BigInt(value as number));
    case 'bool':
      return Uint8Array.from(values, (value) => (real(value) !== 0 ? 1 : 0));
    case 'int32':
      return Int32Array.from(values, real);
    case 'int16':
      return Int16Array.from(values, real);
    case 'int8':
      return Int8Array.from(values, real);
    case 'uint8':
      return Uint8Array.from(values, real);
    case 'uint16':
      return Uint16Array.from(values, real);
    case 'uint32':
      return Uint32Array.from(values, real);
    case 'complex64':
    case 'complex128': {
      const pairs = values.flatMap((value) =>
        isComplex(value) ? [value.re, value.im] : [Number(value), 0],
      );
      return dtype === 'complex64' ? Float32Array.from(pairs) : Float64Array.from(pairs);
    }
    default:
      return Float64Array.from(values, real);
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

function fromBytes(data: ArrayBufferView, shape: readonly number[], dtype: DType): Tensor {
  try {
    return new Tensor(native.fromBytes(data, shape, dtype));
  } catch (error) {
    throw TorchError.from(error, 'tensor');
  }
}

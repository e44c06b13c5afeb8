import { chosenDevice } from './default-device';
import { device as deviceNamed } from './device';
import { lookUp, operator } from './dispatch';
import { TorchError } from './errors';
import { native } from './native';
import { type Element, elementsOf, numbersOf, shapeOf } from './nested-array';
import { Tensor, type TypedArray } from './tensor';
import type { Complex, Device, DType, Nested } from './types';

const empty = lookUp('empty', ['memory_format']);
const resultType = lookUp('result_type', ['Tensor']);

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

/** Where new tensors go that are given no device, with its number (`torch.get_default_device`). */
export function getDefaultDevice(): deviceNamed {
  const chosen = chosenDevice();
  if (!chosen) return deviceNamed('cpu');
  return chosen.index === null ? tensor([]).device : chosen;
}

const isComplex = (value: unknown): value is Complex =>
  typeof value === 'object' && value !== null && 're' in value && 'im' in value;

const isFloat = (value: unknown): value is { readonly float: number } =>
  typeof value === 'object' && value !== null && 'float' in value;

/** A tensor of one element in place of a number: its value, and its dtype, which counts. */
class Item {
  constructor(
    readonly value: Element,
    readonly dtype: DType,
  ) {}
}

function itemOf(tensor: Tensor): Item {
  if (tensor.numel() !== 1) {
    throw new TorchError(
      'tensor(): only one element tensors can be converted to Python scalars',
      'ValueError',
      'tensor',
    );
  }
  return new Item(tensor.item() as Element, tensor.dtype);
}

const dtypeOfElement = (value: unknown): DType => {
  if (value instanceof Item) return value.dtype;
  if (isComplex(value)) return getDefaultDtype() === 'float64' ? 'complex128' : 'complex64';
  if (isFloat(value)) return getDefaultDtype();
  switch (typeof value) {
    case 'number':
      return Number.isInteger(value) ? 'int64' : getDefaultDtype();
    case 'bigint':
      return 'int64';
    case 'boolean':
      return 'bool';
    default:
      throw new TorchError(
        `tensor(): an element is ${value === null ? 'null' : `a ${typeof value}`}, not a number`,
        'TypeError',
        'tensor',
      );
  }
};

const promoteTypes = (a: DType, b: DType): DType => {
  const [x, y] = [a, b].map((dtype) => empty([[0], { dtype }])) as [Tensor, Tensor];
  return resultType([x, y]) as DType;
};

/** PyTorch's inference: the dtype that holds them all. */
function inferDtype(values: readonly unknown[]): DType {
  if (values.length === 0) return getDefaultDtype();
  const found = new Set(values.map(dtypeOfElement));
  return [...found].reduce((a, b) => (a === b ? a : promoteTypes(a, b)));
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

const overflow = (dtype: DType) =>
  new TorchError(
    `tensor(): value cannot be converted to type ${dtype} without overflow`,
    'RuntimeError',
    'tensor',
  );

const real = (value: Element): number | bigint => {
  if (isFloat(value)) return value.float;
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
  throw overflow(dtype);
}

/** A tensor of elements of any kind. */
function fromElements(values: readonly Element[], shape: number[], dtype: DType): Tensor {
  if (isComplexDtype(dtype)) {
    const pairs = values.flatMap((value) =>
      isComplex(value) ? [value.re, value.im] : [Number(real(value)), 0],
    );
    return fromBytes(Float64Array.from(pairs), shape, 'complex128').type(dtype);
  }
  if (dtype in ranges) {
    const wide = dtype === 'uint64' ? BigUint64Array : BigInt64Array;
    const array = (wide as typeof BigInt64Array).from(values.map((value) => whole(value, dtype)));
    return fromBytes(array, shape, dtype === 'uint64' ? 'uint64' : 'int64').type(dtype);
  }
  return fromNumbers(
    Float64Array.from(values, (value) => Number(real(value))),
    shape,
    dtype,
  );
}

const isComplexDtype = (dtype: DType) => dtype.startsWith('complex');

/** A tensor of plain numbers. */
function fromNumbers(values: Float64Array, shape: number[], dtype: DType): Tensor {
  if (dtype === 'float32') return fromBytes(new Float32Array(values), shape, dtype);
  const range = ranges[dtype];
  if (range) {
    const [least, most] = range.map(Number) as [number, number];
    for (let i = 0; i < values.length; i++) {
      const value = Math.trunc(values[i]!);
      // 2^63 is no int64, but the nearest float of the largest one.
      if (!(value >= least && value <= most) || value === 2 ** 63 || value === 2 ** 64) {
        throw overflow(dtype);
      }
    }
    if (dtype === 'uint64') return fromElements(Array.from(values), shape, dtype);
    const whole = fromBytes(values, shape, 'float64').type('int64');
    return dtype === 'int64' ? whole : whole.type(dtype);
  }
  const wide = fromBytes(values, shape, 'float64');
  return dtype === 'float64' ? wide : wide.type(dtype);
}

const allWhole = (values: Float64Array): boolean => {
  for (let i = 0; i < values.length; i++) if (!Number.isInteger(values[i]!)) return false;
  return true;
};

function fromNested(data: unknown, dtype: DType | null | undefined): Tensor {
  const shape = shapeOf(data);
  const numbers = numbersOf(data, shape);
  if (numbers) {
    const inferred = numbers.length > 0 && allWhole(numbers) ? 'int64' : getDefaultDtype();
    return fromNumbers(numbers, shape, dtype ?? inferred);
  }
  const elements = elementsOf(data, shape).map((value) =>
    value instanceof Tensor ? itemOf(value) : value,
  );
  const inferred = inferDtype(elements);
  const values = elements.map((value) => (value instanceof Item ? value.value : value) as Element);
  return fromElements(values, shape, dtype ?? inferred);
}

/**
 * A tensor with a copy of the data (`torch.tensor`): a number, boolean, bigint, `{ re, im }`, a tensor of
 * one element, nested arrays of them, or a typed array with an optional shape; of another tensor a
 * detached copy. The dtype is inferred as in PyTorch: whole numbers give int64, others float32; since
 * JavaScript can't tell 1.0 from 1, write `{ dtype: 'float32' }` or `{ float: 1 }` where it matters.
 * Throws TorchError for ragged arrays.
 */
export function tensor(
  data: Nested<Element | TypedArray | Tensor> | TypedArray,
  options: {
    dtype?: DType;
    device?: Device;
    requiresGrad?: boolean;
    /** Shape of a typed array's elements; flat by default. */
    shape?: readonly number[];
  } = {},
): Tensor {
  let result: Tensor;
  if (data instanceof Tensor) {
    result = data
      .detach()
      .clone()
      .type(options.dtype ?? data.dtype);
  } else if (ArrayBuffer.isView(data)) {
    const dtype = dtypeOfArray[data[Symbol.toStringTag]];
    if (!dtype)
      throw new TorchError(`tensor(): ${data[Symbol.toStringTag]} has no dtype`, 'TypeError');
    result = fromBytes(data, options.shape ?? [data.length], dtype);
    if (options.dtype && options.dtype !== dtype) result = result.type(options.dtype);
  } else {
    result = fromNested(data, options.dtype);
  }
  const device = options.device ?? chosenDevice();
  if (device && String(device) !== String(result.device)) result = result.to({ device });
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
  const device = options.device ?? chosenDevice() ?? undefined;
  return device || options.dtype ? data.to({ ...options, device }) : data;
}

/**
 * The same for any data (`torch.asarray`): a tensor as it is, but detached where it is in a graph or `requiresGrad` is
 * false; with `copy` always a copy. Throws TorchError where `copy` is false and one would be needed.
 */
export function asarray(
  data: Tensor | Nested<Element> | TypedArray,
  options: {
    dtype?: DType | null;
    device?: Device | null;
    copy?: boolean | null;
    requiresGrad?: boolean;
  } = {},
): Tensor {
  const { dtype, device, copy = null, requiresGrad } = options;
  const to = { ...(dtype && { dtype }), ...(device && { device }) };
  if (!(data instanceof Tensor)) {
    const made = tensor(data, to);
    return requiresGrad ? made.requiresGrad_() : made;
  }
  let result = data;
  const changes =
    (dtype && dtype !== data.dtype) || (device && deviceNamed(device) !== data.device);
  if (copy === false && changes) {
    throw new TorchError(
      `can't alias tensor with dtype '${data.dtype}' into dtype '${dtype ?? data.dtype}'.`,
      'ValueError',
      'asarray',
    );
  }
  if (changes) result = result.to(to);
  else if (copy) result = result.clone();
  if (requiresGrad) return result.isLeaf ? result.requiresGrad_() : result;
  const kept = requiresGrad === undefined && result === data && data.isLeaf;
  return kept || !result.requiresGrad ? result : result.detach();
}

const fileOperator =
  operator<(filename: string, shared: boolean | null, size: number, options: object) => Tensor>(
    'from_file',
  );

/**
 * A vector on the memory of a file (`torch.from_file`), of `size` elements; with `shared` what is written to it reaches
 * the file, which is made where there is none. Throws TorchError where the file is too short, or missing.
 */
export const fromFile = (
  filename: string,
  options: { shared?: boolean | null; size?: number; dtype?: DType } = {},
): Tensor => {
  const { shared = null, size = 0, ...rest } = options;
  return fileOperator(filename, shared, size, rest);
};

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

/** Arrays as the adapters send them: numbers in C order and a shape. */

export type Numbers = Float32Array | Float64Array | Int32Array | Uint8Array;

export interface NDArray {
  readonly shape: readonly number[];
  readonly data: Numbers;
}

const types = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  uint8: Uint8Array,
} as const;

export type DType = keyof typeof types;

export const dtypeOf = ({ data }: NDArray): DType =>
  (Object.keys(types) as DType[]).find((name) => data instanceof types[name])!;

/** An array over bytes that are aligned to its elements. */
export function fromBytes(dtype: DType, shape: readonly number[], bytes: Uint8Array): NDArray {
  const { buffer, byteOffset, byteLength } = bytes;
  const Type = types[dtype];
  const aligned = byteOffset % Type.BYTES_PER_ELEMENT === 0;
  const data = aligned
    ? new Type(buffer as ArrayBuffer, byteOffset, byteLength / Type.BYTES_PER_ELEMENT)
    : new Type(new Uint8Array(bytes).buffer);
  return { shape, data };
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((size, i) => size === b[i]);

const like = (data: Numbers, length: number): Numbers =>
  new (data.constructor as new (length: number) => Numbers)(length);

/** As NumPy's transpose: axis i of the result is axis `order[i]` of the array. */
export function transposed({ shape, data }: NDArray, order: readonly number[]): NDArray {
  const strides = shape.map((_, i) => sizeOf(shape.slice(i + 1)));
  const out = order.map((axis) => shape[axis]!);
  const step = order.map((axis) => strides[axis]!);
  const result = like(data, data.length);
  const last = out.length - 1;
  const [run, stride] = [out[last] ?? 1, step[last] ?? 1];
  const index = new Array<number>(out.length).fill(0);
  let at = 0;
  for (let i = 0; i < result.length; ) {
    for (let k = 0, from = at; k < run; k++, from += stride) result[i++] = data[from]!;
    for (let axis = last - 1; axis >= 0; axis--) {
      at += step[axis]!;
      if (++index[axis]! < out[axis]!) break;
      at -= step[axis]! * out[axis]!;
      index[axis] = 0;
    }
  }
  return { shape: out, data: result };
}

/** 0, 1, 2, … of a length; `Int32Array.from` takes ten times as long. */
export function counted(length: number): Int32Array {
  const result = new Int32Array(length);
  for (let i = 0; i < length; i++) result[i] = i;
  return result;
}

/** The order that undoes another. */
export const inverse = (order: readonly number[]): number[] =>
  order.map((_, axis) => order.indexOf(axis));

/** The same numbers under another shape, in which one size may be −1. */
export function reshaped({ shape, data }: NDArray, to: readonly number[]): NDArray {
  const known = to.filter((size) => size !== -1).reduce((a, b) => a * b, 1);
  const whole = to.map((size) => (size === -1 ? sizeOf(shape) / known : size));
  return { shape: whole, data };
}

/** `[N, H, W, C]` as `[N, C, H, W]`, for any number of axes between. */
export const channelsFirst = (x: NDArray): NDArray =>
  transposed(x, [0, x.shape.length - 1, ...x.shape.slice(2).map((_, i) => i + 1)]);

/** And back. */
export const channelsLast = (x: NDArray): NDArray =>
  transposed(x, [0, ...x.shape.slice(2).map((_, i) => i + 2), 1]);

/** Rows of the first axis, in an order. */
export function takeRows({ shape, data }: NDArray, rows: ArrayLike<number>): NDArray {
  const width = sizeOf(shape.slice(1));
  const result = like(data, rows.length * width);
  for (let i = 0; i < rows.length; i++) {
    const from = rows[i]! * width;
    result.set(data.subarray(from, from + width) as never, i * width);
  }
  return { shape: [rows.length, ...shape.slice(1)], data: result };
}

export const zeros = (shape: readonly number[]): NDArray => ({
  shape,
  data: new Float32Array(sizeOf(shape)),
});

export function magnitude({ data }: NDArray): number {
  let most = 0;
  for (let i = 0; i < data.length; i++) {
    const value = Math.abs(data[i]!);
    if (!(value <= most)) most = value;
    if (Number.isNaN(value)) return Number.NaN;
  }
  return most;
}

/** The largest difference of any element, as a share of the largest element; NaN where one is. */
export function relativeDifference(a: NDArray, b: NDArray, scale?: number): number {
  let most = 0;
  for (let i = 0; i < a.data.length; i++) {
    const value = Math.abs(a.data[i]! - b.data[i]!);
    if (Number.isNaN(value) && Object.is(a.data[i], b.data[i])) continue;
    if (!(value <= most)) most = value;
    if (Number.isNaN(value)) return Number.POSITIVE_INFINITY;
  }
  const largest = scale ?? Math.max(magnitude(a), magnitude(b));
  return most === 0 ? 0 : most / largest;
}

/** The gap between 1 and the next float32. */
export const rounding = 2 ** -23;

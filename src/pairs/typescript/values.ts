import { Tensor } from 'tandem-torch/internal';
import type { NDArray, Numbers } from '../arrays';

const plain = (data: ArrayLike<number | bigint>): Numbers =>
  data instanceof Float32Array || data instanceof Float64Array || data instanceof Int32Array
    ? data
    : data instanceof Uint8Array
      ? data
      : data instanceof BigInt64Array || data instanceof BigUint64Array
        ? Int32Array.from(data, Number)
        : Number.isInteger(data[0])
          ? Int32Array.from(data as ArrayLike<number>)
          : Float32Array.from(data as ArrayLike<number>);

/** A tensor's elements. */
export function arrayOf(tensor: Tensor): NDArray {
  const at = tensor.detach().cpu();
  const half = ['float16', 'bfloat16'].includes(at.dtype);
  const whole = (half ? at.to('float32') : at).contiguous();
  return {
    shape: [...whole.shape],
    data: plain((whole.numpy() as unknown as Float32Array).slice()),
  };
}

interface Foreign {
  readonly shape: readonly number[];
  dataSync(): Float32Array | Int32Array | Uint8Array;
}

/** What a program may export as inputs or targets: a tensor of either framework, an array, nested lists. */
export function given(value: unknown): NDArray | undefined {
  if (value instanceof Tensor) return arrayOf(value);
  if (typeof value !== 'object' || value === null) return undefined;
  if ('dataSync' in value) {
    const { shape } = value as Foreign;
    return { shape: [...shape], data: plain((value as Foreign).dataSync()) };
  }
  if (ArrayBuffer.isView(value)) {
    const data = plain(value as unknown as ArrayLike<number>);
    return { shape: [...((value as { shape?: number[] }).shape ?? [data.length])], data };
  }
  if (!Array.isArray(value)) return undefined;
  const shape: number[] = [];
  for (let at: unknown = value; Array.isArray(at); at = at[0]) shape.push(at.length);
  const flat = value.flat(Number.POSITIVE_INFINITY) as number[];
  const whole = flat.every(Number.isInteger);
  return { shape, data: whole ? Int32Array.from(flat) : Float32Array.from(flat) };
}

/** Python's spelling of a name: `maxPool2d` is `max_pool2d`. */
export const snake = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z]+)(?=[A-Z][a-z]|$)/g, '$1_$2')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase();

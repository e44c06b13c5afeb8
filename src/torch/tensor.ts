import { inspect } from 'node:util';
import { getHeapStatistics } from 'node:v8';
import { type DeviceName, device } from './device';
import { TorchError } from './errors';
import type { TensorMethods } from './generated/methods';
import { track } from './memory';
import type { PythonMethods } from './methods';
import { type Handle, native } from './native';
import type { InstalledMethods } from './tensor-methods';
import type { DType, Layout, Nested, Sizes } from './types';

/** The typed arrays that a tensor's elements come in. */
export type TypedArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array;

const arrays: Partial<Record<DType, new (buffer: ArrayBuffer) => TypedArray>> = {
  float32: Float32Array,
  float64: Float64Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  bool: Uint8Array,
  complex64: Float32Array,
  complex128: Float64Array,
};

/** ATen's names of the layouts, and PyTorch's. */
const layouts: Readonly<Record<string, Layout>> = {
  Strided: 'strided',
  Sparse: 'sparse_coo',
  SparseCsr: 'sparse_csr',
  SparseCsc: 'sparse_csc',
  SparseBsr: 'sparse_bsr',
  SparseBsc: 'sparse_bsc',
  Mkldnn: '_mkldnn',
};

// ./operators installs these on the prototype, so that this file doesn't depend on the modules behind them.
export interface Tensor extends TensorMethods, PythonMethods, InstalledMethods {}

// `structuredClone` and `postMessage` refuse the first property that they can't copy, by its text.
const uncloneable = Symbol(
  'a torch.Tensor (its memory belongs to PyTorch: copy it by x.clone(), or send torch.share(x) to another thread)',
);

/**
 * A multi-dimensional array with automatic differentiation, `torch.Tensor`. Methods have PyTorch's
 * names in camelCase and take its keyword arguments as an options object in last place:
 * `x.sum({ dim: 1, keepdim: true })`. Native memory is freed when the object is collected, at the
 * end of a `tidy`, or by `dispose`.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see above.
export class Tensor {
  /** @internal */
  readonly uncloneable: symbol = uncloneable;
  /** @internal */
  readonly handle: Handle;

  /** @internal */
  constructor(handle: Handle) {
    this.handle = handle;
    track(this);
  }

  /** Sizes of the dimensions, e.g. `[N, C, H, W]`. */
  get shape(): Sizes {
    return native.shape(this.handle) as Sizes;
  }

  size(): Sizes;
  size(dim: number): number;
  size(dim?: number): number | Sizes {
    const shape = this.shape;
    return dim === undefined ? shape : shape[checkedDim(dim, shape.length)]!;
  }

  /** Step of each dimension in the storage, in elements. */
  stride(): number[];
  stride(dim: number): number;
  stride(dim?: number): number | number[] {
    const strides = native.strides(this.handle);
    return dim === undefined ? strides : strides[checkedDim(dim, strides.length)]!;
  }

  get dtype(): DType {
    return native.dtype(this.handle) as DType;
  }
  /** Where the elements are. */
  get device(): device {
    return device(native.device(this.handle) as DeviceName);
  }
  get layout(): Layout {
    return layouts[native.layout(this.handle)]!;
  }
  /** Number of dimensions. */
  get ndim(): number {
    return native.ndim(this.handle);
  }
  dim(): number {
    return this.ndim;
  }
  /** Number of elements. */
  numel(): number {
    return native.numel(this.handle);
  }
  storageOffset(): number {
    return native.storageOffset(this.handle);
  }

  /** The tensor with its dimensions reversed. */
  get T(): Tensor {
    return this.permute(Array.from({ length: this.ndim }, (_, i) => this.ndim - 1 - i));
  }
  /** The last two dimensions transposed. */
  get mT(): Tensor {
    return this.transpose(-2, -1);
  }

  // --- Autograd ---------------------------------------------------------------------------------

  get requiresGrad(): boolean {
    return native.requiresGrad(this.handle);
  }
  set requiresGrad(value: boolean) {
    this.requiresGrad_(value);
  }
  /** Switches the recording of operations on a leaf tensor. */
  requiresGrad_(value = true): this {
    native.setRequiresGrad(this.handle, value);
    return this;
  }
  /** The gradient that `backward` has accumulated, of this tensor's shape; null before. */
  get grad(): Tensor | null {
    const handle = native.getGrad(this.handle);
    return handle && new Tensor(handle);
  }
  set grad(gradient: Tensor | null) {
    native.setGrad(this.handle, gradient?.handle ?? null);
  }
  get isLeaf(): boolean {
    return native.isLeaf(this.handle);
  }
  /** Keeps `grad` also for a tensor that is not a leaf. */
  retainGrad(): void {
    native.retainGrad(this.handle);
  }
  /** Whether {@link retainGrad} was called on this tensor, which is not a leaf. */
  get retainsGrad(): boolean {
    return native.retainsGrad(this.handle);
  }
  /** The same storage outside the graph; autograd does not notice when it is changed in place. */
  get data(): Tensor {
    return new Tensor(native.getData(this.handle));
  }
  set data(other: Tensor) {
    native.setData(this.handle, other.handle);
  }
  /** How often the tensor was changed in place. */
  get _version(): number {
    return native.version(this.handle);
  }

  // --- Values -----------------------------------------------------------------------------------

  /**
   * The only element, as a number (a bigint beyond 2^53), boolean or `{ re, im }`. Throws TorchError
   * where there is not exactly one.
   */
  item(): number {
    return native.item(this.handle) as number;
  }

  /**
   * A copy of the elements in row-major order, in the typed array of the dtype: int64 as
   * BigInt64Array, bool as Uint8Array, complex as pairs; 8- and 16-bit floats become float32. Throws
   * TorchError (OutOfMemoryError) where JavaScript has no room for that many.
   */
  toTypedArray(): TypedArray {
    const TypedArrayOf = arrays[this.dtype];
    if (TypedArrayOf) return new TypedArrayOf(bytesOf(this.handle));
    const wide = this.detach().to(this.dtype === 'complex32' ? 'complex64' : 'float32');
    const result = new Float32Array(bytesOf(wide.handle));
    wide.dispose();
    return result;
  }

  /**
   * The elements as nested JavaScript arrays, `torch.Tensor.tolist`; a number for a tensor without
   * dimensions. int64 comes as numbers; `{ bigint: true }` gives bigints. Throws TorchError
   * (OutOfMemoryError) where JavaScript has no room for that many.
   */
  toArray<T = number>(options: { bigint?: boolean } = {}): Nested<T> {
    checkRoom(this.numel());
    const flat = this.toTypedArray();
    const dtype = this.dtype;
    const values: unknown[] = dtype.startsWith('complex')
      ? Array.from({ length: flat.length / 2 }, (_, i) => ({
          re: flat[2 * i],
          im: flat[2 * i + 1],
        }))
      : dtype === 'bool'
        ? Array.from(flat as Uint8Array, (v) => v !== 0)
        : dtype.endsWith('int64') && !options.bigint
          ? Array.from(flat as BigInt64Array, Number)
          : Array.from<unknown>(flat as never);
    return nest(values, this.shape) as Nested<T>;
  }

  /** The same as `toArray`. */
  tolist<T = number>(options?: { bigint?: boolean }): Nested<T> {
    return this.toArray(options);
  }

  /** The sub-tensors along the first dimension. */
  *[Symbol.iterator](): Iterator<Tensor> {
    if (this.ndim === 0) throw new TorchError('iteration over a 0-d tensor', 'TypeError');
    yield* this.unbind(0);
  }

  /** The address of the first element (`torch.Tensor.data_ptr`). */
  dataPtr(): number | bigint {
    return native.dataPtr(this.handle);
  }
  /** Which of its node's results this is (`torch.Tensor.output_nr`). */
  get outputNr(): number {
    return native.outputNr(this.handle);
  }

  // --- Memory -----------------------------------------------------------------------------------

  /** Frees the native tensor at once; any later use throws a TorchError. */
  dispose(): void {
    native.dispose(this.handle);
  }
  get isDisposed(): boolean {
    return native.isDisposed(this.handle);
  }
  [Symbol.dispose](): void {
    this.dispose();
  }
  /** As Python has it for other processes: threads share all memory, so that this does nothing. See `torch.share`. */
  shareMemory_(): this {
    return this;
  }
  /** Whether other threads may have the same memory, which is so for each tensor here (`torch.Tensor.is_shared`). */
  isShared(): boolean {
    return true;
  }
  /** Whether two objects stand for one tensor. */
  is(other: Tensor): boolean {
    return native.isSame(this.handle, other.handle);
  }

  // --- Moves ------------------------------------------------------------------------------------

  /** To another dtype, `x.type('float64')`, or without an argument this one's. */
  type(): DType;
  type(dtype: DType): Tensor;
  type(dtype?: DType): DType | Tensor {
    return dtype ? this.to(dtype) : this.dtype;
  }
  cpu(): Tensor {
    return this.to('cpu');
  }

  [inspect.custom](): string {
    return this.isDisposed ? 'Tensor (disposed)' : this.toString();
  }

  /**
   * What `JSON.stringify` and snapshots write. Whole numbers that JavaScript's can't hold come as texts;
   * `torch.tensor(values, { dtype })` makes the tensor again.
   */
  get toJSON(): () => { dtype: DType; shape: number[]; device: string; values: unknown } {
    // Bound, since Jest shows what differs by copies that have no native tensor: see `teachExpect`.
    return () => {
      const { dtype, shape } = this;
      const dense = this.layout === 'strided' ? this : this.toDense();
      const values = this.isMeta ? null : exact(dense.toArray({ bigint: true }));
      return { dtype, shape, device: String(this.device), values };
    };
  }
}

/** Bigints as numbers where these are exact, else as texts. */
function exact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(exact);
  if (typeof value !== 'bigint') return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}

/** Whether a value is a tensor (`torch.is_tensor`). */
export const isTensor = (value: unknown): value is Tensor => value instanceof Tensor;

/** Number of elements (`torch.numel`). */
export const numel = (input: Tensor): number => input.numel();

const tooLarge = (what: string, op: string) =>
  new TorchError(`${op}(): JavaScript has no room for ${what}`, 'OutOfMemoryError', op);

/** Throws where so many numbers in arrays would end the process: V8's heap takes 16 bytes for each at most. */
function checkRoom(count: number): void {
  if (count < 1e6) return;
  const { heap_size_limit: limit, used_heap_size: used } = getHeapStatistics();
  if (count > longestArray || 16 * count > limit - used)
    throw tooLarge(`${count} numbers`, 'toArray');
}

/** V8 ends the process where an array of numbers grows beyond this. */
const longestArray = 2 ** 26;

/** A copy of a tensor's elements. */
function bytesOf(handle: Handle): ArrayBuffer {
  const length = native.byteLength(handle);
  let buffer: ArrayBuffer;
  try {
    buffer = new ArrayBuffer(length);
  } catch {
    throw tooLarge(`an array of ${length} bytes`, 'toTypedArray');
  }
  native.copyBytes(handle, buffer);
  return buffer;
}

function checkedDim(dim: number, count: number): number {
  const index = dim < 0 ? dim + count : dim;
  if (index < 0 || index >= count) {
    throw new TorchError(
      `Dimension out of range (expected to be in range of [${-count}, ${count - 1}], but got ${dim})`,
      'IndexError',
    );
  }
  return index;
}

function nest(values: unknown[], shape: number[]): unknown {
  if (shape.length === 0) return values[0];
  if (shape.length === 1) return values;
  const [count, ...rest] = shape as [number, ...number[]];
  const size = values.length / (count || 1);
  return Array.from({ length: count }, (_, i) =>
    nest(values.slice(i * size, (i + 1) * size), rest),
  );
}

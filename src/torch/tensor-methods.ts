import { type BackwardOptions, backward } from './autograd/engine';
import { GraphNode } from './autograd/graph-node';
import {
  type PostAccumulateGradHook,
  registerHook,
  registerPostAccumulateGradHook,
  type TensorHook,
} from './autograd/hooks';
import { isDevice } from './device';
import { isOptions, lookUp } from './dispatch';
import { signature } from './equality';
import { getIndex, setIndex } from './indexing';
import { native } from './native';
import { type NumpyArray, toNumpy } from './numpy-array';
import type { RemovableHandle } from './removable-handle';
import { Tensor } from './tensor';
import { format } from './tensor-string';
import type { Device, DType, Index, MemoryFormat, Scalar } from './types';

/** Options of `Tensor.to`. */
export interface MoveOptions {
  /** Return at once if the copy can continue in the background. */
  nonBlocking?: boolean;
  /** Copy even if nothing changes. */
  copy?: boolean;
  memoryFormat?: MemoryFormat | null;
}

/** The methods of a tensor that need autograd, the dispatcher, indexing or printing. */
export interface InstalledMethods {
  /** The node of the operation that made this tensor, which prints as `<AddBackward0>`; null for a leaf. */
  readonly gradFn: GraphNode | null;
  /**
   * Calls `hook` with the gradient of this tensor whenever it is computed; what it returns, if
   * anything, replaces the gradient. Throws TorchError if the tensor requires no gradient.
   */
  registerHook(hook: TensorHook): RemovableHandle;
  /**
   * Calls `hook` with this tensor, a leaf, whenever its `grad` has been added to: an optimizer may
   * step there and drop the gradient at once.
   */
  registerPostAccumulateGradHook(hook: PostAccumulateGradHook): RemovableHandle;
  /**
   * Adds the gradients of this tensor to the `grad` of the leaves behind it
   * (`torch.Tensor.backward`). Throws TorchError if this is not a scalar and no gradient is given,
   * or if the graph has been freed by an earlier call.
   */
  backward(gradient?: Tensor | BackwardOptions | null, options?: BackwardOptions): void;
  /**
   * The elements as JavaScript's typed array, which shares the tensor's memory as Python's does (`torch.Tensor.numpy`),
   * with the tensor's sizes as its `shape`: bool comes as Uint8Array, complex as pairs. If the elements are not
   * in row-major order it is a copy, as typed arrays have no strides.
   * @param options `force` for a tensor that requires gradients, is not on the CPU, or is a view of conjugates.
   * Throws TorchError with PyTorch's message for these otherwise, and for dtypes that JavaScript has no arrays of.
   */
  numpy(options?: { force?: boolean }): NumpyArray;
  /**
   * A part of the tensor, as Python's `x[…]`: `x.index(0)`, `x.index('1:3, ..., None')`,
   * `x.index(x.gt(0))`, `x.index(slice(1, 3), [0, 2])`; see {@link Index}. Numbers and slices give a
   * view, tensors, lists and masks a copy. Throws TorchError (IndexError) for an index out of bounds.
   */
  index(...indices: Index[]): Tensor;
  /**
   * Assigns to a part of the tensor, as Python's `x[…] = value`: `x.indexSet(0, 1)`,
   * `x.indexSet('1:3, 0', y)`, `x.indexSet(x.lt(0), 0)`. A list stands for several indices, as in
   * `x.indexSet([0, slice(2)], y)`; a list of indices in one dimension goes inside it, `[[0, 2]]`.
   */
  indexSet(indices: Index | Index[], value: Tensor | Scalar): this;
  /**
   * To a dtype, a device, or those of another tensor: `x.to('float64')`, `x.to('meta')`, `x.to(y)`,
   * `x.to({ device: 'cpu', dtype: 'int64' })`. The tensor itself if nothing changes.
   */
  to(dtype: DType, options?: MoveOptions): Tensor;
  to(device: Device, options?: MoveOptions & { dtype?: DType }): Tensor;
  to(device: Device, dtype: DType, options?: MoveOptions): Tensor;
  to(other: Tensor, options?: MoveOptions): Tensor;
  to(options: MoveOptions & { dtype?: DType | null; device?: Device | null }): Tensor;
  /** The tensor as PyTorch prints it. */
  toString(): string;
  /** Node's assert and inspector, Jest and Vitest compare objects by this: tensors by their whole content. */
  readonly [Symbol.toStringTag]: string;
}

const toOverloads = lookUp('to', ['dtype', 'device', 'other', 'dtype_layout']);

/** `to` with a device first, where dtype, nonBlocking and copy may follow by position. */
function toDevice(self: Tensor, [device, ...rest]: unknown[]): unknown {
  const options = isOptions(rest.at(-1)) ? (rest.pop() as object) : {};
  const dtype = typeof rest[0] === 'string' ? rest.shift() : undefined;
  const [nonBlocking, copy] = rest;
  return toOverloads([self, { device, dtype, nonBlocking, copy, ...options }]);
}

const implementations: ThisType<Tensor> = {
  get gradFn(): GraphNode | null {
    return GraphNode.of(native.gradFn(this.handle));
  },
  registerHook(hook: TensorHook) {
    return registerHook(this, hook);
  },
  registerPostAccumulateGradHook(hook: PostAccumulateGradHook) {
    return registerPostAccumulateGradHook(this, hook);
  },
  backward(gradient?: Tensor | BackwardOptions | null, options: BackwardOptions = {}) {
    const { gradient: gradTensors, ...rest } =
      gradient instanceof Tensor ? { ...options, gradient } : (gradient ?? options);
    backward(this, { ...rest, gradTensors });
  },
  numpy(options: { force?: boolean } = {}) {
    return toNumpy(this, options.force);
  },
  index(...indices: Index[]) {
    return getIndex(this, indices);
  },
  indexSet(indices: Index | Index[], value: Tensor | Scalar) {
    setIndex(this, Array.isArray(indices) ? (indices as Index[]) : [indices as Index], value);
    return this;
  },
  to(...args: unknown[]) {
    return isDevice(args[0]) ? toDevice(this, args) : toOverloads([this, ...args]);
  },
  toString() {
    return format(this);
  },
  get [Symbol.toStringTag]() {
    return `Tensor ${signature(this)}`;
  },
};

/** The properties to define on `Tensor.prototype`. */
export const installedMethods = Object.getOwnPropertyDescriptors(implementations);

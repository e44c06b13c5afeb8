import { tensor } from './creation';
import { device as deviceOf } from './device';
import { operator } from './dispatch';
import {
  lu,
  type NormOptions,
  type NormOrder,
  nonzero,
  norm,
  type UniqueConsecutiveOptions,
  type UniqueOptions,
  unique,
  uniqueConsecutive,
} from './functional';
import { native } from './native';
import type { Stream } from './streams';
import type { Tensor } from './tensor';
import type { MoveOptions } from './tensor-methods';
import type { Device, DType, MemoryFormat, Nested } from './types';

/** To another dtype; the tensor itself where nothing changes. */
type Conversion = (options?: { memoryFormat?: MemoryFormat }) => Tensor;

const pin = operator<(self: Tensor, device?: Device | null) => Tensor>('pin_memory', ['']);

type Yes<Flag extends string> = { [K in Flag]: true };

/** The methods and attributes of a tensor that PyTorch writes by hand in Python. */
export interface PythonMethods {
  float: Conversion;
  double: Conversion;
  half: Conversion;
  bfloat16: Conversion;
  long: Conversion;
  int: Conversion;
  short: Conversion;
  char: Conversion;
  byte: Conversion;
  bool: Conversion;
  /** To complex64. */
  cfloat: Conversion;
  /** To complex128. */
  cdouble: Conversion;
  unique(options: UniqueOptions & Yes<'returnInverse' | 'returnCounts'>): [Tensor, Tensor, Tensor];
  unique(options: UniqueOptions & Yes<'returnInverse'>): [values: Tensor, inverse: Tensor];
  unique(options: UniqueOptions & Yes<'returnCounts'>): [values: Tensor, counts: Tensor];
  /** The distinct elements, or slices along a dimension (`torch.unique`). */
  unique(options?: UniqueOptions): Tensor;
  uniqueConsecutive(
    options: UniqueConsecutiveOptions & Yes<'returnInverse' | 'returnCounts'>,
  ): [Tensor, Tensor, Tensor];
  uniqueConsecutive(options: UniqueConsecutiveOptions & Yes<'returnInverse'>): [Tensor, Tensor];
  uniqueConsecutive(options: UniqueConsecutiveOptions & Yes<'returnCounts'>): [Tensor, Tensor];
  /** One element of each run of equal ones (`torch.unique_consecutive`). */
  uniqueConsecutive(options?: UniqueConsecutiveOptions): Tensor;
  nonzero(options: { asTuple: true }): Tensor[];
  /** The indices of all elements that are not zero, int64 `[count, dimensions]` (`torch.nonzero`). */
  nonzero(options?: { asTuple?: false }): Tensor;
  norm(
    p?: NormOrder | null,
    dim?: number | readonly number[] | null,
    keepdim?: boolean,
    options?: { dtype?: DType | null },
  ): Tensor;
  norm(p: NormOrder | null, options: Omit<NormOptions, 'p' | 'out'>): Tensor;
  /** The norm over some or all dimensions (`torch.norm`). */
  norm(options: Omit<NormOptions, 'out'>): Tensor;
  lu(options: { pivot?: boolean; getInfos: true }): [Tensor, Tensor, Tensor];
  /** The LU factorization and its pivots (`torch.lu`). */
  lu(options?: { pivot?: boolean; getInfos?: false }): [Tensor, Tensor];

  /** A new tensor of this one's dtype and device with a copy of the data (`torch.Tensor.new_tensor`). */
  newTensor(
    data: Nested<number | bigint | boolean>,
    options?: { dtype?: DType; device?: Device; requiresGrad?: boolean },
  ): Tensor;
  /** Changes each element to what `fn` makes of it, slowly (`torch.Tensor.apply_`). */
  apply_(fn: (value: number) => number): this;
  /** Changes each element to what `fn` makes of it and the other's, slowly (`torch.Tensor.map_`). */
  map_(other: Tensor, fn: (value: number, other: number) => number): this;

  /** The same with two others (`torch.Tensor.map2_`). */
  map2_(x: Tensor, y: Tensor, fn: (value: number, x: number, y: number) => number): this;
  /** The tensor in coordinates and values (`torch.Tensor.to_sparse_coo`). */
  toSparseCoo(): Tensor;

  /** The matrix transposed and conjugated. */
  readonly H: Tensor;
  /** The last two dimensions transposed and conjugated. */
  readonly mH: Tensor;
  /** The real parts, a view; the tensor itself where it is real. */
  readonly real: Tensor;
  /** The imaginary parts, a view. Throws TorchError for a real tensor. */
  readonly imag: Tensor;
  /** Bytes of an element. */
  readonly itemsize: number;
  /** Bytes of all elements. */
  readonly nbytes: number;
  elementSize(): number;
  nelement(): number;
  ndimension(): number;
  /** Whether the elements lie in the order of a memory format, `'contiguous_format'` by default. */
  isContiguous(options?: { memoryFormat?: MemoryFormat }): boolean;
  readonly isSparse: boolean;
  readonly isCuda: boolean;
  readonly isMeta: boolean;
  readonly isCpu: boolean;
  readonly isMps: boolean;
  readonly isXpu: boolean;
  readonly isSparseCsr: boolean;
  readonly isQuantized: boolean;
  /** To a GPU, by default the current one. Throws TorchError if there is none. */
  cuda(device?: Device | number | null, options?: MoveOptions): Tensor;
  /** The number of its GPU, -1 on the CPU (`torch.Tensor.get_device`). */
  getDevice(): number;
  /** Keeps its memory from being given out again until a stream's work of now has ended. */
  recordStream(stream: Stream): void;
}

const conversions = {
  float: 'float32',
  double: 'float64',
  half: 'float16',
  bfloat16: 'bfloat16',
  long: 'int64',
  int: 'int32',
  short: 'int16',
  char: 'int8',
  byte: 'uint8',
  bool: 'bool',
  cfloat: 'complex64',
  cdouble: 'complex128',
} as const satisfies Record<string, DType>;

type Implementation = (self: Tensor, ...args: never[]) => unknown;

const functions = { unique, uniqueConsecutive, nonzero, norm, lu } as unknown as Record<
  string,
  Implementation
>;

const view = (name: string) => operator<(self: Tensor) => Tensor>(name, ['']);

/** Attributes, computed at each look. */
export const attributes: Record<string, (self: Tensor) => unknown> = {
  H: view('matrix_H'),
  mH: view('mH'),
  real: (self) => (self.isComplex() ? view('real')(self) : self),
  imag: view('imag'),
  itemsize: (self) => native.itemsize(self.handle),
  nbytes: (self) => self.numel() * self.itemsize,
  isSparse: (self) => self.layout === 'sparse_coo',
  isCuda: (self) => self.device.type === 'cuda',
  isMeta: (self) => self.device.type === 'meta',
  isCpu: (self) => self.device.type === 'cpu',
  isMps: (self) => self.device.type === 'mps',
  isXpu: (self) => self.device.type === 'xpu',
  isSparseCsr: (self) => self.layout === 'sparse_csr',
  isQuantized: (self) => self.dtype.startsWith('q'),
};

const ownMethods: Record<string, Implementation> = {
  elementSize: (self) => self.itemsize,
  nelement: (self) => self.numel(),
  ndimension: (self) => self.ndim,
  isContiguous: (self, { memoryFormat = 'contiguous_format' }: { memoryFormat?: string } = {}) =>
    native.isContiguous(self.handle, memoryFormat),
  cuda: (self, device: Device | number | null = 'cuda', options: MoveOptions = {}) =>
    self.to(deviceOf(device ?? 'cuda'), options),
  getDevice: (self) => self.device.index ?? -1,
  pinMemory: (self, device?: Device | null) => {
    if (native.hasCuda()) native.initDevice('cuda');
    return pin(self, device);
  },
  recordStream: (self, stream: Stream) => native.recordStream(self.handle, ...stream.parts),
  newTensor: (self, data: Nested<number>, options: object = {}) =>
    tensor(data, { dtype: self.dtype, device: self.device, ...options }),
  apply_: (self, fn: (value: number) => number) => self.map_(self, fn),
  map_: (self, other: Tensor, fn: (value: number, other: number) => number) => {
    const others = flat(other.expandAs(self));
    const values = flat(self).map((value, i) => fn(value, others[i]!));
    return self.copy_(tensor(values, { dtype: self.dtype }).view(self.shape));
  },
  map2_: (self, x: Tensor, y: Tensor, fn: (value: number, x: number, y: number) => number) => {
    const [xs, ys] = [flat(x.expandAs(self)), flat(y.expandAs(self))];
    const values = flat(self).map((value, i) => fn(value, xs[i]!, ys[i]!));
    return self.copy_(tensor(values, { dtype: self.dtype }).view(self.shape));
  },
  toSparseCoo: (self) => self.toSparse(),
};

/** All elements in row-major order. */
const flat = (x: Tensor): number[] => x.reshape(-1).toArray() as number[];

const converters = Object.entries(conversions).map(([name, dtype]): [string, Implementation] => [
  name,
  (self, options?: { memoryFormat?: MemoryFormat }) =>
    options ? self.to(dtype, options) : self.to(dtype),
]);

/** Each method as a function of the tensor and its arguments. */
export const methods: Record<string, Implementation> = {
  ...functions,
  ...ownMethods,
  ...Object.fromEntries(converters),
};

import * as torch from 'tandem-torch';
import type { Frame, Written, WrittenObject, WrittenTensor } from './frames';

const { Tensor } = torch;

/** A Python value without a TypeScript counterpart. */
export class Unsupported extends Error {}

/** A Python tuple, which as an index is several indices, while a list is one. */
export class Tuple extends Array<unknown> {}

/** The arguments of one call, rebuilt; tensors that require gradients are gathered in `leaves`. */
export class Arguments {
  readonly leaves: torch.Tensor[] = [];
  /** One tensor for each storage, so that views of one storage share it here too. */
  private readonly storages = new Map<number, torch.Tensor>();

  constructor(
    private readonly bytes: Frame['bytes'],
    /** Whether Python's `2.0` must stay a float, as in operators whose result dtype depends on it. */
    private readonly exactFloats: boolean,
  ) {}

  read(value: Written): unknown {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((item) => this.read(item));
    const object = value as WrittenObject;
    if ('tensor' in object) return this.tensor(object.tensor as WrittenTensor);
    if ('tuple' in object) {
      return Tuple.from(object.tuple as Written[], (item) => this.read(item));
    }
    if ('float' in object) return this.float(floatOf(object.float));
    if ('bigint' in object) return BigInt(object.bigint as string);
    if ('complex' in object) {
      const [re, im] = (object.complex as WrittenObject[]).map((part) => floatOf(part.float));
      return { re, im };
    }
    if ('slice' in object) {
      const [start, stop, step] = object.slice as (number | null)[];
      return torch.slice(start!, stop!, step);
    }
    if ('ellipsis' in object) return torch.ellipsis;
    if ('named' in object) return this.options(object.named as Record<string, Written>);
    if (object.object === 'PairwiseDistance') return torch.nn.functional.pairwiseDistance;
    throw new Unsupported(`Python's ${object.object} has no counterpart`);
  }

  options(named: Readonly<Record<string, Written>>): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(named).map(([name, value]) => [camel(name), this.read(value)]),
    );
  }

  private float(value: number): unknown {
    return this.exactFloats && Number.isInteger(value) ? { float: value } : value;
  }

  private tensor(written: WrittenTensor): torch.Tensor {
    const tensor = written.csr ? this.sparse(written) : this.strided(written);
    if (written.grad) this.leaves.push(tensor.requiresGrad_());
    return tensor;
  }

  private sparse({ csr, shape }: WrittenTensor): torch.Tensor {
    const [rows, columns, values] = csr!.map((part) => this.tensor(part.tensor));
    return torch.sparseCsrTensor(rows!, columns!, values!, shape);
  }

  private strided(written: WrittenTensor): torch.Tensor {
    const { dtype, shape, strides, offset, data, meta, device } = written;
    const options = { dtype: dtype as torch.DType };
    if (meta) return torch.emptyStrided(shape, strides!, { ...options, device: 'meta' });
    const [start, length] = data!;
    let storage = this.storages.get(start);
    if (!storage) {
      const bytes = this.bytes.subarray(start, start + length);
      storage = length === 0 ? torch.empty([0], options) : torch.frombuffer(bytes, options);
      if (device) storage = storage.to(device as torch.Device);
      this.storages.set(start, storage);
    }
    return storage.asStrided(shape, strides!, offset!);
  }
}

/** A Python float; JSON has no infinity. */
const floatOf = (written: unknown): number => Number(String(written).replace('inf', 'Infinity'));

/** A Python name in camelCase; leading and trailing underscores stay. */
export const camel = (name: string): string =>
  name.replace(/(?<=.)_(?=.)(.)/g, (_, letter: string) => letter.toUpperCase());

/** The bytes of a tensor's elements in row-major order. */
function elements(tensor: torch.Tensor): Buffer {
  const plain = tensor.detach().resolveConj().resolveNeg();
  // Formats that JavaScript lacks are compared as integers of their bits.
  const bits = { float16: 'int16', bfloat16: 'int16', complex32: 'int32' } as const;
  const size = bits[plain.dtype as keyof typeof bits];
  const { buffer, byteOffset, byteLength } = (
    size ? plain.contiguous().view(size) : plain
  ).toTypedArray();
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
}

const list = (values: readonly unknown[]) => `[${values.join(', ')}]`;

/** The difference between our value and Python's, in a line; null if there is none. */
export function difference(ours: unknown, python: Written, bytes: Buffer): string | null {
  if (Array.isArray(python)) {
    if (!Array.isArray(ours)) return `${kindOf(ours)} instead of a list`;
    if (ours.length !== python.length) return `${ours.length} results instead of ${python.length}`;
    for (const [i, item] of python.entries()) {
      const found = difference(ours[i], item, bytes);
      if (found) return `result ${i}: ${found}`;
    }
    return null;
  }
  if (typeof python === 'object' && python !== null) {
    const object = python as WrittenObject;
    if ('tensor' in object) return tensorDifference(ours, object.tensor as WrittenTensor, bytes);
    if ('float' in object) return same(ours, floatOf(object.float));
    if ('bigint' in object) return same(ours, BigInt(object.bigint as string));
    return `Python's ${JSON.stringify(python)} has no counterpart`;
  }
  return same(ours ?? null, python);
}

const same = (ours: unknown, python: unknown): string | null =>
  Object.is(ours, python) ? null : `${String(ours)} instead of ${String(python)}`;

const kindOf = (value: unknown): string => (value instanceof Tensor ? 'a tensor' : typeof value);

function tensorDifference(ours: unknown, python: WrittenTensor, bytes: Buffer): string | null {
  if (!(ours instanceof Tensor)) return `${kindOf(ours)} instead of a tensor`;
  if (ours.dtype !== python.dtype) return `${ours.dtype} instead of ${python.dtype}`;
  const { device = String(ours.isMeta ? ours.device : 'cpu') } = python;
  if (String(ours.device) !== device) return `on ${ours.device} instead of ${device}`;
  const about = { shape: ours.shape, strides: python.strides && ours.stride() };
  for (const name of ['shape', 'strides'] as const) {
    if (python[name] && list(about[name]!) !== list(python[name])) {
      return `${name} ${list(about[name]!)} instead of ${list(python[name])}`;
    }
  }
  if (ours.layout !== python.layout) return `layout ${ours.layout} instead of ${python.layout}`;
  if (python.parts) return difference(partsOf(ours), python.parts, bytes);
  if (!python.data) return null;
  const [start, length] = python.data;
  const differs = firstDifference(elements(ours), bytes.subarray(start, start + length));
  return differs < 0 ? null : `other bits from byte ${differs} of ${length}`;
}

function firstDifference(ours: Buffer, python: Buffer): number {
  if (ours.equals(python)) return -1;
  const at = python.findIndex((byte, i) => byte !== ours[i]);
  return at < 0 ? python.length : at;
}

function partsOf(sparse: torch.Tensor): torch.Tensor[] {
  const { aten } = torch.ops;
  return sparse.layout === 'sparse_coo'
    ? [aten._indices(sparse), aten._values(sparse)]
    : [aten.crow_indices(sparse), aten.col_indices(sparse), aten.values(sparse)];
}

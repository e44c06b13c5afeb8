import { noGrad } from '../autograd';
import { TorchError } from '../errors';
import { empty } from '../generated/functions';
import { native } from '../native';
import { Tensor } from '../tensor';
import { type ByteSink, MemorySink, writeWhole } from './byte-sink';
import { type ByteSource, openSource } from './byte-source';
import {
  formatDTypes,
  type Header,
  invalid,
  longestHeader,
  parseHeader,
  type TensorInfo,
} from './safetensors-header';
import { storageParts } from './tensor-bytes';
import { itemSize } from './values';

/** Tensors by name. */
export type Tensors = ReadonlyMap<string, Tensor> | Readonly<Record<string, Tensor>>;

export interface SaveOptions {
  /** Texts that are kept beside the tensors. */
  metadata?: Readonly<Record<string, string>>;
}

const refused = (message: string, code = 'ValueError') =>
  new TorchError(message, code, 'safetensors');

const codes = [...formatDTypes.keys()];
const codeOf = new Map(Array.from(formatDTypes, ([code, dtype]) => [dtype, code] as const));

/** First and last address of a tensor's elements in its storage. */
function span(tensor: Tensor): [number, number] {
  const start = tensor.storageOffset() * itemSize(tensor.dtype);
  return [start, start + tensor.numel() * itemSize(tensor.dtype)];
}

/** Throws where tensors share elements: they would be written twice, and part on loading. */
function checkShared(entries: readonly [string, Tensor][]): void {
  const byStorage = new Map<number, [string, Tensor][]>();
  for (const entry of entries) {
    if (entry[1].numel() === 0) continue;
    const id = native.storageId(entry[1].handle);
    byStorage.set(id, [...(byStorage.get(id) ?? []), entry]);
  }
  const failing: string[] = [];
  for (const group of byStorage.values()) {
    group.sort((a, b) => span(a[1])[0] - span(b[1])[0]);
    let names: string[] = [];
    let end = -1;
    for (const [name, tensor] of group) {
      const [start, stop] = span(tensor);
      if (start >= end) {
        if (names.length > 1) failing.push(`{${names.join(', ')}}`);
        names = [];
      }
      names.push(`'${name}'`);
      end = stop;
    }
    if (names.length > 1) failing.push(`{${names.join(', ')}}`);
  }
  if (failing.length > 0) {
    throw refused(
      'Some tensors share memory, this will lead to duplicate memory on disk and potential ' +
        `differences when loading them again: [${failing.join(', ')}]. ` +
        'Save only one of each, or clone the others.',
      'RuntimeError',
    );
  }
}

/** The tensors in the order in which the format's own writer puts them: by dtype, then by name. */
function sorted(tensors: Tensors): [string, Tensor][] {
  const entries = tensors instanceof Map ? [...tensors] : Object.entries(tensors);
  for (const [name, tensor] of entries as [string, unknown][]) {
    if (typeof name !== 'string')
      throw refused('the names of tensors must be strings', 'TypeError');
    if (!(tensor instanceof Tensor)) {
      throw refused(
        `Key \`${name}\` is invalid, expected torch.Tensor but received ${typeof tensor}`,
      );
    }
    if (tensor.layout !== 'strided') {
      throw refused(
        `You are trying to save a sparse tensors: \`['${name}']\` which this library does not ` +
          'support. You can make it a dense tensor before saving with `.toDense()` but be aware ' +
          'this might make a much larger file than needed.',
      );
    }
    if (!codeOf.has(tensor.dtype)) throw refused(`safetensors has no dtype ${tensor.dtype}`);
  }
  checkShared(entries);
  for (const [name, tensor] of entries) {
    if (!tensor.isContiguous()) {
      throw refused(
        `You are trying to save a non contiguous tensor: \`${name}\` which is not allowed. It ` +
          'either means you are trying to save tensors which are reference of each other in which ' +
          "case it's recommended to save only the full tensors, and reslice at load time, or " +
          'simply call `.contiguous()` on your tensor to pack it before saving.',
      );
    }
  }
  const rank = (tensor: Tensor) => codes.indexOf(codeOf.get(tensor.dtype)!);
  return entries.sort(
    (a, b) => rank(b[1]) - rank(a[1]) || Buffer.compare(Buffer.from(a[0]), Buffer.from(b[0])),
  );
}

function write(sink: ByteSink, tensors: Tensors, { metadata }: SaveOptions): void {
  const entries = sorted(tensors);
  const header: Record<string, unknown> = Object.create(null);
  if (metadata) header.__metadata__ = metadata;
  const parts: string[] = metadata ? [`"__metadata__":${JSON.stringify(metadata)}`] : [];
  let offset = 0;
  for (const [name, tensor] of entries) {
    if (name === '__metadata__') throw refused('the name __metadata__ is not for a tensor');
    const end = offset + tensor.numel() * itemSize(tensor.dtype);
    const info = {
      dtype: codeOf.get(tensor.dtype),
      shape: tensor.shape,
      data_offsets: [offset, end],
    };
    parts.push(`${JSON.stringify(name)}:${JSON.stringify(info)}`);
    offset = end;
  }
  const json = Buffer.from(`{${parts.join(',')}}`);
  const length = Math.ceil(json.length / 8) * 8;
  if (length > longestHeader) throw refused('the header would be larger than 100 MB');
  const head = Buffer.alloc(8 + length, ' ');
  head.writeBigUInt64LE(BigInt(length), 0);
  json.copy(head, 8);
  sink.write(head);
  for (const [, tensor] of entries) {
    const resolved = tensor.cpu().resolveConj().resolveNeg();
    for (const part of storageParts(resolved, ...span(resolved))) sink.write(part);
  }
}

/** The file's bytes (`safetensors.torch.save`); see {@link saveFile}. */
export function save(tensors: Tensors, options: SaveOptions = {}): Uint8Array {
  const sink = new MemorySink();
  write(sink, tensors, options);
  return sink.bytes();
}

/**
 * Writes tensors to a safetensors file (`safetensors.torch.save_file`), byte for byte as Python
 * does. Throws TorchError if a tensor is sparse, not contiguous or of a dtype that the format
 * lacks, and where two of them share memory, and where the file can't be written.
 *
 * @example
 * torch.safetensors.saveFile(net.stateDict(), 'net.safetensors', { metadata: { epoch: '3' } });
 */
export function saveFile(tensors: Tensors, file: string | URL, options: SaveOptions = {}): void {
  writeWhole(file, (sink) => write(sink, tensors, options));
}

/** A safetensors file that is open: its tensors are read one by one (`safetensors.safe_open`). */
export class SafetensorsFile {
  private readonly header: Header;
  private readonly infos: Map<string, TensorInfo>;
  private readonly start: number;

  /** @internal */
  constructor(private readonly source: ByteSource) {
    if (source.size < 8) throw invalid('header too small');
    const length = source.read(0, 8).readBigUInt64LE(0);
    if (length > BigInt(longestHeader)) throw invalid('header too large');
    this.start = 8 + Number(length);
    if (this.start > source.size) throw invalid('invalid header length');
    this.header = parseHeader(source.read(8, Number(length)), source.size - this.start);
    this.infos = new Map(this.header.tensors.map((info) => [info.name, info]));
  }

  /** The names of the tensors, in the order of their bytes. */
  keys(): string[] {
    return [...this.infos.keys()];
  }

  /** The texts beside the tensors. */
  metadata(): Record<string, string> {
    return { ...this.header.metadata };
  }

  /** Shape and dtype of a tensor, without reading it. */
  info(name: string): { shape: number[]; dtype: TensorInfo['dtype'] } {
    const { shape, dtype } = this.find(name);
    return { shape: [...shape], dtype };
  }

  /** Reads one tensor. Throws TorchError if there is not a tensor of that name. */
  getTensor(name: string): Tensor {
    const { shape, dtype, begin, end } = this.find(name);
    const tensor = empty(shape, { dtype, device: 'cpu' });
    let at = this.start + begin;
    for (const part of storageParts(tensor, 0, end - begin)) {
      this.source.readInto(part, at);
      at += part.length;
    }
    return tensor;
  }

  private find(name: string): TensorInfo {
    const info = this.infos.get(name);
    if (info) return info;
    throw refused(`File does not contain tensor ${name}`, 'SafetensorError');
  }

  close(): void {
    this.source.close();
  }
  [Symbol.dispose](): void {
    this.close();
  }
}

function open(file: string | URL | Uint8Array): SafetensorsFile {
  const source = openSource(file);
  try {
    return new SafetensorsFile(source);
  } catch (error) {
    source.close();
    throw error;
  }
}

function readAll(file: string | URL | Uint8Array): Map<string, Tensor> {
  const opened = open(file);
  try {
    return noGrad(() => new Map(opened.keys().map((name) => [name, opened.getTensor(name)])));
  } finally {
    opened.close();
  }
}

/**
 * Opens a safetensors file to read single tensors of it (`safetensors.safe_open`); `close` it.
 * Throws as {@link loadFile} does.
 */
export const safeOpen = (file: string | URL): SafetensorsFile => open(file);

/**
 * Reads a safetensors file (`safetensors.torch.load_file`). Throws TorchError if it is damaged:
 * where its header is longer than 100 MB or no valid JSON, a name stands twice, a shape does not
 * fit its bytes, or tensors overlap or leave a hole; and where there is no such file.
 */
export const loadFile = (file: string | URL): Map<string, Tensor> => readAll(file);

/** Reads the bytes of a safetensors file (`safetensors.torch.load`); see {@link loadFile}. */
export const load = (bytes: Uint8Array): Map<string, Tensor> => readAll(bytes);

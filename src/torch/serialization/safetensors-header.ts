import { TorchError } from '../errors';
import type { DType } from '../types';
import { itemSize } from './values';

/** The format's dtypes in its own order, which decides how tensors are sorted. */
export const formatDTypes: ReadonlyMap<string, DType> = new Map<string, DType>([
  ['BOOL', 'bool'],
  ['U8', 'uint8'],
  ['I8', 'int8'],
  ['F8_E5M2', 'float8_e5m2'],
  ['F8_E4M3', 'float8_e4m3fn'],
  ['F8_E8M0', 'float8_e8m0fnu'],
  ['F8_E4M3FNUZ', 'float8_e4m3fnuz'],
  ['F8_E5M2FNUZ', 'float8_e5m2fnuz'],
  ['I16', 'int16'],
  ['U16', 'uint16'],
  ['F16', 'float16'],
  ['BF16', 'bfloat16'],
  ['I32', 'int32'],
  ['U32', 'uint32'],
  ['F32', 'float32'],
  ['C64', 'complex64'],
  ['F64', 'float64'],
  ['I64', 'int64'],
  ['U64', 'uint64'],
]);

/** A header may be as long as this, as the format's own reader has it. */
export const longestHeader = 100_000_000;

export interface TensorInfo {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: number[];
  /** First and last byte behind the header, the last not included. */
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  readonly metadata: Record<string, string>;
  /** In the order of their bytes. */
  readonly tensors: TensorInfo[];
}

export const invalid = (what: string) =>
  new TorchError(`Error while deserializing: ${what}`, 'SafetensorError', 'safetensors');

/**
 * The tokens of valid JSON. Strings are walked by hand: a regular expression needs stack for each of
 * their characters.
 */
function* tokensOf(json: string): Generator<string> {
  const others = /[{}[\],:]|[^\s{}[\],:"]+|"/g;
  for (let found = others.exec(json); found; found = others.exec(json)) {
    if (found[0] !== '"') {
      yield found[0];
      continue;
    }
    let end = others.lastIndex;
    while (json[end] !== '"') end += json[end] === '\\' ? 2 : 1;
    others.lastIndex = end + 1;
    yield json.slice(found.index, end + 1);
  }
}

/**
 * Throws where a name stands twice in one object, which `JSON.parse` would hide, and where a number is
 * no plain count. The text is valid JSON.
 */
function checkTokens(json: string): void {
  const open: (Set<string> | null)[] = [];
  let key = true;
  for (const token of tokensOf(json)) {
    const names = open[open.length - 1];
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(null);
    else if (token === '}' || token === ']') open.pop();
    else if (token.startsWith('"')) {
      if (names && key) {
        const name = JSON.parse(token) as string;
        if (names.has(name)) throw invalid(`invalid JSON in header: duplicate field \`${name}\``);
        names.add(name);
      }
    } else if (/^[-\d]/.test(token) && !/^(0|[1-9]\d*)$/.test(token)) {
      throw invalid(`invalid JSON in header: expected usize, not \`${token.slice(0, 40)}\``);
    }
    key = token === '{' || token === ',';
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

function metadataOf(value: unknown): Record<string, string> {
  if (value === undefined || value === null) return {};
  if (!isRecord(value) || !Object.values(value).every((text) => typeof text === 'string')) {
    throw invalid('invalid JSON in header: the metadata must be strings');
  }
  return value as Record<string, string>;
}

function infoOf(name: string, value: unknown): TensorInfo {
  if (!isRecord(value)) throw invalid(`invalid JSON in header: \`${name}\` is no tensor`);
  const { dtype: code, shape, data_offsets: offsets } = value;
  const dtype = typeof code === 'string' ? formatDTypes.get(code) : undefined;
  if (!dtype) throw invalid(`invalid JSON in header: unknown dtype of \`${name}\``);
  if (!Array.isArray(shape) || !shape.every(isCount) || shape.length > 64) {
    throw invalid(`invalid JSON in header: invalid shape of \`${name}\``);
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    throw invalid(`invalid JSON in header: invalid offsets of \`${name}\``);
  }
  const [begin, end] = offsets as [number, number];
  return { name, dtype, shape, begin, end };
}

/** Reads and checks a header: each byte behind it belongs to exactly one tensor. */
export function parseHeader(bytes: Uint8Array, dataSize: number): Header {
  let json: string;
  try {
    json = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw invalid('invalid UTF-8 in header');
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch (error) {
    throw invalid(`invalid JSON in header: ${(error as Error).message}`);
  }
  if (!isRecord(parsed)) throw invalid('invalid JSON in header: expected an object');
  checkTokens(json);
  const metadata = metadataOf(parsed.__metadata__);
  const tensors = Object.entries(parsed)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, value]) => infoOf(name, value));
  tensors.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let next = 0;
  for (const { name, dtype, shape, begin, end } of tensors) {
    if (begin !== next || end < begin) throw invalid(`invalid offset for tensor \`${name}\``);
    const count = shape.reduce((product, size) => product * size, 1);
    if (!Number.isSafeInteger(count * itemSize(dtype))) {
      throw invalid('overflow computing buffer size from shape and/or element type');
    }
    if (count * itemSize(dtype) !== end - begin) {
      throw invalid('invalid shape, data type, or offset for tensor');
    }
    next = end;
  }
  if (next !== dataSize) throw invalid('incomplete metadata, file not fully covered');
  return { metadata, tensors };
}

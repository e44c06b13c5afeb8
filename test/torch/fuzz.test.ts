import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'tandem-torch';
import { MemorySink } from '../../src/torch/serialization/byte-sink';
import { openSource } from '../../src/torch/serialization/byte-source';
import { readEntries } from '../../src/torch/serialization/zip-reader';
import { ZipWriter } from '../../src/torch/serialization/zip-writer';
import { python } from './python';

// 10,000 damaged or hostile files, the same ones each time. Each loads or throws one of our errors.

const folder = mkdtempSync(join(tmpdir(), 'tandem-fuzz-'));
const at = (name: string) => join(folder, name);
const ran = at('ran');
afterAll(() => rmSync(folder, { recursive: true }));

/** Whole numbers from 0 to `end` - 1, by mulberry32. */
type Random = (end: number) => number;
function randomFrom(seed: number): Random {
  let state = seed;
  return (end) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * end);
  };
}
const oneOf = <T>(random: Random, values: readonly T[]): T => values[random(values.length)]!;

const extremes = [0, 1, 0x7f, 0x80, 0xff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];

/** A copy with one to four things wrong: bits, bytes, lengths, parts lost, doubled or swapped in. */
function damage(random: Random, bytes: Buffer, others: readonly Buffer[]): Buffer {
  let result = Buffer.from(bytes);
  for (let left = 1 + random(4); left > 0; left--) {
    const i = random(result.length || 1);
    const length = random(32);
    switch (random(8)) {
      case 0:
        if (i < result.length) result[i]! ^= 1 << random(8);
        break;
      case 1:
        if (i < result.length) result[i] = random(256);
        break;
      case 2:
        if (i + 4 <= result.length) result.writeUInt32LE(oneOf(random, extremes), i);
        break;
      case 3:
        if (i + 8 <= result.length) {
          result.writeBigUInt64LE(BigInt(oneOf(random, extremes)) << BigInt(random(33)), i);
        }
        break;
      case 4:
        result = result.subarray(0, i);
        break;
      case 5:
        result = Buffer.concat([result.subarray(0, i), result.subarray(i + length)]);
        break;
      case 6: {
        const part = result.subarray(i, i + length);
        result = Buffer.concat([result.subarray(0, i), part, result.subarray(i)]);
        break;
      }
      default: {
        const other = oneOf(random, others);
        const from = random(other.length || 1);
        const part = other.subarray(from, from + length);
        result = Buffer.concat([result.subarray(0, i), part, result.subarray(i + length)]);
      }
    }
  }
  return result;
}

/** Records of an archive by name. */
function records(bytes: Buffer): Map<string, Buffer> {
  const source = openSource(bytes);
  return new Map(
    Array.from(readEntries(source), ([name, { position, size }]) => {
      return [name.slice(name.indexOf('/') + 1), source.read(position, size)] as const;
    }),
  );
}

/** An archive whose checksums are right, whatever its records hold. */
function archive(parts: ReadonlyMap<string, Buffer>): Buffer {
  const sink = new MemorySink();
  const zip = new ZipWriter(sink, 'x', 64);
  for (const [name, bytes] of parts) zip.add(name, bytes.length, [bytes]);
  zip.finish();
  return sink.bytes();
}

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes.toString('latin1');
};
const int = (value: number) => `J${u32(value)}`;
const text = (value: string) => `X${u32(value.length)}${value}`;

/** Pieces of pickles: whole opcodes with arguments that are right, wrong or wicked. */
function piece(random: Random): string {
  const small = () => oneOf(random, [0, 1, 2, 3, 4, 5, -1, 2 ** 31 - 1, -(2 ** 31), random(20)]);
  const ints = () => Array.from({ length: random(4) }, () => int(small())).join('');
  const storage = () =>
    `(${text('storage')}ctorch\n${oneOf(random, ['FloatStorage', 'LongStorage', 'BoolStorage'])}\n` +
    `${text(String(random(4)))}${text('cpu')}${int(oneOf(random, [6, 3, 24, small()]))}tQ`;
  const tensor = () =>
    `ctorch._utils\n_rebuild_tensor_v2\n(${storage()}${int(small())}(${ints()}t(${ints()}t` +
    `${oneOf(random, ['\x88', '\x89'])}ccollections\nOrderedDict\n)RtR`;
  return oneOf(random, [
    () => `cos\nsystem\n${text(`touch ${ran}`)}\x85R`,
    () => `cposix\nsystem\n(${text(`touch ${ran}`)}tR`,
    () => `c__builtin__\neval\n${text(`open('${ran}','w')`)}\x85R`,
    () => `(S'touch ${ran}'\nios\nsystem\n`,
    () => `(cos\nsystem\n${text(`touch ${ran}`)}o`,
    () => `\x8c\x02os\x8c\x06system\x93${text(`touch ${ran}`)}\x85R`,
    () => `ctorch.nn.parameter\nParameter\n${tensor()}\x88\x86\x81`,
    () => `ctorch._utils\n_rebuild_parameter\n(${tensor()}\x88ccollections\nOrderedDict\n)RtR`,
    () =>
      `ctorch._utils\n_rebuild_tensor_v3\n(${storage()}${int(0)}(${ints()}t(${ints()}t\x89Nctorch\nuint16\ntR`,
    () =>
      'ctorch._utils\n_rebuild_sparse_tensor\n(ctorch.serialization\n_get_layout\n' +
      `${text(oneOf(random, ['torch.sparse_coo', 'torch.sparse_csr', 'torch.sparse_bsc']))}\x85R` +
      `(${tensor()}${tensor()}${random(2) ? tensor() : ''}ctorch\nSize\n(${ints()}t\x85R${oneOf(random, ['\x88', '\x89', ''])}ttR`,
    () =>
      `ctorch._utils\n_rebuild_meta_tensor_no_storage\n(ctorch\nfloat32\n(${ints()}t(${ints()}t\x89tR`,
    () =>
      `ctorch._tensor\n_rebuild_from_type_v2\n(ctorch._utils\n_rebuild_tensor_v2\nctorch\nTensor\n(t}tR`,
    () => `ctorch\ndevice\n(${text('cpu')}${int(small())}tR`,
    () => `c_codecs\nencode\n(${text('abc')}${text('latin1')}tR`,
    () => `c__builtin__\nset\n](${ints()}e\x85R`,
    () => `c__builtin__\ncomplex\n(${ints()}tR`,
    tensor,
    tensor,
    tensor,
    storage,
    () => `](${ints()}e`,
    () => `}(${text('a')}${int(1)}u`,
    () => `ccollections\nOrderedDict\n)R}${text('_metadata')}}sb`,
    () => '}b',
    () => `q${String.fromCharCode(random(4))}`,
    () => `h${String.fromCharCode(random(4))}`,
    () => `r${u32(oneOf(random, extremes))}`,
    () => `j${u32(oneOf(random, extremes))}`,
    () => `\x8a${String.fromCharCode(random(256))}${'\xff'.repeat(random(12))}`,
    () => `X${u32(oneOf(random, extremes))}`,
    () => `B${u32(oneOf(random, extremes))}`,
    () => '('.repeat(random(3000)),
    () => ']'.repeat(random(3000)) + 'a'.repeat(random(3000)),
    () => `]q\x00${'h\x00\x85q\x00'.repeat(random(40))}`,
    // Each list holds the one before twice: 2^n values to whoever walks through them.
    () => `]q\x00${'](h\x00h\x00eq\x00'.repeat(random(60))}`,
    () => ']q\x00h\x00a',
    () => '\x85'.repeat(random(3000)),
    () => oneOf(random, ['a', 'e', 's', 'u', 't', 'R', '\x81', 'Q', '.', '0', '1', '2', '\x90']),
    () => text('name'),
    () => int(small()),
  ])();
}

function hostile(random: Random): Buffer {
  const pieces = Array.from({ length: 1 + random(6) }, () => piece(random));
  const wrapped = random(2) ? `](${pieces.join('')}e` : pieces.join('');
  return latin1(`\x80\x02${wrapped}.`);
}

/** Reads all elements of all tensors: one outside its storage would bring the process down. */
function touch(value: unknown, seen = new Set<unknown>()): void {
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  if (value instanceof torch.Tensor) {
    if (value.device.type !== 'cpu') return;
    if (value.layout === 'strided') {
      if (value.numel() < 1e5) value.clone();
    } else if (value.numel() < 1e5) value.toDense();
  } else if (value instanceof Map || value instanceof Set || Array.isArray(value)) {
    for (const item of value.values()) touch(item, seen);
  } else for (const item of Object.values(value)) touch(item, seen);
}

/** How many of the files loaded. Throws where one fails in any other way than with our errors. */
function loadAll(count: number, seed: number, make: (random: Random) => () => unknown): number {
  let loaded = 0;
  for (let i = 0; i < count; i++) {
    const load = make(randomFrom(seed * 1_000_003 + i));
    try {
      const value = load();
      torch.tidy(() => touch(value));
      loaded++;
    } catch (error) {
      if (error instanceof torch.TorchError) continue;
      throw new Error(`file ${i} of seed ${seed}: ${String(error)}`, { cause: error });
    }
  }
  return loaded;
}

let files: Buffer[] = [];
beforeAll(() => {
  const x = torch.arange(6, { dtype: 'float32' }).reshape([2, 3]);
  torch.save(
    { x, t: x.t(), row: x.select(0, 1), long: torch.arange(3), bool: torch.ones([24]).bool() },
    at('a.pt'),
  );
  torch.save(new torch.nn.Linear(2, 2).stateDict(), at('b.pt'));
  python(
    [],
    `
x = torch.eye(3)
torch.save({'coo': x.to_sparse(), 'csr': x.to_sparse_csr(), 's': torch.Size([1]), 'n': [1.5, 2**40, 'text', b'b']}, '${at('c.pt')}')
torch.save({'x': x, 'p': nn.Parameter(x[1:]), 'u': torch.ones(3, dtype=torch.uint16)}, '${at('d.pt')}')
torch.save({'x': x, 'v': x[1:]}, '${at('e.pt')}', _use_new_zipfile_serialization=False)`,
  );
  files = ['a', 'b', 'c', 'd', 'e'].map((name) => readFileSync(at(`${name}.pt`)));
});

test('2,500 .pt files with damaged bytes', () => {
  const loaded = loadAll(2500, 1, (random) => {
    const bytes = damage(random, oneOf(random, files), files);
    return () => torch.load(bytes);
  });
  // Most damage is found by a checksum; what hits padding alone does no harm.
  expect(loaded).toBeLessThan(1250);
  expect(loaded).toBeGreaterThan(0);
});

test('2,500 .pt files whose pickles are damaged and whose checksums are right', () => {
  const archives = files.slice(0, 4).map(records);
  const pickles = archives.map((parts) => parts.get('data.pkl')!);
  const loaded = loadAll(2500, 2, (random) => {
    const parts = new Map(oneOf(random, archives));
    parts.set('data.pkl', damage(random, parts.get('data.pkl')!, pickles));
    const bytes = archive(parts);
    return () => torch.load(bytes);
  });
  expect(loaded).toBeGreaterThan(25);
});

test('2,500 .pt files whose pickles are hostile', () => {
  const parts = records(files[0]!);
  const legacyHead = files[4]!.subarray(0, files[4]!.indexOf('\x80\x02}q\x00(X\x01', 0, 'latin1'));
  const loaded = loadAll(2500, 3, (random) => {
    const pickle = hostile(random);
    const bytes =
      random(8) === 0
        ? Buffer.concat([legacyHead, pickle, latin1('\x80\x02].')])
        : archive(new Map(parts).set('data.pkl', pickle));
    return () => torch.load(bytes);
  });
  expect(loaded).toBeGreaterThan(25);
  expect(existsSync(ran)).toBe(false);
});

test('2,500 safetensors files with damaged bytes, headers and lengths', () => {
  const x = torch.arange(6, { dtype: 'float32' }).reshape([2, 3]);
  const save = torch.safetensors.save;
  const valid = [
    save({ x, 'long name': torch.arange(4), b: torch.ones([3]).bool() }, { metadata: { a: 'b' } }),
    save({ h: torch.ones([2, 2], { dtype: 'bfloat16' }), none: torch.empty([0, 3]) }),
  ].map((bytes) => Buffer.from(bytes));
  const split = (bytes: Buffer) => {
    const end = 8 + Number(bytes.readBigUInt64LE(0));
    return { header: bytes.subarray(8, end), data: bytes.subarray(end) };
  };
  const headers = valid.map((bytes) => split(bytes).header);
  const loaded = loadAll(2500, 4, (random) => {
    const bytes = oneOf(random, valid);
    if (random(2)) {
      const damaged = damage(random, bytes, valid);
      return () => torch.safetensors.load(damaged);
    }
    const { header, data } = split(bytes);
    const changed = damage(random, header, headers);
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(changed.length));
    const whole = Buffer.concat([length, changed, data]);
    return () => torch.safetensors.load(whole);
  });
  expect(loaded).toBeGreaterThan(25);
});

test('views that reach out of their storage are refused in front of libtorch', () => {
  const parts = records(files[1]!);
  const view = (offset: number, sizes: number[], strides: number[]) => {
    const list = (values: number[]) => `(${values.map(int).join('')}t`;
    const pickle = latin1(
      `\x80\x02ctorch._utils\n_rebuild_tensor_v2\n((${text('storage')}ctorch\nFloatStorage\n` +
        `${text('0')}${text('cpu')}K\x04tQ${int(offset)}${list(sizes)}${list(strides)}\x89` +
        'ccollections\nOrderedDict\n)RtR.',
    );
    return () => torch.load<torch.Tensor>(archive(new Map(parts).set('data.pkl', pickle)));
  };
  expect(view(1, [3], [1])().shape).toEqual([3]);
  expect(view(3, [2 ** 30], [0])().numel()).toBe(2 ** 30);
  const out = /a tensor (reaches out of|begins outside) its storage/;
  expect(view(0, [5], [1])).toThrow(out);
  expect(view(4, [1], [1])).toThrow(out);
  expect(view(0, [2, 2], [3, 2])).toThrow(out);
  expect(view(5, [0], [1])).toThrow(out);
  expect(view(2 ** 31 - 1, [1], [1])).toThrow(out);
  expect(view(0, [2], [2 ** 31 - 1])).toThrow(out);
  expect(view(3, [2], [-1])).toThrow('a stride is -1');
  expect(view(-1, [2], [1])).toThrow('the offset of a tensor is -1');
  expect(view(0, [-1], [1])).toThrow('a size is -1');
  expect(view(0, [2, 2], [1])).toThrow('more sizes than strides');
  expect(view(0, Array(3).fill(2 ** 30), [0, 0, 0])).toThrow('too many elements');
  expect(view(0, Array(65).fill(1), Array(65).fill(1))).toThrow('65 dimensions');
});

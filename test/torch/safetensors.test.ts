import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'tandem-torch';
import { python } from './python';

const { safetensors } = torch;
const folder = mkdtempSync(join(tmpdir(), 'tandem-safetensors-'));
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

const dtypes: torch.DType[] = [
  ...(['float32', 'float64', 'float16', 'bfloat16', 'int8', 'int16', 'int32', 'int64'] as const),
  ...(['uint8', 'uint16', 'uint32', 'uint64', 'bool', 'complex64'] as const),
  ...(['float8_e4m3fn', 'float8_e5m2', 'float8_e8m0fnu', 'float8_e4m3fnuz'] as const),
];

const setUp = `
import safetensors.torch as st
from safetensors import safe_open
torch.manual_seed(0)
tensors = {n: (torch.rand(3, 5) * 1.9).to(getattr(torch, n)) for n in ${JSON.stringify(dtypes)}}
tensors['empty'] = torch.empty(0, 4); tensors['scalar'] = torch.tensor(1.5); tensors['Ärger "x"\\n'] = torch.ones(3)
tensors['a.b'] = torch.arange(7)
st.save_file(tensors, '${folder}/python.safetensors', metadata={'format': 'pt "é"'})
`;

test('a file of Python’s is read, and written again byte for byte', () => {
  const [names, equal] = python(
    ["json.dumps(list(st.load_file(folder + 'python.safetensors')))", 'all(map(same, names))'],
    `${setUp}
folder = '${folder}/'
names = list(tensors)
def same(n): return tensors[n].view(torch.uint8).equal(tensors[n].view(torch.uint8)) if tensors[n].dim() else True`,
  );
  expect(equal).toBe('True');
  const file = readFileSync(at('python.safetensors'));
  const tensors = safetensors.loadFile(at('python.safetensors'));
  expect([...tensors.keys()]).toEqual(JSON.parse(names!));
  expect(tensors.get('float8_e4m3fn')!.dtype).toBe('float8_e4m3fn');
  const metadata = { format: 'pt "é"' };
  expect(Buffer.from(safetensors.save(tensors, { metadata })).equals(file)).toBe(true);
  // The order in which they are given does not matter.
  const record = Object.fromEntries([...tensors].reverse());
  safetensors.saveFile(record, at('ours.safetensors'), { metadata });
  expect(readFileSync(at('ours.safetensors')).equals(file)).toBe(true);
  const again = torch.load<Map<string, torch.Tensor>>(at('ours.safetensors'));
  expect([...again.keys()]).toEqual([...tensors.keys()]);
  expect(safetensors.load(file).get('a.b')!.toArray()).toEqual([0, 1, 2, 3, 4, 5, 6]);
});

test('Python reads what was written here', () => {
  torch.manualSeed(5);
  const net = new torch.nn.Linear(3, 2);
  safetensors.saveFile(net.stateDict(), at('net.safetensors'), { metadata: { a: '1', b: '2' } });
  const [weight, metadata] = python(
    ["bits(st.load_file(path)['weight'])", "sorted(safe_open(path, 'pt').metadata().items())"],
    `import safetensors.torch as st
from safetensors import safe_open
path = '${at('net.safetensors')}'`,
  );
  const bytes = Buffer.from(net.weight.detach().toTypedArray().buffer as ArrayBuffer);
  expect(weight).toBe(`[2, 3] float32 ${bytes.toString('hex')}`);
  expect(metadata).toBe("[('a', '1'), ('b', '2')]");
});

test('single tensors of an open file', () => {
  safetensors.saveFile({ a: torch.arange(3), b: torch.ones([2, 2]) }, at('two.safetensors'), {
    metadata: { kind: 'test' },
  });
  const file = safetensors.safeOpen(at('two.safetensors'));
  expect(file.keys()).toEqual(['a', 'b']);
  expect(file.metadata()).toEqual({ kind: 'test' });
  expect(file.info('b')).toEqual({ shape: [2, 2], dtype: 'float32' });
  expect(file.getTensor('b').toArray()).toEqual([
    [1, 1],
    [1, 1],
  ]);
  expect(() => file.getTensor('c')).toThrow('File does not contain tensor c');
  file.close();
});

test('tensors that the format can’t hold are refused with the package’s messages', () => {
  const x = torch.arange(6).reshape([2, 3]);
  expect(() => safetensors.save({ a: x, b: x })).toThrow(
    /Some tensors share memory, .*: \[\{'a', 'b'\}\]/,
  );
  expect(() => safetensors.save({ a: x.t() })).toThrow(
    'You are trying to save a non contiguous tensor: `a` which is not allowed.',
  );
  expect(() => safetensors.save({ a: x.toSparse() })).toThrow('save a sparse tensors');
  expect(() => safetensors.save({ a: 1 as never })).toThrow(
    'Key `a` is invalid, expected torch.Tensor',
  );
  expect(() => safetensors.save({ a: x.type('complex128') })).toThrow('no dtype complex128');
  // Parts that do not overlap may be saved, as in Python.
  expect(
    [...safetensors.load(safetensors.save({ a: x.select(0, 0), b: x.select(0, 1) })).values()].map(
      String,
    ),
  ).toEqual(['tensor([0, 1, 2])', 'tensor([3, 4, 5])']);
  expect(() => safetensors.loadFile(at('missing.safetensors'))).toThrow(/can't be read: ENOENT/);
});

function file(header: unknown, data = ''): Uint8Array {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header), 'latin1');
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, Buffer.from(data)]);
}
const info = (shape: unknown[], offsets: unknown[], dtype = 'F32') => ({
  dtype,
  shape,
  data_offsets: offsets,
});
const entry = '"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}';

const wrong: [string, Uint8Array, RegExp][] = [
  ['nothing', new Uint8Array(), /header too small/],
  ['a length of 1 TB', Buffer.from([0, 0, 0, 0, 0, 1, 0, 0]), /header too large/],
  ['a length past the end', Buffer.from([9, 0, 0, 0, 0, 0, 0, 0]), /invalid header length/],
  ['no JSON', file('xx'), /invalid JSON in header/],
  ['a list', file([]), /invalid JSON in header/],
  ['no UTF-8', file('{"\xff":1}'), /invalid UTF-8 in header/],
  ['bytes that belong to nothing', file({}, '1'), /not fully covered/],
  ['a shape that does not fit', file({ a: info([1], [0, 8]) }, '12345678'), /invalid shape/],
  ['a hole at the beginning', file({ a: info([1], [4, 8]) }, '12345678'), /invalid offset/],
  [
    'a hole',
    file({ a: info([1], [0, 4]), b: info([1], [8, 12]) }, '123456789012'),
    /invalid offset for tensor `b`/,
  ],
  [
    'an overlap',
    file({ a: info([1], [0, 4]), b: info([1], [0, 4]) }, '1234'),
    /invalid offset for tensor `b`/,
  ],
  ['an unknown dtype', file({ a: info([1], [0, 4], 'F33') }, '1234'), /unknown dtype/],
  ['an end past the file', file({ a: info([1], [0, 4]) }, '123'), /not fully covered/],
  ['a negative size', file({ a: info([-1], [0, 4]) }, '1234'), /invalid shape|expected usize/],
  ['a fraction', file('{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}', '1234'), /usize/],
  ['an overflow', file({ a: info([2 ** 52, 2 ** 52], [0, 4]) }, '1234'), /overflow/],
  ['no shape', file({ a: { dtype: 'F32' } }), /invalid shape/],
  ['metadata that is no text', file({ __metadata__: { a: 1 } }), /metadata must be strings/],
  ['a name twice', file(`{${entry},${entry}}`, '1234'), /duplicate field `a`/],
  [
    'a name twice in disguise',
    file(`{${entry},${entry.replace('"a"', '"\\u0061"')}}`, '1234'),
    /duplicate field `a`/,
  ],
  ['offsets the wrong way round', file({ a: info([1], [4, 0]) }, '1234'), /invalid offset/],
];

test.each(wrong)('a file with %s is refused', (_, bytes, message) => {
  expect(() => safetensors.load(bytes)).toThrow(message);
  expect(() => safetensors.load(bytes)).toThrow(torch.TorchError);
});

test('a header may be padded, and hold the names that JavaScript treats in its own way', () => {
  const odd = file('{"__proto__":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}   ', '12');
  writeFileSync(at('odd.safetensors'), odd);
  const tensors = safetensors.loadFile(at('odd.safetensors'));
  expect(tensors.get('__proto__')!.toArray()).toEqual([49, 50]);
  expect(Object.keys(safetensors.load(file('{}')))).toEqual([]);
});

test('texts as long as a header may be', () => {
  const note = `${'x'.repeat(16_000_000)}\\"é`;
  const bytes = safetensors.save({ a: torch.ones([2]) }, { metadata: { note, '\\': '"' } });
  expect(safetensors.load(bytes).get('a')!.toArray()).toEqual([1, 1]);
});

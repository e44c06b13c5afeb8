import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import * as torch from 'tandem-torch';
import { openSource } from '../../src/torch/serialization/byte-source';
import { readEntries } from '../../src/torch/serialization/zip-reader';
import { python } from './python';

const folder = mkdtempSync(join(tmpdir(), 'tandem-pt-'));
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

const names = ['float32', 'float64', 'float16', 'bfloat16', 'int8', 'int16', 'int32', 'int64'];
const dtypes = [
  ...names,
  ...['uint8', 'uint16', 'uint32', 'uint64', 'bool', 'complex64', 'complex128', 'complex32'],
  ...['float8_e4m3fn', 'float8_e5m2', 'float8_e8m0fnu'],
] as torch.DType[];

const values = `{'int': [0, 255, 256, 65535, 65536, -1, 2**31 - 1, -2**31, 2**31, 2**53 - 1, -2**63, 2**70],
'float': [1.5, float('inf'), -0.0], 'text': 'Grüße 🎉', 'none': None, 'bools': (True, False), 'complex': 1-2j,
'size': torch.Size([2, 3]), 'bytes': b'\\x00\\xff', 'set': {1}, 'empty': [(), [], {}, OrderedDict()], 'long': tuple(range(5)),
'numbers': {1: 'a', -2: 'b'}, 'digits': {'1': 1, '0': 0}, 'ordered': OrderedDict(b=1, a=2), '__proto__': 1}`;

/** For both runs of Python: `raw` gives all facts of a tensor, and its bytes. */
const common = `
import os, warnings
from collections import OrderedDict
warnings.simplefilter('ignore')
def raw(x):
    data = x.detach().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes().hex()
    return f"{str(x.dtype).removeprefix('torch.')} {list(x.shape)} {list(x.stride())} {x.storage_offset()} {x.requires_grad} {data}"
def dense(x): return raw(x.to_dense().resolve_conj())
def at(name): return '${folder}/' + name
def load(name): return torch.load(at(name), weights_only=True)
dtypes = ${JSON.stringify(dtypes)}
out = {}
`;

/** What Python writes, and what is in it. */
const writes = `
torch.manual_seed(0)
state = {n: (torch.rand(3, 5) * 1.9).to(torch.float32).to(getattr(torch, n)) for n in dtypes}
torch.save(state, at('dtypes.pt')); out['dtypes'] = '|'.join(map(raw, state.values()))

x = torch.arange(24, dtype=torch.float32).reshape(4, 6)
w = torch.nn.Parameter(torch.ones(3, 2))
state = OrderedDict(x=x, t=x.t(), part=x[1:3, ::2], row=x[2], wide=torch.ones(1).expand(5), none=torch.empty(0, 3), scalar=torch.tensor(2.5), w=w, grads=torch.ones(2, requires_grad=True), again=x)
os.makedirs(at('python')); torch.save(state, at('python/views.pt')); out['views'] = '|'.join(map(raw, state.values()))

torch.save(${values}, at('values.pt'))

x = torch.tensor([[0, 2.0, 0, 0], [3, 0, 0, 0]])
d = {'coo': x.to_sparse(), 'csr': x.to_sparse_csr(), 'bsc': x.to_sparse_bsc((1, 2)), 'conj': torch.tensor([1+2j, 3-1j]).conj(), 'loose': torch.sparse_coo_tensor([[0, 0]], [1.0, 2.0], (3,)), 'meta': torch.empty(2, 3, device='meta')}
torch.save(d, at('sparse.pt')); out['sparse'] = '|'.join(dense(d[k]) for k in list(d)[:5])

x = torch.arange(6, dtype=torch.float64)
d = {'a': x, 'b': x[2:5], 'c': torch.ones(2, dtype=torch.bool), 'n': 5}
torch.save(d, at('legacy.pt'), _use_new_zipfile_serialization=False)
torch.save(d, at('protocol4.pt'), pickle_protocol=4); out['older'] = raw(d['b']) + raw(d['c'])

class Evil:
    def __reduce__(self): return (os.system, ('touch ' + at('ran'),))
class Own: pass
__import__('__main__').Own = Own
torch.save({'a': torch.ones(1), 'b': Evil()}, at('evil.pt'))
torch.save([Own()], at('own.pt'))
torch.save(eval, at('eval.pt'))
torch.save(nn.Linear(1, 1), at('module.pt'))
torch.save(Evil(), at('evil-legacy.pt'), _use_new_zipfile_serialization=False)
torch.jit.save(torch.jit.script(nn.Linear(1, 1)), at('script.pt'))

net = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4)); opt = torch.optim.Adam(net.parameters(), lr=0.25)
net(torch.ones(2, 3)).sum().backward(); opt.step()
torch.save({'epoch': 3, 'model': net.state_dict(), 'optimizer': opt.state_dict()}, at('checkpoint.pt'))
out['net'] = torch.cat([p.flatten() for p in net.parameters()]).double().sum().item()
`;

/** What Python reads of the files that are written here. */
const reads = `
out['dtypes'] = '|'.join(map(raw, load('ours.pt').values()))
out['values'] = load('values-again.pt') == ${values}
d = load('js.pt')
out['js'] = [d[k] for k in list(d)[:6]], d['list'] == list(range(2001)), d['map']['k1000']
d = load('sparse-again.pt'); out['sparse'] = '|'.join(dense(d[k]) for k in list(d)[:5]); out['meta'] = d['meta'].device
net = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4)); net.load_state_dict(load('net.pt'))
out['net'] = torch.cat([p.flatten() for p in net.parameters()]).double().sum().item()
d = load('again.pt'); net.load_state_dict(d['model']); opt = torch.optim.Adam(net.parameters()); opt.load_state_dict(d['optimizer'])
out['again'] = d['epoch'], opt.state_dict()['state'][0]['step'].item(), opt.param_groups[0]['lr']
`;

function inPython(work: string): Record<string, string> {
  const [json] = python(['json.dumps({k: str(v) for k, v in out.items()})'], common + work);
  return JSON.parse(json!);
}

function raw(x: torch.Tensor): string {
  const bytes = x.detach().contiguous().reshape([-1]).view('uint8').toTypedArray() as Uint8Array;
  const facts = [x.dtype, `[${x.shape.join(', ')}]`, `[${x.stride().join(', ')}]`];
  const requires = x.requiresGrad ? 'True' : 'False';
  return [...facts, x.storageOffset(), requires, Buffer.from(bytes).toString('hex')].join(' ');
}
const raws = (tensors: Iterable<torch.Tensor>) => Array.from(tensors, raw).join('|');

interface Checkpoint {
  epoch: number;
  model: torch.nn.StateDict;
  optimizer: { state: Map<number, Record<string, torch.Tensor>>; param_groups: { lr: number }[] };
}

torch.manualSeed(1);
const ours = Object.fromEntries(
  dtypes.map((dtype) => [dtype, torch.rand([4, 3]).mul(1.9).to({ dtype })] as const),
);
const net = new torch.nn.Sequential(new torch.nn.Linear(3, 4), new torch.nn.BatchNorm1d(4));

function writeOurs(): void {
  torch.save(ours, at('ours.pt'));
  torch.save(torch.load<torch.serialization.Saveable>(at('values.pt')), at('values-again.pt'));
  torch.save(torch.load<torch.serialization.Saveable>(at('sparse.pt')), at('sparse-again.pt'));
  torch.save(torch.load<torch.serialization.Saveable>(at('checkpoint.pt')), at('again.pt'));
  torch.save(net.stateDict(), at('net.pt'));
  const { device, dtype, layout, tuple } = torch.serialization;
  torch.save(
    {
      float: { float: 2 },
      dtype: dtype('bfloat16'),
      device: device('cuda:1'),
      layout: layout('sparse_coo'),
      tuple: tuple(0.9, 0.999),
      absent: undefined,
      list: Array.from({ length: 2001 }, (_, i) => i),
      map: new Map(Array.from({ length: 1001 }, (_, i) => [`k${i}`, i] as const)),
    },
    at('js.pt'),
  );
}

let written: Record<string, string>;
let read: Record<string, string>;
beforeAll(() => {
  written = inPython(writes);
  writeOurs();
  read = inPython(reads);
});

test('tensors of every dtype have the same bits, both ways', () => {
  const state = torch.load<Record<string, torch.Tensor>>(at('dtypes.pt'));
  expect(Object.keys(state)).toEqual(dtypes);
  expect(raws(Object.values(state))).toBe(written.dtypes);
  expect(raws(Object.values(ours))).toBe(read.dtypes);
});

function ourViews(): Map<string, torch.Tensor> {
  const x = torch.arange(24, { dtype: 'float32' }).reshape([4, 6]);
  return new Map<string, torch.Tensor>([
    ['x', x],
    ['t', x.t()],
    ['part', x.index(torch.slice(1, 3), torch.slice(null, null, 2))],
    ['row', x.index(2)],
    ['wide', torch.ones([1]).expand([5])],
    ['none', torch.empty([0, 3])],
    ['scalar', torch.tensor(2.5)],
    ['w', new torch.nn.Parameter(torch.ones([3, 2]))],
    ['grads', torch.ones([2], { requiresGrad: true })],
    ['again', x],
  ]);
}

/** A file with the record that tells files apart blanked, and that record's checksum. */
function blanked(path: string): string {
  const bytes = readFileSync(path);
  const source = openSource(path);
  const [, entry] = [...readEntries(source)].find(([name]) => name.endsWith('serialization_id'))!;
  source.close();
  const id = bytes.subarray(entry.position, entry.position + entry.size);
  const crc = Buffer.alloc(4);
  crc.writeUInt32LE(crc32(id));
  id.fill('0');
  for (let i = bytes.indexOf(crc); i >= 0; i = bytes.indexOf(crc)) bytes.fill(0, i, i + 4);
  return bytes.toString('latin1');
}

test('strides, offsets, shared storages and parameters, written byte for byte as Python writes', () => {
  const views = torch.load<Map<string, torch.Tensor>>(at('python/views.pt'));
  expect(views).toBeInstanceOf(Map);
  expect(raws(views.values())).toBe(written.views);
  expect(views.get('w')).toBeInstanceOf(torch.nn.Parameter);
  expect(views.get('again')).toBe(views.get('x'));
  torch.save(ourViews(), at('views.pt'));
  expect(blanked(at('views.pt'))).toBe(blanked(at('python/views.pt')));
  // A change through one of them shows in the others.
  views.get('row')!.fill_(-1);
  expect(views.get('x')!.index(2).toArray()).toEqual([-1, -1, -1, -1, -1, -1]);
});

test('the state dicts of modules and optimizers, both ways', () => {
  const sum = () =>
    torch
      .cat(net.parameters().map((p) => p.flatten()))
      .double()
      .sum()
      .item();
  expect(sum()).toBe(Number(read.net));
  const checkpoint = torch.load<Checkpoint>(at('checkpoint.pt'));
  net.loadStateDict(checkpoint.model);
  expect(sum()).toBe(Number(written.net));
  expect(checkpoint.epoch).toBe(3);
  expect(checkpoint.optimizer.param_groups[0]!.lr).toBe(0.25);
  expect(checkpoint.optimizer.state.get(0)!.step!.item()).toBe(1);
  const optimizer = new torch.optim.Adam(net.parameters());
  optimizer.loadStateDict(checkpoint.optimizer);
  expect(optimizer.paramGroups[0]!.lr).toBe(0.25);
  expect(read.again).toBe('(3, 1.0, 0.25)');
});

test('plain values and containers', () => {
  const plain = torch.load<Map<string, unknown>>(at('values.pt'));
  expect(plain.get('int')).toEqual([
    ...[0, 255, 256, 65535, 65536, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 2 ** 53 - 1],
    ...[-(2n ** 63n), 2n ** 70n],
  ]);
  expect(plain.get('float')).toEqual([1.5, Number.POSITIVE_INFINITY, -0]);
  expect(plain.get('text')).toBe('Grüße 🎉');
  expect(plain.get('none')).toBeNull();
  expect(plain.get('bools')).toBeInstanceOf(torch.serialization.Tuple);
  expect(plain.get('complex')).toEqual({ re: 1, im: -2 });
  expect(plain.get('size')).toBeInstanceOf(torch.serialization.Size);
  expect(plain.get('bytes')).toEqual(Uint8Array.of(0, 255));
  expect(plain.get('set')).toEqual(new Set([1]));
  expect(plain.get('numbers')).toEqual(
    new Map([
      [1, 'a'],
      [-2, 'b'],
    ]),
  );
  // An object would put these keys into another order.
  expect([...(plain.get('digits') as Map<string, number>)]).toEqual([
    ['1', 1],
    ['0', 0],
  ]);
  expect(Object.getPrototypeOf(plain)).toBe(Map.prototype);
  expect(read.values).toBe('True');
});

test('what only JavaScript can say: floats, dtypes, devices, long lists', () => {
  expect(read.js).toBe(
    "([2.0, torch.bfloat16, device(type='cuda', index=1), torch.sparse_coo, (0.9, 0.999), None], True, 1000)",
  );
  expect(torch.load<Record<string, unknown>>(at('js.pt'))).toMatchObject({
    dtype: 'bfloat16',
    device: 'cuda:1',
    layout: 'sparse_coo',
  });
});

test('sparse, conjugated and meta tensors', () => {
  const { meta, ...others } = torch.load<Record<string, torch.Tensor>>(at('sparse.pt'));
  const dense = (x: torch.Tensor) => (x.layout === 'strided' ? x : x.toDense()).resolveConj();
  expect(raws(Object.values(others).map(dense))).toBe(written.sparse);
  expect(others.conj!.isConj()).toBe(true);
  expect([String(meta!.device), meta!.shape]).toEqual(['meta', [2, 3]]);
  expect([others.coo!.isCoalesced(), others.loose!.isCoalesced()]).toEqual([true, false]);
  expect([read.sparse, read.meta]).toEqual([written.sparse, 'meta']);
});

test('the format of before PyTorch 1.6, and newer pickles', () => {
  for (const name of ['legacy.pt', 'protocol4.pt']) {
    const older = torch.load<Record<string, torch.Tensor>>(at(name));
    expect(raw(older.b!) + raw(older.c!)).toBe(written.older);
    older.a!.fill_(1);
    expect(older.b!.toArray()).toEqual([1, 1, 1]);
  }
});

test('a file that names a function is refused with its name, and nothing runs', () => {
  const message = (name: string) => {
    try {
      torch.load(at(name));
    } catch (error) {
      expect(error).toBeInstanceOf(torch.TorchError);
      return (error as Error).message;
    }
    throw new Error(`${name} was loaded`);
  };
  expect(message('evil.pt')).toContain(
    'Unsupported global: GLOBAL posix.system was not an allowed',
  );
  expect(message('evil-legacy.pt')).toContain('GLOBAL posix.system');
  expect(message('own.pt')).toContain('GLOBAL __main__.Own');
  expect(message('eval.pt')).toContain('GLOBAL builtins.eval');
  expect(message('module.pt')).toContain('GLOBAL torch.nn.modules.linear.Linear');
  expect(message('script.pt')).toContain('TorchScript');
  expect(existsSync(at('ran'))).toBe(false);
});

test('unreadable and unwritable values are reported in one line', () => {
  writeFileSync(at('text.pt'), 'This is no file of PyTorch, although it is long enough to be one.');
  expect(() => torch.load(at('text.pt'))).toThrow('the file was not written by torch.save');
  const missing = expect.objectContaining({
    code: 'FileNotFoundError',
    message: expect.stringMatching(/missing.pt can't be read: ENOENT/),
  });
  expect(() => torch.load(at('missing.pt'))).toThrow(missing);
  expect(() => torch.save({}, at('no/such/folder.pt'))).toThrow(
    /folder.pt can't be written: ENOENT/,
  );
  const loop: unknown[] = [];
  loop.push(loop);
  expect(() => torch.save(loop as never, at('x.pt'))).toThrow('a container contains itself');
  expect(() => torch.save((() => 1) as never, at('x.pt'))).toThrow("a function can't be saved");
  expect(() => torch.save(new Date() as never, at('x.pt'))).toThrow("a Date can't be saved");
  const bytes = torch.ones([8], { dtype: 'uint8' });
  expect(() => torch.save([bytes, bytes.view('float32')], at('x.pt'))).toThrow(
    'Cannot save multiple tensors or storages that view the same data as different types',
  );
});

test('a failure leaves the old file, and nothing beside it', () => {
  torch.save({ a: 1 }, at('kept.pt'));
  const before = readdirSync(folder).sort();
  expect(() => torch.save({ a: 2, b: new Date() } as never, at('kept.pt'))).toThrow();
  expect(torch.load(at('kept.pt'))).toEqual({ a: 1 });
  expect(readdirSync(folder).sort()).toEqual(before);
});

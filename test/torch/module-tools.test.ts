/** nn.utils' fusion, spectral norm, orthogonal weights and skip_init; make_tensor, schedules, custom_fwd: Python's bits. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'tandem-torch';
import { bits, python } from './python';
import { refusedAsInPython } from './refused';

const { nn } = torch;
const { utils } = nn;
const { parametrizations } = utils;
const { makeTensor } = torch.testing;
type T = torch.Tensor;
type Module = torch.nn.Module;

const setUp = `
import warnings
warnings.simplefilter('ignore')
from torch.nn import utils
from torch.nn.utils import parametrizations
from torch.testing import make_tensor
from torch.profiler import schedule
def learnt(bn):
    torch.manual_seed(3)
    for p in [bn.weight, bn.bias, bn.running_mean]: nn.init.normal_(p)
    nn.init.uniform_(bn.running_var)
    return bn.eval()
def fused(layer, bn, fuse, x, **k):
    y = fuse(layer.eval(), learnt(bn), **k)
    return [str(y), y.weight, y.bias, y(x), y.weight.requires_grad]
def seeded(make):
    torch.manual_seed(0)
    return make()
def normed(module, x):
    names = list(module.state_dict())
    optimizer = torch.optim.SGD(module.parameters(), lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        module(x).pow(2).sum().backward()
        optimizer.step()
    return [*names, *module.state_dict().values(), module.eval()(x), str(module)]
def old(module, x, **k):
    utils.spectral_norm(module, **k)
    first = normed(module, x)
    utils.remove_spectral_norm(module)
    return [*first, *module.state_dict(), *module.state_dict().values()]
def orthogonal(module, x, **k):
    return normed(parametrizations.orthogonal(module, **k), x)
def skipped():
    layer = utils.skip_init(nn.Linear, 3, 4, bias=False)
    return [str(layer), *layer.weight.shape, str(layer.weight.device), torch.rand(1)]
def made(*shape, **k):
    torch.manual_seed(0)
    x = make_tensor(*shape, device='cpu', **k)
    return [x.float() if x.dtype == torch.float16 else x, x.requires_grad, x.is_contiguous(), torch.rand(1)]
def steps(count, **k):
    f = schedule(**k)
    return [int(f(i).value) for i in range(count)]
class Product(torch.autograd.Function):
    @staticmethod
    @torch.amp.custom_fwd(device_type='cpu', cast_inputs=torch.float32)
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a.mm(b)
    @staticmethod
    @torch.amp.custom_bwd(device_type='cpu')
    def backward(ctx, g):
        a, b = ctx.saved_tensors
        return g.mm(b.t()), a.t().mm(g)
class Mixed(Product):
    @staticmethod
    @torch.amp.custom_fwd(device_type='cpu')
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a.mm(b)
def cast(kind):
    torch.manual_seed(0)
    a, b = torch.randn(3, 4, requires_grad=True), torch.randn(4, 2, requires_grad=True)
    with torch.autocast('cpu'):
        y = kind.apply(a.to(torch.bfloat16), b)
    y.sum().backward()
    return [y.float(), a.grad, b.grad]
def generators():
    g = torch.Generator().manual_seed(5)
    torch.rand(3, generator=g)
    other = g.clone_state()
    return [torch.rand(2, generator=g), torch.rand(2, generator=other)]
def small():
    x = torch.ones(2, 2)
    y = torch.ones(2, requires_grad=True)
    torch.set_deterministic_debug_mode('warn')
    mode = torch.get_deterministic_debug_mode()
    torch.set_deterministic_debug_mode(0)
    version = x._version
    torch.autograd.graph.increment_version([x])
    return [torch.typename(x), x.get_device(), torch.get_device(x), x.to_sparse_coo().values(), mode, torch.get_deterministic_debug_mode(), x._version - version,
            x.clone().map2_(x, x, lambda a, b, c: a + 2 * b + c), torch.asarray(y).requires_grad, torch.asarray(y, requires_grad=True) is y,
            torch.asarray(y) is y, torch.asarray(x) is x, torch.asarray(x, copy=True) is x, torch.asarray([1, 2]), torch.asarray(x, dtype=torch.int64)]
`;

function learnt<B extends torch.nn.BatchNorm1d | torch.nn.BatchNorm2d>(bn: B) {
  torch.manualSeed(3);
  for (const p of [bn.weight, bn.bias, bn.runningMean]) nn.init.normal_(p!);
  nn.init.uniform_(bn.runningVar!);
  return bn.eval() as B;
}
const fusedResult = (y: torch.nn.Conv2d | torch.nn.Linear, x: T) => [
  String(y),
  y.weight,
  y.bias,
  y.call(x),
  y.weight.requiresGrad,
];
function seeded<R>(make: () => R): R {
  torch.manualSeed(0);
  return make();
}
function normed(module: Module & { forward(x: T): T }, x: T): unknown[] {
  const names = [...module.stateDict().keys()];
  const optimizer = new torch.optim.SGD(module.parameters(), { lr: 0.1 });
  for (let step = 0; step < 3; step++) {
    optimizer.zeroGrad();
    module.call(x).pow(2).sum().backward();
    optimizer.step();
  }
  return [...names, ...module.stateDict().values(), module.eval().call(x), String(module)];
}
function old(
  module: Module & { forward(x: T): T },
  x: T,
  options: { nPowerIterations?: number; dim?: number } = {},
): unknown[] {
  utils.spectralNorm(module, options);
  const first = normed(module, x);
  utils.removeSpectralNorm(module);
  return [...first, ...module.stateDict().keys(), ...module.stateDict().values()];
}
type Map = 'matrix_exp' | 'cayley' | 'householder';
const orthogonal = (
  module: Module & { forward(x: T): T },
  x: T,
  options: { orthogonalMap?: Map; useTrivialization?: boolean } = {},
) => normed(parametrizations.orthogonal(module, options), x);
function made(
  shape: readonly number[],
  options: Omit<Parameters<typeof makeTensor>[1] & object, 'device'>,
): unknown[] {
  torch.manualSeed(0);
  const x = makeTensor(shape, { device: 'cpu', ...options } as never);
  const wide = x.dtype === 'float16' ? x.float() : x;
  return [wide, x.requiresGrad, x.isContiguous(), torch.rand(1)];
}
const steps = (count: number, options: Parameters<typeof torch.profiler.schedule>[0]) => {
  const schedule = torch.profiler.schedule(options);
  return Array.from({ length: count }, (_, i) => schedule(i));
};
type Context = torch.autograd.FunctionContext;
const product = (ctx: Context, a: T, b: T): T => {
  ctx.saveForBackward(a, b);
  return a.mm(b);
};
const productBackward = torch.amp.customBwd(
  (ctx: Context, g: T): T[] => {
    const [a, b] = ctx.savedTensors;
    return [g.mm(b!.t()), a!.t().mm(g)];
  },
  { deviceType: 'cpu' },
);
class Product extends torch.autograd.Function {
  static forward = torch.amp.customFwd(product, { deviceType: 'cpu', castInputs: 'float32' });
  static backward = productBackward;
}
class Mixed extends torch.autograd.Function {
  static forward = torch.amp.customFwd(product, { deviceType: 'cpu' });
  static backward = productBackward;
}
function cast(kind: typeof Product): unknown[] {
  torch.manualSeed(0);
  const a = torch.randn(3, 4, { requiresGrad: true });
  const b = torch.randn(4, 2, { requiresGrad: true });
  const y = torch.autocast('cpu', () => kind.apply(a.to('bfloat16'), b));
  y.sum().backward();
  return [y.float(), a.grad, b.grad];
}
const x4 = torch.arange(24).float().view(4, 6).div(7);
const images = torch
  .arange(2 * 3 * 5 * 5)
  .float()
  .view(2, 3, 5, 5)
  .div(50);

const runs: Record<string, () => unknown[]> = {
  'seeded(lambda: fused(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), utils.fuse_conv_bn_eval, torch.arange(150.).view(2, 3, 5, 5) / 50))':
    () =>
      seeded(() => {
        const conv = new nn.Conv2d(3, 4, 3).eval();
        return fusedResult(utils.fuseConvBnEval(conv, learnt(new nn.BatchNorm2d(4))), images);
      }),
  'seeded(lambda: fused(nn.ConvTranspose2d(3, 4, 3, bias=False), nn.BatchNorm2d(4), utils.fuse_conv_bn_eval, torch.arange(150.).view(2, 3, 5, 5) / 50, transpose=True))':
    () =>
      seeded(() => {
        const conv = new nn.ConvTranspose2d(3, 4, 3, { bias: false }).eval();
        const fused = utils.fuseConvBnEval(conv, learnt(new nn.BatchNorm2d(4)), true);
        return fusedResult(fused as never, images);
      }),
  'seeded(lambda: fused(nn.Linear(6, 4), nn.BatchNorm1d(4), utils.fuse_linear_bn_eval, torch.arange(24.).view(4, 6) / 7))':
    () =>
      seeded(() => {
        const linear = new nn.Linear(6, 4).eval();
        return fusedResult(utils.fuseLinearBnEval(linear, learnt(new nn.BatchNorm1d(4))), x4);
      }),
  'seeded(lambda: old(nn.Linear(6, 4), torch.arange(24.).view(4, 6) / 7))': () =>
    seeded(() => old(new nn.Linear(6, 4), x4)),
  'seeded(lambda: old(nn.ConvTranspose2d(3, 4, 3), torch.arange(150.).view(2, 3, 5, 5) / 50, n_power_iterations=3))':
    () => seeded(() => old(new nn.ConvTranspose2d(3, 4, 3), images, { nPowerIterations: 3 })),
  'seeded(lambda: orthogonal(nn.Linear(6, 6), torch.arange(24.).view(4, 6) / 7))': () =>
    seeded(() => orthogonal(new nn.Linear(6, 6), x4)),
  'seeded(lambda: orthogonal(nn.Linear(6, 4), torch.arange(24.).view(4, 6) / 7))': () =>
    seeded(() => orthogonal(new nn.Linear(6, 4), x4)),
  'seeded(lambda: orthogonal(nn.Linear(6, 8), torch.arange(24.).view(4, 6) / 7, use_trivialization=False))':
    () => seeded(() => orthogonal(new nn.Linear(6, 8), x4, { useTrivialization: false })),
  'seeded(lambda: orthogonal(nn.Linear(6, 8), torch.arange(24.).view(4, 6) / 7, orthogonal_map="cayley"))':
    () => seeded(() => orthogonal(new nn.Linear(6, 8), x4, { orthogonalMap: 'cayley' })),
  'seeded(lambda: orthogonal(nn.Linear(6, 4), torch.arange(24.).view(4, 6) / 7, orthogonal_map="matrix_exp"))':
    () => seeded(() => orthogonal(new nn.Linear(6, 4), x4, { orthogonalMap: 'matrix_exp' })),
  'seeded(skipped)': () =>
    seeded(() => {
      const layer = utils.skipInit(nn.Linear, 3, 4, { bias: false });
      return [String(layer), ...layer.weight.shape, String(layer.weight.device), torch.rand(1)];
    }),
  'made(3, 4, dtype=torch.float32)': () => made([3, 4], { dtype: 'float32' }),
  'made((5,), dtype=torch.int64, low=0, high=3, exclude_zero=True)': () =>
    made([5], { dtype: 'int64', low: 0, high: 3, excludeZero: true }),
  'made(4, dtype=torch.bool)': () => made([4], { dtype: 'bool' }),
  'made(2, 3, dtype=torch.complex64, requires_grad=True)': () =>
    made([2, 3], { dtype: 'complex64', requiresGrad: true }),
  'made(2, 3, dtype=torch.float64, noncontiguous=True, low=-1e308, high=1e308)': () =>
    made([2, 3], { dtype: 'float64', noncontiguous: true, low: -1e308, high: 1e308 }),
  'made(2, 2, dtype=torch.uint8, low=-5, high=300)': () =>
    made([2, 2], { dtype: 'uint8', low: -5, high: 300 }),
  'made(2, 1, 2, 2, dtype=torch.float16, memory_format=torch.channels_last)': () =>
    made([2, 1, 2, 2], { dtype: 'float16', memoryFormat: 'channels_last' }),
  'steps(20, wait=1, warmup=1, active=2, repeat=2, skip_first=3)': () =>
    steps(20, { wait: 1, warmup: 1, active: 2, repeat: 2, skipFirst: 3 }),
  'steps(12, wait=2, warmup=0, active=1, skip_first_wait=1)': () =>
    steps(12, { wait: 2, warmup: 0, active: 1, skipFirstWait: 1 }),
  'cast(Product)': () => cast(Product),
  'cast(Mixed)': () => cast(Mixed),
  'generators()': () => {
    const g = new torch.Generator().manualSeed(5);
    torch.rand([3], { generator: g });
    const other = g.cloneState();
    return [torch.rand([2], { generator: g }), torch.rand([2], { generator: other })];
  },
  'small()': () => {
    const x = torch.ones(2, 2);
    const y = torch.ones([2], { requiresGrad: true });
    torch.setDeterministicDebugMode('warn');
    const mode = torch.getDeterministicDebugMode();
    torch.setDeterministicDebugMode(0);
    const version = x._version;
    torch.autograd.graph.incrementVersion([x]);
    return [
      ...[torch.typename(x), x.getDevice(), torch.getDevice(x), x.toSparseCoo().values(), mode],
      ...[torch.getDeterministicDebugMode(), x._version - version],
      x.clone().map2_(x, x, (a, b, c) => a + 2 * b + c),
      ...[torch.asarray(y).requiresGrad, torch.asarray(y, { requiresGrad: true }) === y],
      ...[torch.asarray(y) === y, torch.asarray(x) === x, torch.asarray(x, { copy: true }) === x],
      ...[torch.asarray([1, 2]), torch.asarray(x, { dtype: 'int64' })],
    ];
  },
};

const wanted = python(
  Object.keys(runs).map((expression) => `bits(${expression})`),
  setUp,
);
test.each(Object.entries(runs).map(([name, run], i) => [name, run, wanted[i]!] as const))(
  '%s as in Python',
  (_, run, want) => {
    expect(run().map(bits).join(' ')).toBe(want);
  },
);

const layer = () => new nn.Linear(2, 3);
refusedAsInPython(
  {
    'utils.fuse_linear_bn_eval(nn.Linear(2, 3), nn.BatchNorm1d(3))': () =>
      utils.fuseLinearBnEval(layer(), new nn.BatchNorm1d(3)),
    'utils.fuse_linear_bn_eval(nn.Linear(2, 3).eval(), nn.BatchNorm1d(2).eval())': () =>
      utils.fuseLinearBnEval(layer().eval(), new nn.BatchNorm1d(2).eval()),
    'utils.spectral_norm(utils.spectral_norm(nn.Linear(2, 3)))': () =>
      utils.spectralNorm(utils.spectralNorm(layer())),
    'utils.spectral_norm(nn.Linear(2, 3), n_power_iterations=0)': () =>
      utils.spectralNorm(layer(), { nPowerIterations: 0 }),
    'utils.spectral_norm(nn.LazyLinear(3))': () => utils.spectralNorm(new nn.LazyLinear(3)),
    'utils.spectral_norm(nn.Linear(2, 3, bias=False), "bias")': () =>
      utils.spectralNorm(new nn.Linear(2, 3, { bias: false }), 'bias'),
    'utils.remove_spectral_norm(nn.Linear(2, 3))': () => utils.removeSpectralNorm(layer()),
    'parametrizations.orthogonal(nn.Linear(2, 3), "bias")': () =>
      parametrizations.orthogonal(layer(), 'bias'),
    'parametrizations.orthogonal(nn.Linear(2, 3), orthogonal_map="x")': () =>
      parametrizations.orthogonal(layer(), { orthogonalMap: 'x' as never }),
    'parametrizations.orthogonal(nn.Linear(2, 3), "w")': () =>
      parametrizations.orthogonal(layer(), 'w'),
    'utils.skip_init(nn.ReLU)': () => utils.skipInit(nn.ReLU),
    'make_tensor(2, dtype=torch.float32, device="cpu", low=3, high=2)': () =>
      made([2], { dtype: 'float32', low: 3, high: 2 }),
    'make_tensor(2, dtype=torch.uint8, device="cpu", low=256, high=300)': () =>
      made([2], { dtype: 'uint8', low: 256, high: 300 }),
    'make_tensor(2, dtype=torch.int32, device="cpu", requires_grad=True)': () =>
      made([2], { dtype: 'int32', requiresGrad: true }),
    'schedule(wait=-1, warmup=1, active=1)': () =>
      torch.profiler.schedule({ wait: -1, warmup: 1, active: 1 }),
    'torch.Generator().get_offset()': () => new torch.Generator().getOffset(),
    'torch.set_deterministic_debug_mode("x")': () => torch.setDeterministicDebugMode('x' as never),
  },
  setUp,
);

test('a scheduled profile has the steps that the schedule names, each given when it ends', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-profile-'));
  const seen: string[][] = [];
  const write = torch.profiler.tensorboardTraceHandler(folder, 'mine');
  const last = await torch.profiler.profile(
    {
      schedule: torch.profiler.schedule({ wait: 1, warmup: 1, active: 2, repeat: 2 }),
      onTraceReady: (profile) => {
        seen.push(profile.events().map(({ name }) => name));
        write(profile);
      },
    },
    async (steps) => {
      for (let step = 0; step < 10; step++) {
        torch.ones(2).add(step);
        steps.step();
      }
    },
  );
  const named = (names: string[]) => names.filter((name) => name.startsWith('ProfilerStep'));
  expect(seen.map(named)).toEqual([
    ['ProfilerStep#2', 'ProfilerStep#3'],
    ['ProfilerStep#6', 'ProfilerStep#7'],
  ]);
  expect(seen[1]!.filter((name) => name === 'aten::add')).toHaveLength(2);
  expect(last.events().map(({ name }) => name)).toEqual(seen[1]);
  const files = readdirSync(folder);
  expect(files).toHaveLength(2);
  expect(files.every((file) => /^mine\.\d+\.pt\.trace\.json$/.test(file))).toBe(true);
  expect(JSON.parse(readFileSync(join(folder, files[0]!), 'utf8')).traceEvents).toBeTruthy();
  rmSync(folder, { recursive: true });
});

test('fromFile reads a file, and writes to it where it is shared', () => {
  const file = join(tmpdir(), `tandem-from-file-${process.pid}`);
  writeFileSync(file, Buffer.from(new Float32Array([1, 2, 3]).buffer));
  torch.fromFile(file, { size: 3 }).fill_(9);
  expect(torch.fromFile(file, { size: 3 }).toArray()).toEqual([1, 2, 3]);
  torch.fromFile(file, { size: 2, shared: true }).fill_(7);
  expect(torch.fromFile(file, { size: 3 }).toArray()).toEqual([7, 7, 3]);
  rmSync(file);
  expect(() => torch.fromFile(file, { size: 3 })).toThrow('unable to open file');
});

test('a backward is refused whose tensors were counted as changed', () => {
  const x = torch.ones([2], { requiresGrad: true });
  const y = x.mul(1);
  const z = y.pow(2).sum();
  torch.autograd.graph.incrementVersion(y);
  expect(() => z.backward()).toThrow('modified by an inplace operation');
});

/** Lazy modules, SyncBatchNorm, nn.Buffer and the options of forward hooks: Python's bits, structures and messages. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'tandem-torch';
import { bits, python } from './python';
import { refusedAsInPython } from './refused';

const { nn } = torch;
type T = torch.Tensor;
type Module = torch.nn.Module;

const setUp = `
import warnings
warnings.simplefilter('ignore')
def state(module): return [list(module.state_dict()), *module.state_dict().values()]
def net():
    return nn.Sequential(nn.LazyConv2d(4, 3, padding=1), nn.LazyBatchNorm2d(), nn.ReLU(), nn.Flatten(), nn.LazyLinear(3))
def trained():
    torch.manual_seed(1)
    m = net()
    optimizer = torch.optim.Adam(m.parameters())
    texts = [str(m)]
    for _ in range(3):
        optimizer.zero_grad()
        m(torch.randn(2, 3, 5, 5)).sum().backward()
        optimizer.step()
    return [*texts, str(m), *state(m)]
def initialized():
    torch.manual_seed(1)
    m = net()
    m(torch.randn(2, 3, 5, 5))
    return m
def loaded():
    m = net()
    m.load_state_dict(initialized().state_dict())
    before = str(m)
    return [before, m.eval()(torch.ones(1, 3, 5, 5)), str(m), *state(m)]
def copied():
    torch.manual_seed(2)
    m = nn.Sequential(nn.LazyConv2d(4, 3, padding=1), nn.Flatten(), nn.LazyLinear(3))
    import copy
    other = copy.deepcopy(m)
    other(torch.randn(2, 2, 4, 4))
    return [str(m), str(other), *state(other)]
def empty():
    m, other = net(), net().double()
    return [str(other.load_state_dict(m.state_dict())), str(other[0].weight), str(other[0].weight.dtype), str(other[1].running_mean), str(list(m.parameters())[1])]
class Own(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(2, 2)
        self.scale = nn.Buffer(torch.tensor([2.0]))
        self.note = nn.Buffer(torch.tensor([3.0]), persistent=False)
    def forward(self, x): return self.fc(x) * self.scale
def buffers():
    torch.manual_seed(0)
    m = Own()
    m.double()
    names = [list(m.state_dict()), [n for n, _ in m.named_buffers()]]
    m.scale = torch.tensor([4.0], dtype=torch.float64)
    return [*names, *m.buffers(), *state(m)]
def synced():
    torch.manual_seed(0)
    m = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4, momentum=None), nn.ModuleDict({'a': nn.BatchNorm2d(3, affine=False)}))
    m[1].eval()
    c = nn.SyncBatchNorm.convert_sync_batchnorm(m)
    one = nn.SyncBatchNorm.convert_sync_batchnorm(nn.BatchNorm1d(3))
    y = one(torch.randn(4, 3, 2))
    return [str(c), c is m, c[1].training, y, *state(one), *state(c)]
class Call(nn.Module):
    def forward(self, x, scale=1.0):
        if scale == 0: raise ValueError('zero')
        return x * scale
def hooks():
    log = []
    m = Call()
    m.register_forward_pre_hook(lambda m, a: log.append('first'))
    m.register_forward_pre_hook(lambda m, a: log.append('before'), prepend=True)
    m.register_forward_pre_hook(lambda m, a, k: ((a[0] + 1,), {'scale': k.get('scale', 1.0) * 2}), with_kwargs=True)
    m.register_forward_hook(lambda m, a, k, y: log.append(f"{k['scale']} {bits(a[0])} {bits(y)}"), with_kwargs=True)
    m.register_forward_hook(lambda m, a, y: y + 1, prepend=True)
    m.register_full_backward_hook(lambda m, i, o: log.append('backward'))
    m.register_full_backward_hook(lambda m, i, o: log.append('earlier'), prepend=True)
    m.register_full_backward_pre_hook(lambda m, o: log.append('pre'))
    m.register_full_backward_pre_hook(lambda m, o: log.append('earlier pre'), prepend=True)
    x = torch.ones(2, requires_grad=True)
    m(x, scale=3.0).sum().backward()
    return [*log, x.grad]
def always():
    log = []
    m = Call()
    m.register_forward_hook(lambda m, a, y: log.append(f'always {y}'), always_call=True)
    m.register_forward_hook(lambda m, a, k, y: log.append(f'named {k} {y}'), always_call=True, with_kwargs=True)
    m.register_forward_hook(lambda m, a, y: log.append('never'))
    try: m(torch.ones(1), scale=0)
    except ValueError as error: log.append(str(error))
    return log
`;

const names = (list: readonly string[]) => list.join(' ');
const state = (module: Module): unknown[] => [
  names([...module.stateDict().keys()]),
  ...module.stateDict().values(),
];
const net = () =>
  new nn.Sequential(
    new nn.LazyConv2d(4, 3, { padding: 1 }),
    new nn.LazyBatchNorm2d(),
    new nn.ReLU(),
    new nn.Flatten(),
    new nn.LazyLinear(3),
  );
function initialized() {
  torch.manualSeed(1);
  const m = net();
  m.call(torch.randn(2, 3, 5, 5));
  return m;
}

class Own extends nn.Module {
  fc = new nn.Linear(2, 2);
  scale: T = new nn.Buffer(torch.tensor([{ float: 2 }]));
  note: T = new nn.Buffer(torch.tensor([{ float: 3 }]), { persistent: false });
  forward(x: T): T {
    return this.fc.call(x).mul(this.scale);
  }
}

class Call extends nn.Module {
  forward(x: T, { scale = 1 }: { scale?: number } = {}): T {
    if (scale === 0) throw new Error('zero');
    return x.mul(scale);
  }
}

const runs: Record<string, () => unknown[]> = {
  'trained()': () => {
    torch.manualSeed(1);
    const m = net();
    const optimizer = new torch.optim.Adam(m.parameters());
    const texts = [String(m)];
    for (let step = 0; step < 3; step++) {
      optimizer.zeroGrad();
      m.call(torch.randn(2, 3, 5, 5))
        .sum()
        .backward();
      optimizer.step();
    }
    return [...texts, String(m), ...state(m)];
  },
  'loaded()': () => {
    const m = net();
    m.loadStateDict(initialized().stateDict());
    const before = String(m);
    return [before, m.eval().call(torch.ones(1, 3, 5, 5)), String(m), ...state(m)];
  },
  'copied()': () => {
    torch.manualSeed(2);
    const m = new nn.Sequential(
      new nn.LazyConv2d(4, 3, { padding: 1 }),
      new nn.Flatten(),
      new nn.LazyLinear(3),
    );
    const other = m.deepcopy();
    other.call(torch.randn(2, 2, 4, 4));
    return [String(m), String(other), ...state(other)];
  },
  'empty()': () => {
    const [m, other] = [net(), net().double()];
    const keys = other.loadStateDict(m.stateDict());
    expect(keys).toEqual({ missingKeys: [], unexpectedKeys: [] });
    const conv = other.at(0) as torch.nn.LazyConv2d;
    const norm = other.at(1) as torch.nn.LazyBatchNorm2d;
    expect(norm.runningVar!.dtype).toBe('float64');
    return [
      '<All keys matched successfully>',
      String(conv.weight),
      `torch.${conv.weight.dtype}`,
      String(norm.runningMean),
      String(m.parameters()[1]),
    ];
  },
  'buffers()': () => {
    torch.manualSeed(0);
    const m = new Own();
    m.double();
    const listed = [
      names([...m.stateDict().keys()]),
      names(Array.from(m.namedBuffers(), ([name]) => name)),
    ];
    m.scale = torch.tensor([4], { dtype: 'float64' });
    return [...listed, ...m.buffers(), ...state(m)];
  },
  'synced()': () => {
    torch.manualSeed(0);
    const m = new nn.Sequential(
      new nn.Linear(3, 4),
      new nn.BatchNorm1d(4, { momentum: null }),
      new nn.ModuleDict({ a: new nn.BatchNorm2d(3, { affine: false }) }),
    );
    m.at(1)!.eval();
    const c = nn.SyncBatchNorm.convertSyncBatchnorm(m) as torch.nn.Sequential;
    const one = nn.SyncBatchNorm.convertSyncBatchnorm(new nn.BatchNorm1d(3));
    const y = one.call(torch.randn(4, 3, 2));
    return [String(c), c === m, c.at(1)!.training, y, ...state(one), ...state(c)];
  },
  'hooks()': () => {
    const log: unknown[] = [];
    const m = new Call();
    m.registerForwardPreHook(() => void log.push('first'));
    m.registerForwardPreHook(() => void log.push('before'), { prepend: true });
    m.registerForwardPreHook((_, [x], { scale = 1 }) => [[x.add(1)], { scale: scale * 2 }], {
      withKwargs: true,
    });
    m.registerForwardHook(
      (_, [x], { scale }, y) => void log.push(`${scale.toFixed(1)} ${bits(x)} ${bits(y)}`),
      { withKwargs: true },
    );
    m.registerForwardHook((_, __, y) => y.add(1), { prepend: true });
    m.registerFullBackwardHook(() => void log.push('backward'));
    m.registerFullBackwardHook(() => void log.push('earlier'), { prepend: true });
    m.registerFullBackwardPreHook(() => void log.push('pre'));
    m.registerFullBackwardPreHook(() => void log.push('earlier pre'), { prepend: true });
    const x = torch.ones(2, { requiresGrad: true });
    m.call(x, { scale: 3 }).sum().backward();
    return [...log, x.grad];
  },
  'always()': () => {
    const log: unknown[] = [];
    const m = new Call();
    const none = (y: unknown) => (y === null ? 'None' : y);
    m.registerForwardHook((_, __, y) => void log.push(`always ${none(y)}`), { alwaysCall: true });
    m.registerForwardHook(
      (_, __, { scale }, y) => void log.push(`named {'scale': ${scale}} ${none(y)}`),
      { alwaysCall: true, withKwargs: true },
    );
    m.registerForwardHook(() => void log.push('never'));
    try {
      m.call(torch.ones(1), { scale: 0 });
    } catch (error) {
      log.push((error as Error).message);
    }
    return log;
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

/** Types that the compiler refuses. */
const any = nn as never as Record<string, new (...args: unknown[]) => Module>;

refusedAsInPython(
  {
    'nn.LazyLinear(3).weight.shape': () => new nn.LazyLinear(3).weight.shape,
    'nn.Linear(2, 3).load_state_dict(nn.LazyLinear(3).state_dict())': () =>
      new nn.Linear(2, 3).loadStateDict(new nn.LazyLinear(3).stateDict()),
    'nn.LazyConv2d(3, 3)(torch.ones(3))': () => new nn.LazyConv2d(3, 3).call(torch.ones(3)),
    'nn.LazyConv2d(3, 3)(torch.ones(3, 3))': () => new nn.LazyConv2d(3, 3).call(torch.ones(3, 3)),
    'nn.LazyConvTranspose1d(4, 3, groups=3)(torch.ones(1, 4, 3))': () =>
      new nn.LazyConvTranspose1d(4, 3, { groups: 3 }).call(torch.ones(1, 4, 3)),
    'nn.LazyConv1d(4, 3, groups=0)': () => new nn.LazyConv1d(4, 3, { groups: 0 }),
    'nn.LazyLinear(3)(torch.tensor(1.0))': () =>
      new nn.LazyLinear(3).call(torch.tensor({ float: 1 })),
    'nn.LazyLinear()': () => new any.LazyLinear!(),
    'nn.LazyBatchNorm1d(features=3)': () => new any.LazyBatchNorm1d!({ features: 3 }),
    'nn.LazyBatchNorm1d()(torch.ones(2, 3, 4, 5))': () =>
      new nn.LazyBatchNorm1d().call(torch.ones(2, 3, 4, 5)),
    'nn.SyncBatchNorm(3)(torch.ones(3))': () => new nn.SyncBatchNorm(3).call(torch.ones(3)),
    'nn.SyncBatchNorm(0)(torch.ones(3, 0))': () => new nn.SyncBatchNorm(0).call(torch.ones(3, 0)),
    'nn.Linear(2, 2).register_forward_pre_hook(print, pre=True)': () =>
      new nn.Linear(2, 2).registerForwardPreHook(() => undefined, { pre: true } as never),
  },
  setUp,
);

test('operators refuse tensors that have no sizes yet', () => {
  const layer = new nn.LazyLinear(3);
  const refused = 'Attempted to use an uninitialized parameter in an operator.';
  expect(() => layer.weight.add(1)).toThrow(refused);
  expect(() => torch.matmul(torch.ones(2, 2), layer.weight)).toThrow(refused);
  expect(() => layer.weight.numel()).toThrow(refused);
  expect(() => new nn.LazyBatchNorm1d().runningMean!.sum()).toThrow(refused);
  expect(nn.parameter.isLazy(layer.weight)).toBe(true);
  layer.call(torch.ones(1, 2));
  expect(nn.parameter.isLazy(layer.weight)).toBe(false);
  expect(layer.weight).toBeInstanceOf(nn.Parameter);
  expect(layer.weight.numel()).toBe(6);
});

test('SyncBatchNorm among processes refuses what is not on a GPU, as in Python', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sync-batch-norm-'));
  const [want] = python(
    ['refusal()'],
    `
import torch.distributed as dist
def refusal():
    dist.init_process_group('gloo', init_method='file://${folder}/python', rank=0, world_size=1)
    try: nn.SyncBatchNorm(3)(torch.ones(2, 3))
    except ValueError as error: return str(error) + bits(nn.SyncBatchNorm(3).eval()(torch.ones(2, 3)))
    finally: dist.destroy_process_group()`,
  );
  const initMethod = `file://${folder}/here`;
  torch.distributed.initProcessGroup('gloo', { initMethod, rank: 0, worldSize: 1 });
  try {
    const x = torch.ones(2, 3);
    const evaluated = bits(new nn.SyncBatchNorm(3).eval().call(x));
    expect(() => new nn.SyncBatchNorm(3).call(x)).toThrow(want!.slice(0, -evaluated.length));
    expect(want!.endsWith(evaluated)).toBe(true);
  } finally {
    torch.distributed.destroyProcessGroup();
    rmSync(folder, { recursive: true });
  }
});

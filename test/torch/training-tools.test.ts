/** Checkpoints, hooks of saved tensors, averages of weights, pruning, hooks of states: Python's bits and names. */
import * as torch from 'tandem-torch';
import { bits, python } from './python';
import { refusedAsInPython } from './refused';

const { nn, optim } = torch;
const { prune } = nn.utils;
const { checkpoint, checkpointSequential } = torch.utils.checkpoint;
const { graph } = torch.autograd;
type T = torch.Tensor;
type Net = torch.nn.Sequential;

const setUp = `
from torch import optim
from torch.nn.utils import prune
from torch.utils.checkpoint import checkpoint, checkpoint_sequential
from torch.autograd import graph
import warnings
warnings.simplefilter('ignore')
def make():
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.5), nn.BatchNorm1d(8), nn.Tanh(), nn.Linear(8, 2))
    return net, torch.randn(6, 4, requires_grad=True)
def grads(run):
    net, x = make()
    torch.manual_seed(1)
    y = run(net, x)
    y.sum().backward()
    return [y, x.grad, *[p.grad for p in net.parameters()], *net.buffers()]
def state(module): return [list(module.state_dict()), *module.state_dict().values()]
def pruned(run):
    torch.manual_seed(2)
    fc, conv = nn.Linear(6, 5), nn.Conv2d(3, 4, 3)
    run(fc, conv)
    fc(torch.randn(2, 6)).sum().backward()
    return [state(fc), state(conv), fc.weight, conv.weight, fc.bias.grad, prune.is_pruned(fc)]
def many(*runs):
    def all(fc, conv):
        for run in runs: run(fc, conv)
    return all
def trained(make_optimizer, steps=4):
    net, x = make()
    optimizer = make_optimizer(net)
    for _ in range(steps):
        optimizer.zero_grad()
        net(x.detach()).pow(2).mean().backward()
        optimizer.step()
    return [*net.parameters(), *[t for s in optimizer.state_dict()['state'].values() for t in s.values()], repr(optimizer)]
def sparse(steps=3):
    torch.manual_seed(0)
    table = nn.Embedding(7, 3, sparse=True)
    optimizer = optim.SparseAdam(table.parameters(), lr=0.1)
    for i in range(steps):
        optimizer.zero_grad()
        table(torch.tensor([i, 2, 2, 5])).pow(2).sum().backward()
        optimizer.step()
    return [table.weight, optimizer.state_dict()['state'][0]['exp_avg'], optimizer.state_dict()['state'][0]['exp_avg_sq']]
def averaged(**options):
    net, x = make()
    optimizer = optim.SGD(net.parameters(), lr=0.1)
    average = optim.swa_utils.AveragedModel(net, **options)
    scheduler = optim.swa_utils.SWALR(optimizer, swa_lr=0.02, anneal_epochs=3)
    rates = []
    for _ in range(4):
        optimizer.zero_grad()
        net(x.detach()).sum().backward()
        optimizer.step()
        average.update_parameters(net)
        scheduler.step()
        rates.append(optimizer.param_groups[0]['lr'])
    optim.swa_utils.update_bn([(x.detach() * 2,), (x.detach(),)], average)
    return [state(average), rates, average.training]
def text(value):
    if isinstance(value, (list, tuple)): return ' '.join(text(v) for v in value)
    return bits(value) if isinstance(value, torch.Tensor) else str(value)
`;

function make(): [Net, T] {
  torch.manualSeed(0);
  const net = new nn.Sequential(
    new nn.Linear(4, 8),
    new nn.Dropout(0.5),
    new nn.BatchNorm1d(8),
    new nn.Tanh(),
    new nn.Linear(8, 2),
  );
  return [net, torch.randn(6, 4, { requiresGrad: true })];
}
function grads(run: (net: Net, x: T) => T) {
  const [net, x] = make();
  torch.manualSeed(1);
  const y = run(net, x);
  y.sum().backward();
  return [y, x.grad, ...net.parameters().map(({ grad }) => grad), ...net.buffers()];
}
const state = (module: torch.nn.Module) => [
  [...module.stateDict().keys()].join(' '),
  ...module.stateDict().values(),
];
type Pair = [fc: torch.nn.Linear, conv: torch.nn.Conv2d];
function pruned(...runs: ((...pair: Pair) => unknown)[]) {
  torch.manualSeed(2);
  const [fc, conv]: Pair = [new nn.Linear(6, 5), new nn.Conv2d(3, 4, 3)];
  for (const run of runs) run(fc, conv);
  fc.call(torch.randn(2, 6)).sum().backward();
  return [state(fc), state(conv), fc.weight, conv.weight, fc.bias!.grad, prune.isPruned(fc)];
}
function trained(makeOptimizer: (net: Net) => torch.optim.Optimizer<never>, steps = 4) {
  const [net, x] = make();
  const optimizer = makeOptimizer(net);
  for (let step = 0; step < steps; step++) {
    optimizer.zeroGrad();
    (net.call(x.detach()) as T).pow(2).mean().backward();
    optimizer.step();
  }
  const { state: kept } = optimizer.stateDict() as unknown as { state: Map<number, object> };
  const states = [...kept.values()].flatMap((each) => Object.values(each));
  return [...net.parameters(), ...states, String(optimizer)];
}
function sparse(steps = 3) {
  torch.manualSeed(0);
  const table = new nn.Embedding(7, 3, { sparse: true });
  const optimizer = new optim.SparseAdam(table.parameters(), { lr: 0.1 });
  for (let i = 0; i < steps; i++) {
    optimizer.zeroGrad();
    table
      .call(torch.tensor([i, 2, 2, 5]))
      .pow(2)
      .sum()
      .backward();
    optimizer.step();
  }
  const { expAvg, expAvgSq } = optimizer.state.get(table.weight)!;
  return [table.weight, expAvg, expAvgSq];
}
function averaged(options: ConstructorParameters<typeof optim.swaUtils.AveragedModel>[1] = {}) {
  const [net, x] = make();
  const optimizer = new optim.SGD(net.parameters(), { lr: 0.1 });
  const average = new optim.swaUtils.AveragedModel(net, options as never);
  const scheduler = new optim.swaUtils.SWALR(optimizer, { swaLr: 0.02, annealEpochs: 3 });
  const rates: number[] = [];
  for (let step = 0; step < 4; step++) {
    optimizer.zeroGrad();
    (net.call(x.detach()) as T).sum().backward();
    optimizer.step();
    average.updateParameters(net);
    scheduler.step();
    rates.push(optimizer.paramGroups[0]!.lr);
  }
  optim.swaUtils.updateBn([[x.detach().mul(2)], [x.detach()]], average);
  return [state(average), rates, average.training];
}

const matrices = (net: Net) => net.parameters().filter(({ ndim }) => ndim === 2);

const twins: Record<string, () => unknown> = {
  'grads(lambda net, x: checkpoint(net, x, use_reentrant=False))': () =>
    grads((net, x) => checkpoint((y: T) => net.call(y), x, { useReentrant: false })),
  'grads(lambda net, x: checkpoint(net, x, use_reentrant=True))': () =>
    grads((net, x) => checkpoint((y: T) => net.call(y), x, { useReentrant: true })),
  'grads(lambda net, x: checkpoint_sequential(net, 2, x, use_reentrant=False))': () =>
    grads((net, x) => checkpointSequential(net.children() as never, 2, x, { useReentrant: false })),
  'grads(lambda net, x: checkpoint(lambda y: checkpoint(net, y, use_reentrant=False) * 2, x, use_reentrant=False))':
    () =>
      grads((net, x) =>
        checkpoint(
          (y: T) => checkpoint((z: T) => net.call(z), y, { useReentrant: false }).mul(2),
          x,
          { useReentrant: false },
        ),
      ),
  'trained(lambda net: optim.Adafactor(net.parameters(), lr=0.05, weight_decay=0.1))': () =>
    trained(
      (net) => new optim.Adafactor(net.parameters(), { lr: 0.05, weightDecay: 0.1 }) as never,
    ),
  'trained(lambda net: optim.Adafactor(net.parameters(), foreach=True, maximize=True, eps=(1e-6, 1e-2), d=2.0))':
    () =>
      trained(
        (net) =>
          new optim.Adafactor(net.parameters(), {
            foreach: true,
            maximize: true,
            eps: [1e-6, 1e-2],
            d: 2,
          }) as never,
      ),
  'trained(lambda net: optim.Muon([p for p in net.parameters() if p.ndim == 2]))': () =>
    trained((net) => new optim.Muon(matrices(net)) as never),
  "trained(lambda net: optim.Muon([p for p in net.parameters() if p.ndim == 2], lr=0.1, nesterov=False, adjust_lr_fn='match_rms_adamw'))":
    () =>
      trained(
        (net) =>
          new optim.Muon(matrices(net), {
            lr: 0.1,
            nesterov: false,
            adjustLrFn: 'match_rms_adamw',
          }) as never,
      ),
  'sparse()': () => sparse(),
  'averaged()': () => averaged(),
  'averaged(use_buffers=True)': () => averaged({ useBuffers: true }),
  'averaged(avg_fn=optim.swa_utils.get_ema_avg_fn(0.9))': () =>
    averaged({ avgFn: optim.swaUtils.getEmaAvgFn(0.9) }),
  'averaged(avg_fn=optim.swa_utils.get_swa_avg_fn())': () =>
    averaged({ avgFn: optim.swaUtils.getSwaAvgFn() }),
  'averaged(multi_avg_fn=optim.swa_utils.get_ema_multi_avg_fn(0.9))': () =>
    averaged({ multiAvgFn: optim.swaUtils.getEmaMultiAvgFn(0.9) }),
  "pruned(lambda fc, conv: prune.l1_unstructured(fc, 'weight', amount=0.35))": () =>
    pruned((fc) => prune.l1Unstructured(fc, 'weight', { amount: 0.35 })),
  "pruned(many(lambda fc, conv: prune.l1_unstructured(fc, 'weight', 7), lambda fc, conv: prune.random_unstructured(fc, 'weight', 0.5)))":
    () =>
      pruned(
        (fc) => prune.l1Unstructured(fc, 'weight', 7),
        (fc) => prune.randomUnstructured(fc, 'weight', 0.5),
      ),
  "pruned(many(lambda fc, conv: prune.ln_structured(conv, 'weight', 0.5, n=2, dim=0), lambda fc, conv: prune.random_structured(conv, 'weight', 1, dim=1)))":
    () =>
      pruned(
        (_, conv) => prune.lnStructured(conv, 'weight', 0.5, { n: 2, dim: 0 }),
        (_, conv) => prune.randomStructured(conv, 'weight', 1, { dim: 1 }),
      ),
  "pruned(lambda fc, conv: prune.global_unstructured([(fc, 'weight'), (conv, 'weight')], prune.L1Unstructured, amount=0.3))":
    () =>
      pruned((fc, conv) =>
        prune.globalUnstructured(
          [
            [fc, 'weight'],
            [conv, 'weight'],
          ],
          prune.L1Unstructured as never,
          { amount: 0.3 },
        ),
      ),
  "pruned(lambda fc, conv: prune.remove(prune.identity(prune.custom_from_mask(fc, 'bias', torch.tensor([1, 0, 1, 0, 1])), 'weight'), 'bias'))":
    () =>
      pruned((fc) =>
        prune.remove(
          prune.identity(prune.customFromMask(fc, 'bias', torch.tensor([1, 0, 1, 0, 1])), 'weight'),
          'bias',
        ),
      ),
};

const text = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(text).join(' ');
  return value instanceof torch.Tensor
    ? bits(value)
    : typeof value === 'boolean'
      ? bits(value)
      : String(value);
};

const expected = python(
  Object.keys(twins).map((expression) => `text(${expression})`),
  setUp,
);

test.each(Object.entries(twins).map(([name, run], i) => [name, run, expected[i]!] as const))(
  '%s',
  (_, run, want) => {
    expect(text(run())).toBe(want);
  },
);

describe('hooks of saved tensors', () => {
  const plain = () => text(grads((net, x) => net.call(x) as T));

  test('give the same gradients, packed in any way', () => {
    const packed = (run: (net: Net, x: T) => T) => text(grads(run));
    expect(packed((net, x) => graph.saveOnCpu(() => net.call(x) as T))).toBe(plain());
    const boxed = (t: T) => new Map([['copy', t.clone()]]);
    const opened = (box: Map<string, T>) => box.get('copy')!;
    expect(packed((net, x) => graph.savedTensorsHooks(boxed, opened, () => net.call(x) as T))).toBe(
      plain(),
    );
  });

  test('forget what nothing in a graph refers to', () => {
    let alive = 0;
    const registry = new FinalizationRegistry(() => void alive--);
    const [net, x] = make();
    for (let i = 0; i < 200; i++) {
      const y = graph.savedTensorsHooks(
        (t) => {
          const box = { t };
          alive++;
          registry.register(box, 0);
          return box;
        },
        ({ t }) => t,
        () => net.call(x) as T,
      );
      y.sum().backward();
    }
    expect(alive).toBeGreaterThan(0);
  });

  test('may dispose of what the operator that runs works on', () => {
    const gradient = (meanwhile: (...operands: T[]) => void) => {
      const w = torch.tensor([1, 2, 3], { dtype: 'float32', requiresGrad: true });
      const [a, b] = [w.mul(2), w.add(1)];
      const y = graph.savedTensorsHooks(
        (t) => {
          meanwhile(a, b);
          // Takes the memory that would be free by now.
          return Array.from({ length: 50 }, () => t.clone())[0]!;
        },
        (t) => t,
        () => torch.addcmul(a, a, b, { value: 3 }).mul(a.isDisposed ? 2 : torch.tensor(2)),
      );
      y.sum().backward();
      return w.grad!.toArray();
    };
    const dispose = (...operands: T[]) => operands.forEach((operand) => void operand.dispose());
    expect(gradient(dispose)).toEqual(gradient(() => {}));
  });

  test('pass on what they throw, and leave their mode', () => {
    const [net, x] = make();
    const own = new Error('mine');
    const fail = () => {
      throw own;
    };
    expect(() => graph.savedTensorsHooks(fail, fail, () => net.call(x))).toThrow(own);
    const y = graph.savedTensorsHooks(
      () => 1,
      fail,
      () => net.call(x) as T,
    );
    expect(() => y.sum().backward()).toThrow(own);
    expect(() =>
      graph.disableSavedTensorsHooks('not here', () => graph.saveOnCpu(() => net.call(x))),
    ).toThrow('not here');
    expect(plain()).toBe(plain());
  });

  test('a checkpoint says so when the second run saves other tensors', () => {
    let runs = 0;
    const uneven = (x: T) => (runs++ ? x.exp().sin() : x.exp());
    const y = checkpoint(uneven, make()[1], { useReentrant: false }) as T;
    expect(() => y.sum().backward()).toThrow(/A different number of tensors was saved/);
  });
});

describe('a state dict', () => {
  class Counter extends nn.Module {
    fc = new nn.Linear(2, 2);
    count = 0;
    override getExtraState() {
      return { count: this.count };
    }
    override setExtraState({ count }: { count: number }) {
      this.count = count;
    }
    forward() {}
  }

  test('holds what a class saves besides tensors', () => {
    const [a, b] = [new Counter(), new Counter()];
    a.count = 7;
    expect([...a.stateDict().keys()]).toEqual(['_extra_state', 'fc.weight', 'fc.bias']);
    b.loadStateDict(a.stateDict());
    expect(b.count).toBe(7);
    const without = new Map([...a.stateDict()].slice(1));
    expect(() => b.loadStateDict(without)).toThrow('Missing key(s) in state_dict: "_extra_state"');
    expect(() =>
      new nn.Linear(2, 2).loadStateDict(
        new Map([...a.fc.stateDict(), ['_extra_state', torch.ones(1)]]),
      ),
    ).toThrow('Unexpected key(s) in state_dict: "_extra_state"');
  });

  test('goes through the hooks around it, inner modules too', () => {
    const net = new nn.Sequential(new nn.Linear(1, 1));
    const inner = net.children()[0]!;
    const log: string[] = [];
    inner.registerStateDictPreHook((_, prefix) => void log.push(`pre ${prefix}`));
    inner.registerStateDictPostHook(
      (_, state, prefix) => void state.set(`${prefix}mine`, torch.ones(1)),
    );
    const handle = inner.registerLoadStateDictPreHook((_, state, prefix) => {
      state.delete(`${prefix}mine`);
    });
    net.registerLoadStateDictPostHook((module, keys) => {
      log.push(`post ${(module as Net).children()[0]!.getParameter('bias').item()}`);
      keys.missingKeys.length = 0;
    });
    const state = net.stateDict();
    expect([...state.keys()]).toEqual(['0.weight', '0.bias', '0.mine']);
    state.set('0.bias', torch.tensor([{ float: 3 }]));
    state.delete('0.weight');
    net.loadStateDict(state);
    expect(log).toEqual(['pre 0.', 'post 3']);
    handle.remove();
    expect(() => net.loadStateDict(net.stateDict())).toThrow(
      'Unexpected key(s) in state_dict: "0.mine"',
    );
  });

  test('of an optimizer goes through its hooks', () => {
    const optimizer = new optim.SGD([new nn.Parameter(torch.ones(1))], { lr: 0.5 });
    const log: string[] = [];
    optimizer.registerStateDictPreHook(() => void log.push('save'));
    optimizer.registerStateDictPostHook((_, dict) => ({ ...dict, mine: 1 }) as never);
    optimizer.registerLoadStateDictPreHook((_, dict) => {
      log.push('mine' in dict ? 'load' : 'no');
      return undefined;
    });
    optimizer.registerLoadStateDictPostHook(() => void log.push('loaded'));
    optimizer.loadStateDict(optimizer.stateDict());
    expect(log).toEqual(['save', 'load', 'loaded']);
  });
});

test('setSubmodule, toEmpty and type', () => {
  const net = new nn.Sequential(new nn.Linear(2, 2), new nn.Sequential(new nn.ReLU()));
  net.setSubmodule('1.0', new nn.Tanh());
  expect(String(net)).toMatch('(0): Tanh()');
  const made = new nn.BatchNorm1d(3, { device: 'meta' }).toEmpty({ device: 'cpu' });
  expect([made.weight!.device.type, made.runningMean!.device.type]).toEqual(['cpu', 'cpu']);
  expect(made.numBatchesTracked!.dtype).toBe('int64');
  expect(new nn.Linear(1, 1).type('float64').weight.dtype).toBe('float64');
});

refusedAsInPython(
  {
    "prune.l1_unstructured(nn.Linear(2, 2), 'weight', 1.5)": () =>
      prune.l1Unstructured(new nn.Linear(2, 2), 'weight', 1.5),
    "prune.l1_unstructured(nn.Linear(2, 2), 'weight', 9)": () =>
      prune.l1Unstructured(new nn.Linear(2, 2), 'weight', 9),
    "prune.random_structured(nn.Linear(2, 2), 'bias', 1, 0)": () =>
      prune.randomStructured(new nn.Linear(2, 2), 'bias', 1, 0),
    "prune.remove(nn.Linear(2, 2), 'weight')": () => prune.remove(new nn.Linear(2, 2), 'weight'),
    'optim.Muon(nn.Linear(2, 2).parameters())': () =>
      new optim.Muon(new nn.Linear(2, 2).parameters()),
    'optim.Adafactor(nn.Linear(2, 2).parameters(), d=0.5)': () =>
      new optim.Adafactor(new nn.Linear(2, 2).parameters(), { d: 0.5 }),
    'optim.SparseAdam(nn.Linear(2, 2).parameters(), lr=0)': () =>
      new optim.SparseAdam(new nn.Linear(2, 2).parameters(), { lr: 0 }),
    'optim.swa_utils.get_ema_avg_fn(2)': () => optim.swaUtils.getEmaAvgFn(2),
    "nn.Sequential(nn.ReLU()).set_submodule('', nn.ReLU())": () =>
      new nn.Sequential(new nn.ReLU()).setSubmodule('', new nn.ReLU()),
    "nn.Sequential(nn.ReLU()).set_submodule('1', nn.ReLU(), strict=True)": () =>
      new nn.Sequential(new nn.ReLU()).setSubmodule('1', new nn.ReLU(), { strict: true }),
    "nn.Linear(1, 1).set_submodule('weight', nn.ReLU())": () =>
      new nn.Linear(1, 1).setSubmodule('weight', new nn.ReLU()),
  },
  setUp,
);

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as torch from 'tandem-torch';
import { collectGarbage } from '../../src/torch/garbage';
import { native } from '../../src/torch/native';
import { bits, python } from './python';

const { optim } = torch;

/** Parameters of several shapes and a loss that needs them all, drawn in this order. */
const setUp = `
torch.manual_seed(1)
params = [torch.nn.Parameter(torch.randn(4, 3)), torch.nn.Parameter(torch.randn(3)), torch.nn.Parameter(torch.randn(()))]
x = torch.randn(6, 4)
def loss():
    return ((x @ params[0]).sin() * params[1] + params[2]).pow(2).mean()
def train(optimizer, steps):
    def closure():
        optimizer.zero_grad()
        value = loss()
        value.backward()
        return value
    for _ in range(steps):
        optimizer.step(closure)
    return params`;

function problem() {
  torch.manualSeed(1);
  const params = [[4, 3], [3], []].map((shape) => new torch.nn.Parameter(torch.randn(shape)));
  const x = torch.randn(6, 4);
  const loss = () => x.matmul(params[0]!).sin().mul(params[1]!).add(params[2]!).pow(2).mean();
  return { params, loss };
}

interface Steppable {
  zeroGrad(): void;
  step(closure: () => torch.Tensor): torch.Tensor;
}

function train(optimizer: Steppable, loss: () => torch.Tensor, steps: number): void {
  for (let step = 0; step < steps; step++) {
    torch.tidy(() => {
      optimizer.step(() => {
        optimizer.zeroGrad();
        const value = loss();
        value.backward();
        return value;
      });
    });
  }
}

type Make = (params: torch.Tensor[]) => Steppable & { toString(): string };

const optimizers: Record<string, Make> = {
  'SGD(params, lr=0.05, momentum=0.9)': (p) => new optim.SGD(p, { lr: 0.05, momentum: 0.9 }),
  'Adam(params, weight_decay=0.1)': (p) => new optim.Adam(p, { weightDecay: 0.1 }),
  'AdamW(params, amsgrad=True)': (p) => new optim.AdamW(p, { amsgrad: true }),
  'RMSprop(params, centered=True)': (p) => new optim.RMSprop(p, { centered: true }),
  'Adagrad(params, lr_decay=0.01)': (p) => new optim.Adagrad(p, { lrDecay: 0.01 }),
  'Adadelta(params)': (p) => new optim.Adadelta(p),
  'NAdam(params)': (p) => new optim.NAdam(p),
  'RAdam(params)': (p) => new optim.RAdam(p),
  'RAdam(params, foreach=True)': (p) => new optim.RAdam(p, { foreach: true }),
  'Adamax(params)': (p) => new optim.Adamax(p),
  'ASGD(params, t0=5)': (p) => new optim.ASGD(p, { t0: 5 }),
  'Rprop(params)': (p) => new optim.Rprop(p),
  'LBFGS(params, lr=0.5, max_iter=3)': (p) => new optim.LBFGS(p, { lr: 0.5, maxIter: 3 }),
};

const expected = python(
  ['[bits(train(o, 30)) for o in optimizers]', '[repr(o) for o in optimizers]'].map(
    (list) =>
      `__import__('json').dumps(${list.replace('for o in optimizers', 'for o in map(make, names)')})`,
  ),
  `names = ${JSON.stringify(Object.keys(optimizers))}
def make(name):
    exec('''${setUp}''', globals())
    return eval('torch.optim.' + name)`,
);
const [trained, printed] = expected.map((text) => JSON.parse(text) as string[]) as [
  string[],
  string[],
];

describe.each(Object.entries(optimizers).map(([name, make], n) => ({ name, make, n })))(
  '$name',
  ({ make, n }) => {
    test('30 steps give Python’s parameters', () => {
      const { params, loss } = problem();
      train(make(params), loss, 30);
      expect(bits(params)).toBe(trained[n]);
    });

    test('prints as in Python', () => {
      expect(String(make(problem().params))).toBe(printed[n]!.replaceAll('t0: 5\n', 't0: 5.0\n'));
    });
  },
);

test('a state dict has Python’s layout', () => {
  const [want] = python(
    ['show(optimizer.state_dict())'],
    `${setUp}
groups = [{'params': params[:1], 'lr': 0.5}, {'params': params[1:]}]
optimizer = torch.optim.Adam(groups, amsgrad=True, betas=(0.8, 0.9))
train(optimizer, 2)
def show(d):
    state = {n: {k: bits(v) for k, v in s.items()} for n, s in d['state'].items()}
    return __import__('json').dumps([list(state.items()), d['param_groups']])`,
  );
  const { params, loss } = problem();
  const optimizer = new optim.Adam(
    [{ params: params.slice(0, 1), lr: 0.5 }, { params: params.slice(1) }],
    { amsgrad: true, betas: [0.8, 0.9] },
  );
  train(optimizer, loss, 2);
  const { state, param_groups } = optimizer.stateDict();
  const shown = Array.from(state, ([n, values]) => [
    n,
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, bits(value)])),
  ]);
  expect([shown, param_groups]).toEqual(JSON.parse(want!));
});

test.each([
  ['SGD', (p: torch.Tensor[]) => new optim.SGD(p, { momentum: 0.9 })],
  ['Adam', (p: torch.Tensor[]) => new optim.Adam(p)],
  ['NAdam', (p: torch.Tensor[]) => new optim.NAdam(p)],
  ['LBFGS', (p: torch.Tensor[]) => new optim.LBFGS(p, { lr: 0.1, maxIter: 3, historySize: 2 })],
] as const)('training goes on from a state dict of %s as if it had not stopped', (_, make) => {
  const whole = problem();
  train(make(whole.params), whole.loss, 6);
  const { params, loss } = problem();
  const first = make(params);
  train(first, loss, 3);
  const { state, param_groups } = first.stateDict();
  const second = make(params);
  // As a file gives it: maps, and plain objects, alike.
  second.loadStateDict(
    new Map<string, unknown>([
      ['state', state],
      ['param_groups', param_groups],
    ]),
  );
  train(second, loss, 3);
  expect(bits(params)).toBe(bits(whole.params));
});

describe('checkpoints', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-optim-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const names = [
    'SGD(params, lr=0.05, momentum=0.9)',
    'AdamW(params, amsgrad=True)',
    'NAdam(params)',
    'Rprop(params)',
    'LBFGS(params, lr=0.5, max_iter=3)',
  ];
  const file = (language: string, n: number) => join(folder, `${language}-${n}.pt`);

  test('of one language continue in the other as if training had not stopped', () => {
    names.forEach((name, n) => {
      const { params, loss } = problem();
      const optimizer = optimizers[name]!(params) as ReturnType<Make> & torch.optim.Optimizer;
      train(optimizer, loss, 3);
      torch.save([params.map((p) => p.detach()), optimizer.stateDict()] as never, file('ts', n));
    });
    const wholes = python(
      names.map((_, n) => `halves(${n})`),
      `
files, names = ${JSON.stringify(`${folder}/`)}, ${JSON.stringify(names)}
def make(n):
    exec("""${setUp}""", globals())
    return eval('torch.optim.' + names[n])
def halves(n):
    optimizer = make(n)
    train(optimizer, 3)
    torch.save([[p.data for p in params], optimizer.state_dict()], f'{files}python-{n}.pt')
    whole = bits(train(optimizer, 3))
    optimizer = make(n)
    values, state = torch.load(f'{files}ts-{n}.pt')
    for param, value in zip(params, values):
        param.data = value
    optimizer.load_state_dict(state)
    assert bits(train(optimizer, 3)) == whole, names[n]
    return whole`,
    );
    names.forEach((name, n) => {
      const { params, loss } = problem();
      const [values, state] = torch.load<[torch.Tensor[], torch.optim.OptimizerStateDict]>(
        file('python', n),
      );
      params.forEach((param, i) => {
        param.data = values[i]!;
      });
      const optimizer = optimizers[name]!(params) as ReturnType<Make> & torch.optim.Optimizer;
      optimizer.loadStateDict(state);
      train(optimizer, loss, 3);
      expect(bits(params)).toBe(wholes[n]);
    });
  });
});

test('a state dict takes the parameters’ dtype and must fit the groups', () => {
  const param = new torch.nn.Parameter(torch.ones([2], { dtype: 'float64' }));
  const optimizer = new optim.Adam([param]);
  const group = optimizer.stateDict().param_groups[0]!;
  const average = torch.ones(2);
  const state = { 0: { step: 3, exp_avg: average, exp_avg_sq: average } };
  optimizer.loadStateDict({ state, param_groups: [{ ...group, lr: 0.5, params: [0] }] });
  expect(optimizer.paramGroups[0]!.lr).toBe(0.5);
  const loaded = optimizer.state.get(param)!;
  expect(loaded.expAvg.dtype).toBe('float64');
  expect(loaded.step.item()).toBe(3);
  expect(() => optimizer.loadStateDict({ state, param_groups: [] })).toThrow(
    'different number of parameter groups',
  );
  expect(() =>
    optimizer.loadStateDict({ state, param_groups: [{ ...group, params: [0, 1] }] }),
  ).toThrow("doesn't match the size of optimizer's group");
});

test('groups have settings of their own and PyTorch’s errors', () => {
  const [a, b, c] = problem().params as unknown as [torch.Tensor, torch.Tensor, torch.Tensor];
  const optimizer = new optim.SGD([{ params: a, lr: 1 }], { lr: 0.1, momentum: 0.5 });
  optimizer.addParamGroup({ params: [b], momentum: 0 });
  expect(optimizer.paramGroups.map(({ lr, momentum }) => [lr, momentum])).toEqual([
    [1, 0.5],
    [0.1, 0],
  ]);
  expect(() => optimizer.addParamGroup({ params: [c, a] })).toThrow(
    'some parameters appear in more than one parameter group',
  );
  expect(() => optimizer.addParamGroup({ params: [['c', c]] })).toThrow(
    'all optimizer param groups should be with/without names. ' +
      'cannot add param group with names to the optimizer',
  );
  expect(() => new optim.SGD([a.mul(2)])).toThrow("can't optimize a non-leaf Tensor");
  expect(() => new optim.SGD([])).toThrow('optimizer got an empty parameter list');
  expect(() => new optim.SGD(a as never)).toThrow('should be an iterable of Tensors or dicts');
  expect(() => new optim.SGD([1] as never)).toThrow('optimizer can only optimize Tensors');
  expect(() => new optim.LBFGS([{ params: [a] }, { params: [b] }])).toThrow(
    "LBFGS doesn't support per-parameter options",
  );
});

test('settings out of their range are refused with Python’s message', () => {
  const { params } = problem();
  const cases: [string, () => unknown][] = [
    ['SGD(params, lr=-0.1)', () => new optim.SGD(params, { lr: -0.1 })],
    ['SGD(params, weight_decay=-0.1)', () => new optim.SGD(params, { weightDecay: -0.1 })],
    ['SGD(params, nesterov=True)', () => new optim.SGD(params, { nesterov: true })],
    [
      'SGD(params, fused=True, foreach=True)',
      () => new optim.SGD(params, { fused: true, foreach: true }),
    ],
    ['Adam(params, betas=(1.0, 0.9))', () => new optim.Adam(params, { betas: [1.5, 0.9] })],
    ['Adam(params, eps=-1e-9)', () => new optim.Adam(params, { eps: -1e-9 })],
    ['RMSprop(params, alpha=-0.5)', () => new optim.RMSprop(params, { alpha: -0.5 })],
    ['Adagrad(params, lr_decay=-0.5)', () => new optim.Adagrad(params, { lrDecay: -0.5 })],
    ['Adadelta(params, rho=1.5)', () => new optim.Adadelta(params, { rho: 1.5 })],
    ['NAdam(params, momentum_decay=-0.5)', () => new optim.NAdam(params, { momentumDecay: -0.5 })],
    ['Rprop(params, etas=(0.5, 0.9))', () => new optim.Rprop(params, { etas: [0.5, 0.9] })],
  ];
  const messages = python(
    cases.map(([name]) => `message(${JSON.stringify(name.replace('1.0, 0.9', '1.5, 0.9'))})`),
    `${setUp}
def message(name):
    try:
        eval('torch.optim.' + name)
    except (ValueError, RuntimeError) as error:
        return str(error)`,
  );
  cases.forEach(([, make], i) => {
    expect(make).toThrow(messages[i]!);
  });
});

test('names of parameters are kept and saved', () => {
  const model = new torch.nn.Linear(2, 2);
  const optimizer = new optim.Adam(model.namedParameters());
  expect(optimizer.paramGroups[0]!.paramNames).toEqual(['weight', 'bias']);
  expect(optimizer.stateDict().param_groups[0]!.param_names).toEqual(['weight', 'bias']);
  expect(String(optimizer)).toContain("    param_names: ['weight', 'bias']\n");
});

test('hooks run around each step, and the closure’s loss is returned', () => {
  const { params, loss } = problem();
  const optimizer = new optim.SGD(params);
  const seen: string[] = [];
  const remove = optimizer.registerStepPreHook((of) => {
    seen.push(of === (optimizer as unknown) ? 'before' : 'other');
  });
  optimizer.registerStepPostHook(() => void seen.push('after'));
  const closure = () => {
    seen.push('closure');
    return loss();
  };
  const before = loss().item();
  const result = torch.noGrad(() => optimizer.step(closure));
  expect(result.item()).toBe(before);
  expect(result.requiresGrad).toBe(true);
  remove();
  expect(optimizer.step()).toBeUndefined();
  expect(seen).toEqual(['before', 'closure', 'after', 'after']);
  expect(() => new optim.LBFGS(params).step()).toThrow(/missing 1 required positional argument/);
});

test('gradients are forgotten, or set to zero', () => {
  const { params, loss } = problem();
  const optimizer = new optim.SGD(params);
  loss().backward();
  optimizer.zeroGrad({ setToNone: false });
  expect(params.map((param) => param.grad!.abs().sum().item())).toEqual([0, 0, 0]);
  optimizer.zeroGrad();
  expect(params.map((param) => param.grad)).toEqual([null, null, null]);
});

test('sparse gradients change the rows that they have, as in Python', () => {
  const [sgd, adagrad, refusal] = python(
    ['sparse("SGD")', 'sparse("Adagrad")', 'sparse("Adam")'],
    `
import warnings
warnings.simplefilter('ignore')
def sparse(name):
    torch.manual_seed(2)
    weight = torch.nn.Parameter(torch.randn(5, 2))
    optimizer = getattr(torch.optim, name)([weight], lr=0.1)
    try:
        for _ in range(3):
            optimizer.zero_grad()
            F.embedding(torch.tensor([1, 3, 1]), weight, sparse=True).pow(2).sum().backward()
            optimizer.step()
    except RuntimeError as error:
        return str(error)
    return bits(weight)`,
  );
  const sparse = (make: (params: torch.Tensor[]) => torch.optim.Optimizer) => {
    torch.manualSeed(2);
    const weight = new torch.nn.Parameter(torch.randn(5, 2));
    const optimizer = make([weight]);
    for (let step = 0; step < 3; step++) {
      optimizer.zeroGrad();
      const rows = torch.ops.aten.embedding(weight, torch.tensor([1, 3, 1]), -1, false, true);
      rows.pow(2).sum().backward();
      optimizer.step();
    }
    return bits(weight);
  };
  expect(sparse((p) => new optim.SGD(p, { lr: 0.1 }))).toBe(sgd);
  expect(sparse((p) => new optim.Adagrad(p, { lr: 0.1 }))).toBe(adagrad);
  expect(() => sparse((p) => new optim.Adam(p))).toThrow(refusal!);
});

test('complex parameters learn as in Python', () => {
  const cases = {
    'Adam([z])': (p: torch.Tensor[]) => new optim.Adam(p),
    'Rprop([z])': (p: torch.Tensor[]) => new optim.Rprop(p),
    'Adagrad([z], initial_accumulator_value=0.1)': (p: torch.Tensor[]) =>
      new optim.Adagrad(p, { initialAccumulatorValue: 0.1 }),
    'Adadelta([z], foreach=True)': (p: torch.Tensor[]) => new optim.Adadelta(p, { foreach: true }),
    'LBFGS([z])': (p: torch.Tensor[]) => new optim.LBFGS(p),
  };
  const wanted = python(
    Object.keys(cases).map((name) => `train(${JSON.stringify(name)})`),
    `
def train(name):
    torch.manual_seed(2)
    z = torch.nn.Parameter(torch.randn(3, 2, dtype=torch.complex64))
    optimizer = eval('torch.optim.' + name, {'torch': torch, 'z': z})
    def closure():
        optimizer.zero_grad()
        loss = (z - 1).abs().pow(2).sum()
        loss.backward()
        return loss
    for _ in range(4):
        optimizer.step(closure)
    return bits(torch.view_as_real(z))`,
  );
  Object.values(cases).forEach((make, i) => {
    torch.manualSeed(2);
    const z = new torch.nn.Parameter(torch.randn([3, 2], { dtype: 'complex64' }));
    train(make([z]), () => z.sub(1).abs().pow(2).sum(), 4);
    expect(bits(torch.viewAsReal(z))).toBe(wanted[i]);
  });
});

test('a step leaves nothing behind but the state', () => {
  for (const [name, make] of Object.entries(optimizers)) {
    if (name.startsWith('LBFGS')) continue;
    const { params, loss } = problem();
    const optimizer = make(params);
    train(optimizer, loss, 3);
    // Else a collection during the steps would free what earlier tests have left.
    collectGarbage(native);
    const held = native.heldBytes();
    train(optimizer, loss, 5);
    expect(`${name} ${native.heldBytes() - held}`).toBe(`${name} 0`);
  }
});

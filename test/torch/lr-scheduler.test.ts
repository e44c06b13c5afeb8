import * as torch from 'tandem-torch';
import { cos, log, pow } from '../../src/torch/optim/libm';
import { python } from './python';

const { SGD, Adam, lrScheduler } = torch.optim;

const parameter = () => new torch.nn.Parameter(torch.zeros(1));
const sgd = (lr = 0.1) => new SGD([parameter()], { lr, momentum: 0.9 });

type Scheduler = torch.optim.lrScheduler.Scheduler;

/** Each scheduler with Python's expression for it. */
const twins: Record<string, (optimizer: torch.optim.Optimizer) => Scheduler> = {
  'StepLR(o, 2)': (o) => new lrScheduler.StepLR(o, 2),
  'MultiStepLR(o, [2, 2, 5], gamma=0.3)': (o) =>
    new lrScheduler.MultiStepLR(o, [2, 2, 5], { gamma: 0.3 }),
  'LambdaLR(o, lambda e: 1 / (e + 1))': (o) => new lrScheduler.LambdaLR(o, (e) => 1 / (e + 1)),
  'ConstantLR(o, total_iters=4)': (o) => new lrScheduler.ConstantLR(o, { totalIters: 4 }),
  'LinearLR(o)': (o) => new lrScheduler.LinearLR(o),
  'ExponentialLR(o, 0.9)': (o) => new lrScheduler.ExponentialLR(o, 0.9),
  'PolynomialLR(o, power=1.5)': (o) => new lrScheduler.PolynomialLR(o, { power: 1.5 }),
  'CosineAnnealingLR(o, 4, eta_min=0.001)': (o) =>
    new lrScheduler.CosineAnnealingLR(o, 4, { etaMin: 0.001 }),
  'CosineAnnealingWarmRestarts(o, 2, T_mult=2)': (o) =>
    new lrScheduler.CosineAnnealingWarmRestarts(o, 2, { tMult: 2 }),
  'CyclicLR(o, 0.01, 0.2, step_size_up=3)': (o) =>
    new lrScheduler.CyclicLR(o, 0.01, 0.2, { stepSizeUp: 3 }),
  'OneCycleLR(o, 0.3, total_steps=10)': (o) =>
    new lrScheduler.OneCycleLR(o, 0.3, { totalSteps: 10 }),
  'ChainedScheduler([StepLR(o, 3), ExponentialLR(o, 0.9)])': (o) =>
    new lrScheduler.ChainedScheduler([
      new lrScheduler.StepLR(o, 3),
      new lrScheduler.ExponentialLR(o, 0.9),
    ]),
  'SequentialLR(o, [LinearLR(o), StepLR(o, 2)], [4])': (o) =>
    new lrScheduler.SequentialLR(
      o,
      [new lrScheduler.LinearLR(o), new lrScheduler.StepLR(o, 2)],
      [4],
    ),
};

/** The learning rates of the next epochs. */
function rates(optimizer: torch.optim.Optimizer, scheduler: Scheduler, epochs: number): number[] {
  return Array.from({ length: epochs }, () => {
    optimizer.step();
    scheduler.step();
    return scheduler.getLastLr()[0]!;
  });
}

const setUp = `
import json
from torch.optim.lr_scheduler import *
def make(name):
    o = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1, momentum=0.9)
    o.step()
    return o, eval(name, {**globals(), 'o': o})
def rates(o, s, epochs):
    found = []
    for _ in range(epochs):
        o.step()
        s.step()
        found.append(s.get_last_lr()[0])
    return found
def stopped(name):
    o, s = make(name)
    rates(o, s, 3)
    return json.dumps([s.state_dict(), rates(o, s, 5)])`;

const stopped = python(
  Object.keys(twins).map((name) => `stopped(${JSON.stringify(name)})`),
  setUp,
).map((text) => JSON.parse(text) as [Record<string, unknown>, number[]]);

/** A state dict as JSON shows it. */
const asJson = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, item) => (item instanceof Map ? Object.fromEntries(item) : item)),
  );

describe.each(Object.entries(twins).map(([name, make], n) => ({ name, make, n })))(
  '$name',
  ({ make, n }) => {
    const [state, following] = stopped[n]!;

    test('has Python’s state dict', () => {
      const optimizer = sgd();
      const scheduler = make(optimizer);
      rates(optimizer, scheduler, 3);
      expect(asJson(scheduler.stateDict())).toEqual(state);
      expect(rates(optimizer, scheduler, 5)).toEqual(following);
    });

    test('goes on from Python’s state dict', () => {
      const first = sgd();
      rates(first, make(first), 3);
      const optimizer = sgd();
      const scheduler = make(optimizer);
      optimizer.loadStateDict(first.stateDict());
      scheduler.loadStateDict(structuredClone(state));
      expect(rates(optimizer, scheduler, 5)).toEqual(following);
    });
  },
);

test('ReduceLROnPlateau goes on from its state dict', () => {
  const metrics = [1, 0.8, 0.9, 0.9, 0.7, 0.7, 0.7, 0.7];
  const run = (stop?: number) => {
    const optimizer = sgd();
    let scheduler = new lrScheduler.ReduceLROnPlateau(optimizer, { patience: 1, minLr: [0.002] });
    return metrics.map((metric, i) => {
      if (i === stop) {
        const state = scheduler.stateDict();
        scheduler = new lrScheduler.ReduceLROnPlateau(optimizer);
        scheduler.loadStateDict(state);
      }
      scheduler.step(i % 2 ? torch.tensor(metric) : metric);
      return scheduler.getLastLr()[0];
    });
  };
  expect(run(3)).toEqual(run());
  expect(run().at(-1)).toBe(0.002);
});

test('each group has its own learning rates and Adam’s beta its cycle', () => {
  const [want] = python(
    ['json.dumps(found)'],
    `${setUp}
o = torch.optim.Adam([{'params': [torch.nn.Parameter(torch.zeros(1))]}, {'params': [torch.nn.Parameter(torch.zeros(1))], 'lr': 0.3}])
s = OneCycleLR(o, [0.1, 0.2], total_steps=9)
found = []
for _ in range(8):
    o.step()
    s.step()
    found.append([[g['lr'], *g['betas']] for g in o.param_groups])`,
  );
  const optimizer = new Adam([{ params: parameter() }, { params: parameter(), lr: 0.3 }]);
  const scheduler = new lrScheduler.OneCycleLR(optimizer, [0.1, 0.2], { totalSteps: 9 });
  const found = Array.from({ length: 8 }, () => {
    optimizer.step();
    scheduler.step();
    return optimizer.paramGroups.map(({ lr, betas }) => [lr, ...betas]);
  });
  expect(found).toEqual(JSON.parse(want!));
});

test('warm restarts can be asked for a fraction of an epoch', () => {
  const [want] = python(
    ['json.dumps(found)'],
    `${setUp}
found = []
for mult in (1, 2):
    o, s = make(f'CosineAnnealingWarmRestarts(o, 3, T_mult={mult})')
    for epoch in (0.5, 2.9, 3, 8.25, 9, 21.5, 45, 93):
        s.step(epoch)
        found.append(s.get_last_lr()[0])`,
  );
  const found = [1, 2].flatMap((tMult) => {
    const scheduler = new lrScheduler.CosineAnnealingWarmRestarts(sgd(), 3, { tMult });
    return [0.5, 2.9, 3, 8.25, 9, 21.5, 45, 93].map((epoch) => {
      scheduler.step(epoch);
      return scheduler.getLastLr()[0];
    });
  });
  expect(found).toEqual(JSON.parse(want!));
});

test('a scheduler of one’s own defines getLr', () => {
  class Halving extends lrScheduler.LRScheduler {
    constructor(optimizer: torch.optim.Optimizer) {
      super(optimizer);
      this.begin({});
    }
    protected override getLr(): number[] {
      return this.baseLrs.map((lr) => lr / 2 ** this.lastEpoch);
    }
  }
  const optimizer = sgd(8);
  expect(rates(optimizer, new Halving(optimizer), 3)).toEqual([4, 2, 1]);
});

test('wrong settings are refused with Python’s message', () => {
  const two = () => new SGD([{ params: parameter() }, { params: parameter() }]);
  const cases: [string, () => unknown][] = [
    ['StepLR(o, 3, last_epoch=2)', () => new lrScheduler.StepLR(sgd(), 3, { lastEpoch: 2 })],
    ['LambdaLR(o, [])', () => new lrScheduler.LambdaLR(sgd(), [])],
    ['ConstantLR(o, factor=1.5)', () => new lrScheduler.ConstantLR(sgd(), { factor: 1.5 })],
    ['LinearLR(o, start_factor=0)', () => new lrScheduler.LinearLR(sgd(), { startFactor: 0 })],
    ['LinearLR(o, end_factor=2)', () => new lrScheduler.LinearLR(sgd(), { endFactor: 2 })],
    [
      'CosineAnnealingWarmRestarts(o, 0)',
      () => new lrScheduler.CosineAnnealingWarmRestarts(sgd(), 0),
    ],
    ['CyclicLR(o, [0.1, 0.2], 1)', () => new lrScheduler.CyclicLR(sgd(), [0.1, 0.2], 1)],
    ['OneCycleLR(o, 0.1)', () => new lrScheduler.OneCycleLR(sgd(), 0.1)],
    [
      'ReduceLROnPlateau(o, factor=1)',
      () => new lrScheduler.ReduceLROnPlateau(sgd(), { factor: 1 }),
    ],
    ['SequentialLR(o, [], [])', () => new lrScheduler.SequentialLR(sgd(), [], [])],
    ['ChainedScheduler([])', () => new lrScheduler.ChainedScheduler([])],
  ];
  const messages = python(
    cases.map(([name]) => `message(${JSON.stringify(name)})`),
    `${setUp}
def message(name):
    try:
        make(name)
    except Exception as error:
        return str(error.args[0]).split('\\n')[0]`,
  );
  cases.forEach(([, make], i) => {
    expect(make).toThrow(messages[i]!);
  });
  expect(() => new lrScheduler.ReduceLROnPlateau(two(), { minLr: [0] })).toThrow(
    'expected 2 min_lrs, got 1',
  );
  const plateau = new lrScheduler.ReduceLROnPlateau(sgd()) as never;
  expect(() => new lrScheduler.ChainedScheduler([plateau])).toThrow(/does not support/);
  const foreign = new lrScheduler.StepLR(sgd(), 2);
  expect(() => new lrScheduler.SequentialLR(sgd(), [foreign], [])).toThrow(/the same optimizer/);
  const adagrad = new torch.optim.Adagrad([parameter()]);
  expect(() => new lrScheduler.CyclicLR(adagrad, 0.1, 0.2)).toThrow(
    'optimizer must support momentum or beta1',
  );
});

test('powers, cosines and logarithms are Python’s to the last bit', () => {
  const [pairs, want] = python(
    ['json.dumps(pairs)', 'json.dumps([[b ** e, math.cos(9 * b), math.log(b)] for b, e in pairs])'],
    `
import json, math, random
random.seed(0)
exponents = [0.5, 1.7, 30.0, 2999.0]
pairs = [(random.random(), random.choice(exponents)) for _ in range(3000)]`,
  );
  const found = (JSON.parse(pairs!) as [number, number][]).map(([base, exponent]) => [
    pow(base, exponent),
    cos(9 * base),
    log(base),
  ]);
  expect(found).toEqual(JSON.parse(want!));
});

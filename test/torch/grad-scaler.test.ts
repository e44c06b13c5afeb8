/** torch.amp.GradScaler on the CPU: Python's bits, skipped steps, states and words. */
import * as torch from 'tandem-torch';
import { bits, python } from './python';

const { nn, optim } = torch;
type Options = torch.amp.GradScalerOptions;

const setUp = `
import json, warnings
from torch import optim
def net():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 1))
def text(state): return json.dumps(state, sort_keys=True)
def train(make, options, overflow=(), clip=False, half=False, steps=6):
    model, scaler = net(), torch.amp.GradScaler('cpu', **options)
    optimizer = make(model.parameters())
    seen = []
    for step in range(steps):
        optimizer.zero_grad()
        x = torch.randn(5, 4)
        loss = model(x).pow(2).mean() * (inf if step in overflow else 1)
        scaler.scale(loss).backward()
        if clip:
            scaler.unscale_(optimizer)
            torch.nn.utils.clip_grad_norm_(model.parameters(), 0.1)
        scaler.step(optimizer)
        scaler.update()
        seen += [scaler.get_scale(), text(scaler.state_dict())]
    steps_ = [s['step'] for s in optimizer.state.values() if 'step' in s]
    return str([float(s) if not isinstance(s, str) else s for s in seen]) + bits([*model.parameters(), *[p.grad for p in model.parameters()], *steps_])
def said(run):
    try:
        run()
    except Exception as e:
        return f'{type(e).__name__}: {e}'
    return 'nothing'
def scaled(run):
    model, scaler = net(), torch.amp.GradScaler('cpu')
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    scaler.scale(model(torch.ones(2, 4)).sum()).backward()
    return run(scaler, optimizer)
def many(scaler, *runs):
    for run in runs: run(scaler)
    return scaler
`;

const float = (value: number) => (Number.isInteger(value) ? `${value}.0` : String(value));

/** As Python's json.dumps writes it. */
function text(state: object): string {
  const floats = ['scale', 'growth_factor', 'backoff_factor'];
  const entries = Object.entries(state).sort(([a], [b]) => (a < b ? -1 : 1));
  const shown = entries.map(
    ([name, value]) => `"${name}": ${floats.includes(name) ? float(value) : value}`,
  );
  return `{${shown.join(', ')}}`;
}

const net = () => {
  torch.manualSeed(0);
  return new nn.Sequential(new nn.Linear(4, 3), new nn.Tanh(), new nn.Linear(3, 1));
};

function train(
  make: (parameters: Iterable<torch.Tensor>) => torch.optim.Optimizer,
  options: Options,
  { overflow = [] as number[], clip = false, steps = 6 } = {},
): string {
  const model = net();
  const scaler = new torch.amp.GradScaler('cpu', options);
  const optimizer = make(model.parameters());
  const seen: string[] = [];
  for (let step = 0; step < steps; step++) {
    optimizer.zeroGrad();
    const x = torch.randn(5, 4);
    const loss = model
      .call(x)
      .pow(2)
      .mean()
      .mul(overflow.includes(step) ? Number.POSITIVE_INFINITY : 1);
    scaler.scale(loss).backward();
    if (clip) {
      scaler.unscale_(optimizer);
      nn.utils.clipGradNorm_(model.parameters(), 0.1);
    }
    scaler.step(optimizer);
    scaler.update();
    seen.push(float(scaler.getScale()), `'${text(scaler.stateDict())}'`);
  }
  const counts = [...optimizer.state.values()].flatMap((state) =>
    'step' in state ? [state.step] : [],
  );
  const parameters = [...model.parameters()];
  const tensors = [...parameters, ...parameters.map(({ grad }) => grad), ...counts];
  return `[${seen.join(', ')}]${bits(tensors)}`;
}

function said(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    const { code, message } = error as torch.TorchError;
    return `${code}: ${message}`;
  }
  return 'nothing';
}

function scaled<T>(run: (scaler: torch.amp.GradScaler, optimizer: torch.optim.SGD) => T): T {
  const model = net();
  const scaler = new torch.amp.GradScaler('cpu');
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
  scaler.scale(model.call(torch.ones(2, 4)).sum()).backward();
  return run(scaler, optimizer);
}

const trainings: Record<string, () => string> = {
  'train(lambda p: optim.SGD(p, lr=0.1), {})': () =>
    train((p) => new optim.SGD(p, { lr: 0.1 }), {}),
  'train(lambda p: optim.SGD(p, lr=0.1, momentum=0.9), dict(init_scale=8.0, growth_interval=2), overflow=(1, 4))':
    () =>
      train(
        (p) => new optim.SGD(p, { lr: 0.1, momentum: 0.9 }),
        { initScale: 8, growthInterval: 2 },
        { overflow: [1, 4] },
      ),
  'train(lambda p: optim.Adam(p, lr=0.01), dict(growth_factor=3.0, backoff_factor=0.1, growth_interval=1), overflow=(0, 3), clip=True)':
    () =>
      train(
        (p) => new optim.Adam(p, { lr: 0.01 }),
        { growthFactor: 3, backoffFactor: 0.1, growthInterval: 1 },
        { overflow: [0, 3], clip: true },
      ),
  'train(lambda p: optim.AdamW(p, lr=0.01, fused=True), dict(growth_interval=2), overflow=(2,))':
    () =>
      train(
        (p) => new optim.AdamW(p, { lr: 0.01, fused: true }),
        { growthInterval: 2 },
        { overflow: [2] },
      ),
  'train(lambda p: optim.SGD(p, lr=0.1, fused=True), dict(growth_interval=2), overflow=(2,), clip=True)':
    () =>
      train(
        (p) => new optim.SGD(p, { lr: 0.1, fused: true }),
        { growthInterval: 2 },
        { overflow: [2], clip: true },
      ),
  'train(lambda p: optim.Adagrad(p, lr=0.1, fused=True), dict(growth_interval=2), overflow=(2,))':
    () =>
      train(
        (p) => new optim.Adagrad(p, { lr: 0.1, fused: true }),
        { growthInterval: 2 },
        { overflow: [2] },
      ),
  'train(lambda p: optim.SGD(p, lr=0.1), dict(enabled=False))': () =>
    train((p) => new optim.SGD(p, { lr: 0.1 }), { enabled: false }),
};

const refusals: Record<string, () => string> = {
  "said(lambda: torch.amp.GradScaler('cpu', growth_factor=1.0))": () =>
    said(() => new torch.amp.GradScaler('cpu', { growthFactor: 1 })),
  "said(lambda: torch.amp.GradScaler('cpu', backoff_factor=1.0))": () =>
    said(() => new torch.amp.GradScaler('cpu', { backoffFactor: 1 })),
  "said(lambda: torch.amp.GradScaler('cpu').update())": () =>
    said(() => new torch.amp.GradScaler('cpu').update()),
  "said(lambda: torch.amp.GradScaler('cpu').unscale_(None))": () =>
    said(() => new torch.amp.GradScaler('cpu').unscale_(null as never)),
  "said(lambda: torch.amp.GradScaler('cpu').scale(3))": () =>
    said(() => new torch.amp.GradScaler('cpu').scale(3 as never)),
  "said(lambda: torch.amp.GradScaler('cpu').load_state_dict({}))": () =>
    said(() => new torch.amp.GradScaler('cpu').loadStateDict({})),
  'said(lambda: scaled(lambda s, o: [s.unscale_(o), s.unscale_(o)]))': () =>
    said(() => scaled((s, o) => [s.unscale_(o), s.unscale_(o)])),
  'said(lambda: scaled(lambda s, o: [s.step(o), s.step(o)]))': () =>
    said(() => scaled((s, o) => [s.step(o), s.step(o)])),
  'said(lambda: scaled(lambda s, o: [s.step(o), s.unscale_(o)]))': () =>
    said(() => scaled((s, o) => [s.step(o), s.unscale_(o)])),
  'said(lambda: scaled(lambda s, o: s.update()))': () => said(() => scaled((s) => s.update())),
  'said(lambda: scaled(lambda s, o: s.step(optim.SGD([torch.zeros(1)]))))': () =>
    said(() => scaled((s) => s.step(new optim.SGD([torch.zeros(1)], { lr: 1e-3 })))),
  'said(lambda: scaled(lambda s, o: s.update(torch.ones(2))))': () =>
    said(() => scaled((s) => s.update(torch.ones(2)))),
  'text(scaled(lambda s, o: [s.step(o), s.update(512.0), s.state_dict()])[2])': () =>
    text(scaled((s, o) => [s.step(o), s.update(512), s.stateDict()])[2] as object),
  'bits(scaled(lambda s, o: s.scale([torch.ones(2), [torch.full((1,), 3.0)]]))[1][0])': () =>
    bits(scaled((s) => s.scale([torch.ones(2), [torch.full([1], { float: 3 })]]))[1]),
  "text(many(torch.amp.GradScaler('cpu'), lambda s: s.load_state_dict(dict(scale=4.0, growth_factor=3.0, backoff_factor=0.25, growth_interval=7, _growth_tracker=2)), lambda s: s.scale(torch.ones(1))).state_dict())":
    () => {
      const scaler = new torch.amp.GradScaler('cpu');
      const state = { scale: 4, growth_factor: 3, backoff_factor: 0.25, growth_interval: 7 };
      scaler.loadStateDict({ ...state, _growth_tracker: 2 });
      scaler.scale(torch.ones(1));
      return text(scaler.stateDict());
    },
};

const all = { ...trainings, ...refusals };
let answers: Record<string, string>;
beforeAll(() => {
  const asked = Object.keys(all);
  const given = python(asked, setUp);
  answers = Object.fromEntries(asked.map((text, i) => [text, given[i]!]));
});

test.each(Object.keys(all))('%s', (expression) => {
  expect(all[expression]!()).toBe(answers[expression]);
});

test('without a GPU the scaler for GPUs says so, and is off', () => {
  if (torch.cuda.isAvailable()) return;
  const scaler = new torch.amp.GradScaler();
  expect(scaler.isEnabled()).toBe(false);
  const loss = torch.ones(1);
  expect(scaler.scale(loss)).toBe(loss);
  expect(scaler.stateDict()).toEqual({});
});

test('custom functions heed autocast by customFwd and customBwd', () => {
  const seen: string[] = [];
  class Product extends torch.autograd.Function {
    static forward = torch.amp.customFwd(
      (ctx: torch.autograd.FunctionContext, a: torch.Tensor, b: torch.Tensor) => {
        ctx.saveForBackward(a, b);
        seen.push(a.dtype, String(torch.isAutocastEnabled('cpu')));
        return a.matmul(b);
      },
      { deviceType: 'cpu', castInputs: 'float32' },
    );
    static backward = torch.amp.customBwd(
      (ctx: torch.autograd.FunctionContext, gradient: torch.Tensor) => {
        const [a, b] = ctx.savedTensors;
        seen.push(String(torch.isAutocastEnabled('cpu')));
        return [gradient.matmul(b!.t()), a!.t().matmul(gradient)];
      },
      { deviceType: 'cpu' },
    );
  }
  const a = torch.ones(2, 2, { dtype: 'bfloat16', requiresGrad: true });
  const out = torch.autocast('cpu', () => Product.apply(a, torch.eye(2)) as torch.Tensor);
  out.sum().backward();
  expect(seen).toEqual(['float32', 'false', 'false']);
  expect(out.dtype).toBe('float32');
  expect(a.grad!.dtype).toBe('bfloat16');
});

import * as torch from 'tandem-torch';
import { bits, python } from './python';

test('gradients equal Python’s to the last bit', () => {
  const [want] = python(
    ['bits((x.grad, w.grad))'],
    `
torch.manual_seed(1)
x = torch.randn(4, 3, requires_grad=True)
w = torch.randn(3, 2, requires_grad=True)
(torch.tanh(x @ w).exp().sum(1) ** 2).mean().backward()`,
  );
  torch.manualSeed(1);
  const x = torch.randn([4, 3], { requiresGrad: true });
  const w = torch.randn([3, 2], { requiresGrad: true });
  torch.tanh(x.matmul(w)).exp().sum(1).pow(2).mean().backward();
  expect(bits([x.grad, w.grad])).toBe(want);
});

test('second order, by grad with createGraph', () => {
  const x = torch.tensor([2], { dtype: 'float32', requiresGrad: true });
  const [first] = torch.autograd.grad(x.pow(3), x, { createGraph: true });
  const [second] = torch.autograd.grad(first!, x);
  expect([first!.item(), second!.item()]).toEqual([12, 12]);
});

test('backward twice throws PyTorch’s message', () => {
  const x = torch.ones([2], { requiresGrad: true });
  const y = x.mul(x).sum();
  y.backward();
  expect(() => y.backward()).toThrow(/backward.*through the graph a second time/);
});

test('backward of a tensor that is not a scalar needs a gradient', () => {
  const x = torch.ones([2], { requiresGrad: true });
  expect(() => x.mul(2).backward()).toThrow(
    /grad can be implicitly created only for scalar outputs/,
  );
  x.mul(2).backward(torch.tensor([1, 10]).float());
  expect(x.grad!.toArray()).toEqual([2, 20]);
});

test('noGrad records nothing, also across an await, and ends with an error', async () => {
  const x = torch.ones([1], { requiresGrad: true });
  expect(torch.noGrad(() => x.mul(2)).requiresGrad).toBe(false);
  const later = await torch.noGrad(async () => {
    await Promise.resolve();
    return x.mul(2);
  });
  expect(later.requiresGrad).toBe(false);
  expect(() =>
    torch.noGrad(() => {
      throw new Error('inside');
    }),
  ).toThrow('inside');
  expect(torch.isGradEnabled()).toBe(true);
  expect(torch.noGrad(() => torch.enableGrad(() => x.mul(2))).requiresGrad).toBe(true);
});

test('leaf, gradFn, detach and requiresGrad', () => {
  const x = torch.ones([1], { requiresGrad: true });
  const y = x.add(1);
  expect([x.isLeaf, y.isLeaf, y.gradFn?.name()]).toEqual([true, false, 'AddBackward0']);
  expect(y.detach().requiresGrad).toBe(false);
  expect(() => y.requiresGrad_(false)).toThrow(/only change requires_grad flags of leaf variables/);
});

test('versions, detach_ and what is changed in place, with PyTorch’s messages', () => {
  const want = python(
    ['v', 'd', 'a', 'b', 'c'],
    `
def message(f):
    try: f()
    except Exception as e: return str(e)
x = torch.ones(2, requires_grad=True); y = x * 2; y.add_(1); y[0] = 5; v = y._version
z = x * 3; z.detach_(); d = (z.is_leaf, z.requires_grad, z.grad_fn)
w = x * 2; e = w.exp(); e.mul_(2); a = message(lambda: e.sum().backward())
b = message(lambda: x.add_(1)); c = message(lambda: x.exp().backward(torch.ones(2), inputs=[torch.ones(2)]))`,
  );
  const x = torch.ones([2], { requiresGrad: true });
  const y = x.mul(2);
  y.add_(1);
  y.indexSet(0, 5);
  const z = x.mul(3);
  z.detach_();
  const e = x.mul(2).exp();
  e.mul_(2);
  const message = (fn: () => unknown) => {
    try {
      return String(fn());
    } catch (error) {
      const { message: text, op } = error as torch.TorchError;
      return text.replace(`${op}(): `, '');
    }
  };
  expect([
    String(y._version),
    z.isLeaf && !z.requiresGrad && z.gradFn === null ? '(True, False, None)' : '',
    message(() => e.sum().backward()),
    message(() => x.add_(1)),
    message(() => x.exp().backward(torch.ones([2]), { inputs: [torch.ones([2])] })),
  ]).toEqual(want);
  // A message counts from there: how a new tensor was filled is no change.
  const factories = {
    'torch.ones(2)': torch.ones(2),
    'torch.zeros(2, requires_grad=True)': torch.zeros(2, { requiresGrad: true }),
    'torch.full((2,), 3)': torch.full([2], 3),
    'torch.eye(2)': torch.eye(2),
    'torch.arange(3)': torch.arange(3),
    'torch.linspace(0, 1, 3)': torch.linspace(0, 1, 3),
    'torch.randn(2)': torch.randn(2),
    'torch.randint(0, 3, (2,))': torch.randint(0, 3, [2]),
    'torch.randperm(3)': torch.randperm(3),
    'torch.normal(0, 1, (2,))': torch.normal(0, 1, [2]),
    'torch.hann_window(4)': torch.hannWindow(4),
    'torch.fft.fftfreq(4)': torch.fft.fftfreq(4),
    'torch.ones_like(x)': torch.onesLike(x),
    'x.new_full((2,), 1)': x.newFull([2], 1),
    'x.to(torch.float64)': x.to('float64'),
    'torch.zeros(3).fill_(1)': torch.zeros(3).fill_(1),
  };
  expect(Object.values(factories).map(({ _version }) => String(_version))).toEqual(
    python(
      Object.keys(factories).map((code) => `${code}._version`),
      'x = torch.ones(2)',
    ),
  );
  // What goes through data is not noticed.
  const before = x._version;
  x.data.add_(1);
  expect([x._version, x.toArray()]).toEqual([before, [2, 2]]);
});

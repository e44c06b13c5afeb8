import * as torch from 'tandem-torch';
import { python } from './python';

type Tensor = torch.Tensor;
const { gradcheck, gradgradcheck, GradcheckError } = torch.autograd;

const setUp = `
gradcheck, gradgradcheck = torch.autograd.gradcheck, torch.autograd.gradgradcheck
def message(f):
    try: return str(f())
    except Exception as e: return type(e).__name__ + ': ' + str(e).split('\\n\\nNOTE')[0]
def leaf(*s, dtype=torch.float64): return torch.arange(1, 1 + torch.Size(s).numel(), dtype=torch.float64).reshape(s).div(7).to(dtype).requires_grad_()
c = (leaf(3).detach() * (1 - 0.5j)).requires_grad_()
def custom(backward):
    class F(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x): return x * x
    F.backward = staticmethod(backward)
    class G(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x): ctx.save_for_backward(x); return x * x
        @staticmethod
        def backward(ctx, g): return backward(g, *ctx.saved_tensors)
    return G.apply
x, y = leaf(2, 2), leaf(2)
n = iter(range(100))
`;

function leaf(...shape: number[]): Tensor {
  const count = shape.reduce((a, b) => a * b, 1);
  return torch
    .arange(1, 1 + count, { dtype: 'float64' })
    .reshape(shape)
    .div(7)
    .requiresGrad_();
}

/** x² with a backward of one's own. */
function custom(backward: (g: Tensor, x: Tensor) => Tensor): (x: Tensor) => Tensor {
  class Square extends torch.autograd.Function {
    static forward(ctx: torch.autograd.FunctionContext, x: Tensor) {
      ctx.saveForBackward(x);
      return x.mul(x);
    }
    static backward(ctx: torch.autograd.FunctionContext, g: Tensor) {
      return backward(g, ctx.savedTensors[0]!);
    }
  }
  return (x) => Square.apply(x);
}

const x = leaf(2, 2);
const y = leaf(2);
const c = leaf(3).detach().mul({ re: 1, im: -0.5 }).requiresGrad_();
let calls = 0;

const cases: [string, () => unknown][] = [
  [
    'gradcheck(lambda a, b: (a * b).sin(), (x, y))',
    () => gradcheck((a, b) => a.mul(b).sin(), [x, y]),
  ],
  ['gradcheck(lambda a: (a.exp(), a.sum(0)), x)', () => gradcheck((a) => [a.exp(), a.sum(0)], x)],
  [
    'gradcheck(lambda a, n: a ** n, (x, 3))',
    () => gradcheck((a: Tensor, n: number) => a.pow(n), [x, 3]),
  ],
  ['gradcheck(lambda a: a * a.conj(), c)', () => gradcheck((a) => a.mul(a.conj()), c)],
  [
    'gradcheck(lambda a: (a * (2 + 1j)).sin(), c)',
    () => gradcheck((a) => a.mul({ re: 2, im: 1 }).sin(), c),
  ],
  ['gradcheck(lambda a: a.abs().sum(), c)', () => gradcheck((a) => a.abs().sum(), c)],
  [
    'gradgradcheck(lambda a, b: (a * b).exp(), (x, y))',
    () => gradgradcheck((a, b) => a.mul(b).exp(), [x, y]),
  ],
  ['gradgradcheck(lambda a: a.pow(3), c)', () => gradgradcheck((a) => a.pow(3), c)],
  [
    'gradgradcheck(lambda a: a.pow(3), x, torch.ones(2, 2, dtype=torch.float64))',
    () =>
      gradgradcheck((a) => a.pow(3), x, { gradOutputs: torch.ones([2, 2], { dtype: 'float64' }) }),
  ],
  [
    'gradcheck(custom(lambda g, x: 2 * x * g), x)',
    () =>
      gradcheck(
        custom((g, a) => a.mul(2).mul(g)),
        x,
      ),
  ],
  // What fails, with PyTorch's texts.
  [
    'gradcheck(custom(lambda g, x: 3 * x * g), x)',
    () =>
      gradcheck(
        custom((g, a) => a.mul(3).mul(g)),
        x,
      ),
  ],
  [
    'gradcheck(lambda a: custom(lambda g, x: x * g)(a) + a, c)',
    () => gradcheck((a) => custom((g, b) => b.mul(g))(a).add(a), c),
  ],
  [
    'gradcheck(custom(lambda g, x: 3 * x * g), x, raise_exception=False)',
    () =>
      gradcheck(
        custom((g, a) => a.mul(3).mul(g)),
        x,
        { raiseException: false },
      ),
  ],
  [
    'gradcheck(custom(lambda g, x: 2 * x * g + 1e-3), x, atol=1)',
    () =>
      gradcheck(
        custom((g, a) => a.mul(2).mul(g).add(1e-3)),
        x,
        { atol: 1 },
      ),
  ],
  [
    'gradcheck(custom(lambda g, x: 2 * x * g + next(n)), x)',
    () =>
      gradcheck(
        custom((g, a) => a.mul(2).mul(g).add(calls++)),
        x,
      ),
  ],
  ['gradcheck(lambda a: a.detach() * 2, x)', () => gradcheck((a) => a.detach().mul(2), x)],
  ['gradcheck(lambda a: (a > 1).double(), x)', () => gradcheck((a) => a.gt(1).double(), x)],
  ['gradcheck(lambda a: a * 2, x.detach())', () => gradcheck((a) => a.mul(2), x.detach())],
  [
    'gradcheck(lambda a: a * 2, torch.ones(1, dtype=torch.float64, requires_grad=True).expand(3))',
    () =>
      gradcheck(
        (a) => a.mul(2),
        torch.ones([1], { dtype: 'float64', requiresGrad: true }).expand([3]),
      ),
  ],
  ['gradcheck(lambda a: a.to_sparse(), x)', () => gradcheck((a) => a.toSparse(), x)],
];

let want: string[];
beforeAll(() => {
  want = python(
    cases.map(([expression]) => `message(lambda: ${expression})`),
    setUp,
  );
});

test.each(cases.map(([name, run], i) => ({ name, run, i })))('$name', ({ run, i }) => {
  let ours: string;
  try {
    ours = run() ? 'True' : 'False';
  } catch (error) {
    const { code, message } = error as torch.TorchError;
    ours = `${code}: ${message}`;
  }
  expect(ours).toBe(want[i]);
});

test('a failure is an error of its own class', () => {
  expect(() =>
    gradcheck(
      custom((g, a) => a.mul(g)),
      x,
    ),
  ).toThrow(GradcheckError);
});

test('the inputs are as they were', () => {
  const before = String(x);
  gradcheck((a) => a.exp(), x);
  expect([String(x), x.grad, x._version]).toEqual([before, null, 0]);
});

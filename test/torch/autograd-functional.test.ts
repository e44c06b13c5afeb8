import * as torch from 'tandem-torch';
import { bits, python } from './python';

type Tensor = torch.Tensor;
const { functional } = torch.autograd;

const setUp = `
from torch.autograd import functional as A
torch.manual_seed(0)
x, y, v, w = torch.rand(2, 3), torch.rand(3), torch.rand(2, 3), torch.rand(3)
f = lambda a, b: (a * b).exp().sum(1)
g = lambda a, b: ((a * b).sin(), a.sum(0) ** 2)
h = lambda a, b: (a.pow(3) * b).sum()
def flat(t): return ' '.join(flat(u) for u in t) if isinstance(t, (tuple, list)) else bits(t)
def message(f):
    try: f()
    except Exception as e: return type(e).__name__ + ': ' + str(e)
xg = x.clone().requires_grad_()
`;

const cases: [string, string, () => unknown][] = (() => {
  torch.manualSeed(0);
  const [x, y, v, w] = [[2, 3], [3], [2, 3], [3]].map((shape) => torch.rand(shape)) as Tensor[];
  const f = (a: Tensor, b: Tensor) => a.mul(b).exp().sum(1);
  const g = (a: Tensor, b: Tensor) => [a.mul(b).sin(), a.sum(0).pow(2)];
  const h = (a: Tensor, b: Tensor) => a.pow(3).mul(b).sum();
  const cube = (a: Tensor) => a.pow(3).sum();
  const [x0, y0, v0, w0] = [x!, y!, v!, w!];
  return [
    ['jacobian', 'A.jacobian(f, (x, y))', () => functional.jacobian(f, [x0, y0])],
    [
      'jacobian of several outputs',
      'A.jacobian(g, (x, y))',
      () => functional.jacobian(g, [x0, y0]),
    ],
    [
      'jacobian of one input',
      'A.jacobian(lambda a: a.exp(), x)',
      () => functional.jacobian((a) => a.exp(), x0),
    ],
    ['hessian', 'A.hessian(h, (x, y))', () => functional.hessian(h, [x0, y0])],
    [
      'hessian of one input',
      'A.hessian(lambda a: a.pow(3).sum(), x)',
      () => functional.hessian(cube, x0),
    ],
    ['vjp', 'A.vjp(f, (x, y), w[:2])', () => functional.vjp(f, [x0, y0], w0.narrow(0, 0, 2))],
    ['vjp without v', 'A.vjp(h, (x, y))', () => functional.vjp(h, [x0, y0])],
    ['jvp', 'A.jvp(f, (x, y), (v, w))', () => functional.jvp(f, [x0, y0], [v0, w0])],
    ['vhp', 'A.vhp(h, (x, y), (v, w))', () => functional.vhp(h, [x0, y0], [v0, w0])],
    ['hvp', 'A.hvp(h, (x, y), (v, w))', () => functional.hvp(h, [x0, y0], [v0, w0])],
    [
      'what does not depend on an input',
      'A.jacobian(lambda a, b: a.exp(), (x, y))',
      () => functional.jacobian((a) => a.exp(), [x0, y0]),
    ],
    [
      'createGraph',
      'torch.autograd.grad(A.jacobian(lambda a: a.exp(), xg, create_graph=True).sum(), xg)',
      () => {
        const leaf = x0.clone().requiresGrad_();
        const jacobian = functional.jacobian((a) => a.exp(), leaf, { createGraph: true });
        return torch.autograd.grad(jacobian.sum(), leaf);
      },
    ],
  ];
})();

const wrong: [string, () => unknown][] = (() => {
  const x = torch.rand([2, 3]);
  const y = torch.rand([3]);
  const strict = { strict: true };
  return [
    ['A.jacobian(f, 3)', () => functional.jacobian((a) => a, 3 as never)],
    ['A.vjp(f, (x, y))', () => functional.vjp((a, b) => a.mul(b).exp().sum(1), [x, y])],
    ['A.vjp(f, (x, y), w)', () => functional.vjp((a, b) => a.mul(b).exp().sum(1), [x, y], y)],
    ['A.jvp(f, (x, y), (v,))', () => functional.jvp((a, b) => a.mul(b).sum(1), [x, y], [x])],
    ['A.hessian(f, (x, y))', () => functional.hessian((a, b) => a.mul(b).sum(1), [x, y])],
    ['A.hessian(g, (x, y))', () => functional.hessian((a) => [a] as never, [x, y])],
    [
      'A.jacobian(lambda a, b: a.exp(), (x, y), strict=True)',
      () => functional.jacobian((a) => a.exp(), [x, y], strict),
    ],
    [
      'A.jacobian(lambda a: a.detach(), x, strict=True)',
      () => functional.jacobian((a) => a.detach(), x, strict),
    ],
    [
      'A.hessian(lambda a: a.sum(), x, strict=True)',
      () => functional.hessian((a) => a.sum(), x, strict),
    ],
    ['A.hvp(h, (x, y))', () => functional.hvp((a, b) => a.mul(b).sum(), [x, y])],
  ];
})();

let want: string[];
let messages: string[];
beforeAll(() => {
  const results = python(
    [
      ...cases.map(([, expression]) => `flat(${expression})`),
      ...wrong.map(([expression]) => `message(lambda: ${expression})`),
    ],
    setUp,
  );
  want = results.slice(0, cases.length);
  messages = results.slice(cases.length);
});

const flat = (value: unknown): string =>
  Array.isArray(value) ? value.map(flat).join(' ') : bits(value);

test.each(cases.map(([name, , run], i) => ({ name, run, i })))('$name', ({ run, i }) => {
  expect(flat(run())).toBe(want[i]);
});

test('PyTorch’s messages', () => {
  const ours = wrong.map(([, run]) => {
    try {
      return String(run());
    } catch (error) {
      const { code, message } = error as torch.TorchError;
      return `${code}: ${message}`;
    }
  });
  // What a value is called differs.
  const plain = (text: string) => text.replace("<class 'int'>", 'number');
  expect(ours).toEqual(messages.map(plain));
});

test('results have a type for each form of the inputs', () => {
  const x = torch.ones([2]);
  const one: Tensor = functional.jacobian((a) => a, x);
  const [byInput]: Tensor[] = functional.jacobian((a) => a, [x]);
  const [byOutput]: Tensor[] = functional.jacobian((a) => [a], x);
  const both: Tensor[][] = functional.jacobian((a) => [a], [x]);
  for (const jacobian of [one, byInput, byOutput, both[0]![0]]) {
    expect(jacobian!.shape).toEqual([2, 2]);
  }
});

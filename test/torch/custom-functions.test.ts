/** Custom functions inside torch.func's transforms, what tensors print there, and hooks of several gradients. */
import * as torch from 'tandem-torch';
import { bits, python } from './python';
import { refusedAsInPython } from './refused';

const { func, vmap } = torch;
type T = torch.Tensor;
type Context = torch.autograd.FunctionContext;

const setUp = `
from torch.func import *
from torch import vmap
from torch.autograd import graph
torch.manual_seed(0)
A, B, v, s = torch.randn(5, 3), torch.randn(5, 3), torch.randn(3), torch.tensor(1.5)
class Cube(torch.autograd.Function):
    generate_vmap_rule = True
    @staticmethod
    def forward(x): return x ** 3
    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(inputs[0], output)
        ctx.scale = 3
    @staticmethod
    def backward(ctx, g):
        x, y = ctx.saved_tensors
        return g * ctx.scale * x ** 2 + 0 * y
class Product(torch.autograd.Function):
    generate_vmap_rule = True
    @staticmethod
    def forward(x, y, n): return x * y, (x * n).sum()
    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(inputs[0], inputs[1])
        ctx.n = inputs[2]
    @staticmethod
    def backward(ctx, g, h):
        x, y = ctx.saved_tensors
        return (g * y).sum_to_size(x.shape) + h * ctx.n, (g * x).sum_to_size(y.shape), None
class Sorted(torch.autograd.Function):
    @staticmethod
    def forward(x, dim):
        y, i = x.sort(dim)
        return y, i
    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.dim = inputs[1]
        ctx.mark_non_differentiable(output[1])
        ctx.save_for_backward(output[1])
    @staticmethod
    def backward(ctx, g, _):
        i, = ctx.saved_tensors
        return torch.zeros_like(g).scatter(ctx.dim, i, g), None
    @staticmethod
    def vmap(info, in_dims, x, dim):
        y, i = Sorted.apply(x.movedim(in_dims[0], 0), dim if dim < 0 else dim + 1)
        return (y, i), (0, 0)
class Old(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x): return x * 2
    @staticmethod
    def backward(ctx, g): return g * 2
class Plain(torch.autograd.Function):
    @staticmethod
    def forward(x): return x * 2
    @staticmethod
    def setup_context(ctx, inputs, output): pass
    @staticmethod
    def backward(ctx, g): return g * 2
class Both(Cube):
    @staticmethod
    def vmap(info, in_dims, x): return x, in_dims[0]
class Wrong(Plain):
    @staticmethod
    def vmap(info, in_dims, x): return x
def cubes(x): return Cube.apply(x).sum()
def product(x, y):
    a, b = Product.apply(x, y, 2)
    return (a.sin() * b).sum()
texts = []
def say(x):
    texts.append(str(x))
    return x.sum()
def printed(run):
    texts.clear()
    run()
    return texts
def several(mode):
    x, y = torch.tensor([1., 2.], requires_grad=True), torch.tensor([3., 4.], requires_grad=True)
    a, b, c = x * 2, y * 3, x * y
    log = []
    handle = graph.register_multi_grad_hook([a, b, c], (lambda g: log.append(bits(g))) if mode == 'any' else (lambda gs: log.append([None if g is None else bits(g) for g in gs])), mode=mode)
    (a * b).sum().backward(retain_graph=True)
    (a + c).sum().backward(retain_graph=True)
    (a * b * c).sum().backward(retain_graph=True)
    handle.remove()
    a.sum().backward()
    return log
`;

torch.manualSeed(0);
const [A, B, v, s] = [torch.randn(5, 3), torch.randn(5, 3), torch.randn(3), torch.tensor(1.5)];

class Cube extends torch.autograd.Function {
  static generateVmapRule = true;
  static forward(x: T): T {
    return x.pow(3);
  }
  static setupContext(ctx: Context & { scale?: number }, [x]: [T], output: T): void {
    ctx.saveForBackward(x, output);
    ctx.scale = 3;
  }
  static backward(ctx: Context & { scale?: number }, g: T): T {
    const [x, y] = ctx.savedTensors as [T, T];
    return g.mul(ctx.scale!).mul(x.pow(2)).add(y.mul(0));
  }
}
class Product extends torch.autograd.Function {
  static generateVmapRule = true;
  static forward(x: T, y: T, n: number): [T, T] {
    return [x.mul(y), x.mul(n).sum()];
  }
  static setupContext(ctx: Context & { n?: number }, [x, y, n]: [T, T, number]): void {
    ctx.saveForBackward(x, y);
    ctx.n = n;
  }
  static backward(ctx: Context & { n?: number }, g: T, h: T): (T | null)[] {
    const [x, y] = ctx.savedTensors as [T, T];
    const first = g.mul(y).sumToSize(x.shape).add(h.mul(ctx.n!));
    return [first, g.mul(x).sumToSize(y.shape), null];
  }
}
class Sorted extends torch.autograd.Function {
  static forward(x: T, dim: number): [T, T] {
    const [y, i] = x.sort(dim);
    return [y!, i!];
  }
  static setupContext(ctx: Context & { dim?: number }, [, dim]: [T, number], [, i]: [T, T]): void {
    ctx.dim = dim;
    ctx.markNonDifferentiable(i);
    ctx.saveForBackward(i);
  }
  static backward(ctx: Context & { dim?: number }, g: T): (T | null)[] {
    const [i] = ctx.savedTensors as [T];
    return [torch.zerosLike(g).scatter(ctx.dim!, i, g), null];
  }
  static vmap(_: unknown, [inDim]: [number], x: T, dim: number): [[T, T], [number, number]] {
    const [y, i] = Sorted.apply(x.movedim(inDim, 0), dim < 0 ? dim : dim + 1);
    return [
      [y, i],
      [0, 0],
    ];
  }
}
class Old extends torch.autograd.Function {
  static forward(_: Context, x: T): T {
    return x.mul(2);
  }
  static backward(_: Context, g: T): T {
    return g.mul(2);
  }
}
class Plain extends torch.autograd.Function {
  static forward(x: T): T {
    return x.mul(2);
  }
  static setupContext(): void {}
  static backward(_: Context, g: T): T {
    return g.mul(2);
  }
}
class Both extends Cube {
  static vmap(_: unknown, [dim]: [number], x: T): [T, number] {
    return [x, dim];
  }
}
class Wrong extends Plain {
  static vmap(_: unknown, __: unknown, x: T): T {
    return x;
  }
}
const cubes = (x: T): T => Cube.apply(x).sum();
const cube = (x: T): T => Cube.apply(x);
const product = (x: T, y: T): T => {
  const [a, b] = Product.apply(x, y, 2);
  return a.sin().mul(b).sum();
};
const pair = (x: T, y: T): [T, T] => Product.apply(x, y, 2);
const sorted = (x: T): [T, T] => Sorted.apply(x, 0);
const largest = (x: T): T => Sorted.apply(x, 0)[0].mul(v).sum();
const said: string[] = [];
const say = (x: T): T => {
  said.push(String(x));
  return x.sum();
};
function printed(run: () => unknown): string[] {
  said.length = 0;
  run();
  return [...said];
}
function several(mode: 'all' | 'any'): unknown[] {
  const x = torch.tensor([{ float: 1 }, { float: 2 }], { requiresGrad: true });
  const y = torch.tensor([{ float: 3 }, { float: 4 }], { requiresGrad: true });
  const [a, b, c] = [x.mul(2), y.mul(3), x.mul(y)];
  const log: unknown[] = [];
  const handle =
    mode === 'any'
      ? torch.autograd.graph.registerMultiGradHook([a, b, c], (g) => void log.push(bits(g)), {
          mode: 'any',
        })
      : torch.autograd.graph.registerMultiGradHook(
          [a, b, c],
          (gs) => void log.push(...gs.map((g) => (g ? bits(g) : 'None'))),
          { mode: 'all' },
        );
  a.mul(b).sum().backward({ retainGraph: true });
  a.add(c).sum().backward({ retainGraph: true });
  a.mul(b).mul(c).sum().backward({ retainGraph: true });
  handle.remove();
  a.sum().backward();
  return log;
}

/** All that is in nested results, in order. */
const leaves = (value: unknown): unknown[] =>
  Array.isArray(value) ? value.flatMap(leaves) : [value];

const twins: Record<string, () => unknown> = {
  'Cube.apply(A)': () => cube(A),
  'grad(cubes)(v)': () => func.grad(cubes)(v),
  'grad(grad(cubes))(s)': () => func.grad(func.grad(cubes))(s),
  'grad(grad(grad(cubes)))(s)': () => func.grad(func.grad(func.grad(cubes)))(s),
  'vmap(Cube.apply)(A)': () => vmap(cube)(A),
  'vmap(Cube.apply, in_dims=1, out_dims=1)(A)': () => vmap(cube, { inDims: 1, outDims: 1 })(A),
  'vmap(vmap(Cube.apply))(A)': () => vmap(vmap(cube))(A),
  'vmap(grad(cubes))(A)': () => vmap(func.grad(cubes))(A),
  'grad(lambda x: vmap(Cube.apply)(x).sum())(A)': () => func.grad((x: T) => vmap(cube)(x).sum())(A),
  'vmap(grad(grad(cubes)))(v)': () => vmap(func.grad(func.grad(cubes)))(v),
  'vmap(vmap(grad(cubes)))(A)': () => vmap(vmap(func.grad(cubes)))(A),
  'jacrev(Cube.apply)(v)': () => func.jacrev(cube)(v),
  'jacrev(jacrev(cubes))(v)': () => func.jacrev(func.jacrev(cubes))(v),
  'vjp(Cube.apply, v)[1](v)': () => func.vjp(cube, v)[1](v),
  'vmap(lambda x, y: Product.apply(x, y, 2), in_dims=(0, None))(A, v)': () =>
    vmap(pair, { inDims: [0, null] })(A, v),
  'grad(product, argnums=(0, 1))(A[0], v)': () => func.grad(product, [0, 1])(A.select(0, 0), v),
  'vmap(grad(product, argnums=(0, 1)), in_dims=(0, None))(A, v)': () =>
    vmap(func.grad(product, [0, 1]), { inDims: [0, null] })(A, v),
  'grad(lambda x, y: vmap(product, in_dims=(0, None))(x, y).sum(), argnums=(0, 1))(A, v)': () =>
    func.grad((x: T, y: T) => vmap(product, { inDims: [0, null] })(x, y).sum(), [0, 1])(A, v),
  'grad(lambda x, y: vmap(product, in_dims=(1, 0))(x, y).sum(), argnums=(0, 1))(A, v)': () =>
    func.grad((x: T, y: T) => vmap(product, { inDims: [1, 0] })(x, y).sum(), [0, 1])(A, v),
  'vmap(lambda x: Sorted.apply(x, 0))(A)': () => vmap(sorted)(A),
  'vmap(lambda x: Sorted.apply(x, 0), in_dims=1)(A)': () => vmap(sorted, { inDims: 1 })(A),
  'vmap(grad(lambda x: (Sorted.apply(x, 0)[0] * v).sum()))(B)': () => vmap(func.grad(largest))(B),
  'vmap(lambda x: Sorted.apply(v, 0)[0] + x)(A)': () =>
    vmap((x: T) => Sorted.apply(v, 0)[0].add(x), { inDims: 0 })(A),
  'grad(lambda x: Plain.apply(v).sum() + x)(s)': () =>
    func.grad((x: T) => Plain.apply(v).sum().add(x))(s),
  'printed(lambda: vmap(say)(A))': () => printed(() => vmap(say)(A)),
  'printed(lambda: vmap(vmap(say), in_dims=1)(A))': () =>
    printed(() => vmap(vmap(say), { inDims: 1 })(A)),
  'printed(lambda: grad(say)(v))': () => printed(() => func.grad(say)(v)),
  'printed(lambda: vmap(grad(say))(A))': () => printed(() => vmap(func.grad(say))(A)),
  "several('all')": () => several('all'),
  "several('any')": () => several('any'),
};

const expected = python(
  Object.keys(twins).map((expression) => `flat(${expression})`),
  `${setUp}
def flat(*value):
    return ' '.join(bits(leaf) for leaf in torch.utils._pytree.tree_leaves(value, is_leaf=lambda x: x is None))`,
);
test.each(Object.entries(twins).map(([name, run], i) => [name, run, expected[i]!] as const))(
  '%s',
  (_, run, want) => {
    expect(leaves(run()).map(bits).join(' ')).toBe(want);
  },
);

refusedAsInPython(
  {
    'vmap(Old.apply)(A)': () => vmap((x: T) => Old.apply(x))(A),
    'grad(lambda x: Old.apply(x).sum())(v)': () => func.grad((x: T) => Old.apply(x).sum())(v),
    'vmap(Plain.apply)(A)': () => vmap((x: T) => Plain.apply(x))(A),
    'vmap(Both.apply)(A)': () => vmap((x: T) => Both.apply(x))(A),
    'graph.register_multi_grad_hook([v], print, mode="x")': () =>
      torch.autograd.graph.registerMultiGradHook([v], () => {}, { mode: 'x' as 'any' }),
    'jvp(Cube.apply, (v,), (v,))': () => func.jvp(cube, [v], [v]),
  },
  setUp,
);

test('a rule that gives no dimensions is refused', () => {
  expect(() => vmap((x: T) => Wrong.apply(x))(A)).toThrow(
    'Expected the vmap staticmethod to have two returns',
  );
});

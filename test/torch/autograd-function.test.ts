import * as torch from 'tandem-torch';
import { bits, python } from './python';

const { tensor } = torch;
type Tensor = torch.Tensor;
const { autograd } = torch;
type Context = torch.autograd.FunctionContext;
const leaf = (...values: number[]) => tensor(values, { dtype: 'float32', requiresGrad: true });

const setUp = `
def leaf(*values): return torch.tensor(values, requires_grad=True, dtype=torch.float32)
def message(f):
    try: f()
    except Exception as e: return type(e).__name__ + ': ' + str(e)
Function = torch.autograd.Function
out = {}

class Exp(Function):
    @staticmethod
    def forward(ctx, x): y = x.exp(); ctx.save_for_backward(y); return y
    @staticmethod
    def backward(ctx, g): y, = ctx.saved_tensors; return g * y
x = leaf(0.5, 1.5); y = Exp.apply(x); g, = torch.autograd.grad(y.sum(), x, create_graph=True)
h, = torch.autograd.grad(g.sum(), x); out['exp'] = bits((y, g, h)) + y.grad_fn.name() + str(y.grad_fn.next_functions[0][0].name())
y = Exp.apply(x).sum(); y.backward(); out['twice'] = message(lambda: y.backward())
out['no_grad'] = str(Exp.apply(leaf(1).detach()).requires_grad)

class Scale(Function):
    @staticmethod
    def forward(ctx, x, factor, y): ctx.factor = factor; return x * factor, y + 1, 'text'
    @staticmethod
    def backward(ctx, gx, gy, gt): out['needs'] = str(ctx.needs_input_grad) + str(gt) + bits(gy); return gx * ctx.factor, None, gy * 2
x = leaf(1, 2); y = leaf(3); a, b, t = Scale.apply(x, 3, y); a.sum().backward(); out['scale'] = bits((x.grad, y.grad)) + t

class Setup(Function):
    @staticmethod
    def forward(x, y): return x * y
    @staticmethod
    def setup_context(ctx, inputs, output): ctx.save_for_backward(*inputs)
    @staticmethod
    def backward(ctx, g): x, y = ctx.saved_tensors; return g * y, g * x
x = leaf(2); y = leaf(5); Setup.apply(x, y).backward(); out['setup'] = bits((x.grad, y.grad))

class AddInPlace(Function):
    @staticmethod
    def forward(ctx, x, y): ctx.mark_dirty(x); x.add_(y); return x
    @staticmethod
    def backward(ctx, g): return g, g
x = leaf(1, 2); y = leaf(3, 4); z = x * 1; v = z._version; w = AddInPlace.apply(z, y); (w * w).sum().backward()
out['dirty'] = str((w is z, z._version - v)) + bits((x.grad, y.grad))

class Sort(Function):
    @staticmethod
    def forward(ctx, x): v, i = x.sort(); ctx.mark_non_differentiable(i); ctx.save_for_backward(i); return v, i
    @staticmethod
    def backward(ctx, g, gi): i, = ctx.saved_tensors; return torch.zeros_like(g).scatter(0, i, g)
x = leaf(3, 1, 2); v, i = Sort.apply(x); (v * leaf(1, 2, 3)).sum().backward(); out['sort'] = str((i.requires_grad, v.requires_grad)) + bits(x.grad)

class Pair(Function):
    @staticmethod
    def forward(ctx, x): ctx.set_materialize_grads(False); return x * 1, x * 2
    @staticmethod
    def backward(ctx, a, b): return b if a is None else a
x = leaf(1); Pair.apply(x)[1].backward(); out['materialize'] = bits(x.grad)

class Same(Function):
    @staticmethod
    def forward(ctx, x): return x
    @staticmethod
    def backward(ctx, g): return g * 7
x = leaf(1); y = Same.apply(x); y.backward(); out['same'] = str((y is x, y._is_view())) + bits(x.grad)

def custom(forward, backward, name='Bad'):
    return type(name, (Function,), {'forward': staticmethod(forward), 'backward': staticmethod(backward)})
x = leaf(1, 2)
class OnlyForward(Function):
    @staticmethod
    def forward(ctx, x): return x * 1
class Changed(Function):
    @staticmethod
    def forward(ctx, x): ctx.save_for_backward(x); return x * 1
    @staticmethod
    def backward(ctx, g): ctx.saved_tensors; return g
def changed():
    z = x * 1; y = Changed.apply(z); z.add_(1); y.sum().backward()
one = lambda ctx, x: x * 1
out['messages'] = '|'.join(str(message(f)) for f in [
  lambda: custom(one, lambda ctx, g: (g, g)).apply(x).sum().backward(),
  lambda: custom(lambda ctx, x, n: x * n, lambda ctx, g: g).apply(x, 2).sum().backward(),
  lambda: custom(lambda ctx, x, n: x * n, lambda ctx, g: (g, g)).apply(x, 2).sum().backward(),
  lambda: custom(one, lambda ctx, g: torch.ones(3)).apply(x).sum().backward(),
  lambda: OnlyForward.apply(x).sum().backward(),
  lambda: Function.apply(x),
  changed,
  lambda: custom(lambda ctx, x: ctx.mark_dirty(x) or x * 1, one).apply(x * 1),
])
`;

const parts = [
  ...['exp', 'twice', 'no_grad', 'scale', 'needs', 'setup', 'dirty', 'sort', 'materialize'],
  ...['same', 'messages'],
];
const want: Record<string, string> = {};
beforeAll(() => {
  const results = python(
    parts.map((part) => `out['${part}']`),
    setUp,
  );
  parts.forEach((part, i) => {
    want[part] = results[i]!;
  });
});

class Exp extends autograd.Function {
  static forward(ctx: Context, x: Tensor) {
    const y = x.exp();
    ctx.saveForBackward(y);
    return y;
  }
  static backward(ctx: Context, gradient: Tensor) {
    const [y] = ctx.savedTensors;
    return gradient.mul(y!);
  }
}

test('forward and backward in TypeScript, to the second order', () => {
  const x = leaf(0.5, 1.5);
  const y = Exp.apply(x);
  const [g] = torch.autograd.grad(y.sum(), x, { createGraph: true });
  const [h] = torch.autograd.grad(g!.sum(), x);
  const node = y.gradFn!;
  expect(bits([y, g, h]) + node.name() + node.nextFunctions[0]![0]!.name()).toBe(want.exp);
  expect(Exp.apply(leaf(1).detach()).requiresGrad).toBe(false);
  expect(torch.noGrad(() => Exp.apply(leaf(1))).requiresGrad).toBe(false);
});

test('backward twice says what PyTorch says', () => {
  const y = Exp.apply(leaf(0.5, 1.5)).sum();
  y.backward();
  const [type, ...text] = want.twice!.split(': ');
  expect(() => y.backward()).toThrow(expect.objectContaining({ code: type }));
  expect(() => y.backward()).toThrow(text.join(': '));
  const z = Exp.apply(leaf(1)).sum();
  z.backward({ retainGraph: true });
  z.backward();
});

test('several results, plain arguments and fields of one’s own on the context', () => {
  let seen = '';
  const named = (flag: boolean) => (flag ? 'True' : 'False');
  class Scale extends autograd.Function {
    static forward(ctx: Context & { factor?: number }, x: Tensor, factor: number, y: Tensor) {
      ctx.factor = factor;
      return [x.mul(factor), y.add(1), 'text'] as const;
    }
    static backward(ctx: Context & { factor: number }, gx: Tensor, gy: Tensor, gt: Tensor | null) {
      seen = `(${ctx.needsInputGrad.map(named).join(', ')})${gt === null ? 'None' : gt}${bits(gy)}`;
      return [gx.mul(ctx.factor), null, gy.mul(2)];
    }
  }
  const x = leaf(1, 2);
  const y = leaf(3);
  const [a, , text] = Scale.apply(x, 3, y);
  a.sum().backward();
  expect(bits([x.grad, y.grad]) + text).toBe(want.scale);
  expect(seen).toBe(want.needs);
});

test('setupContext apart from forward', () => {
  class Product extends autograd.Function {
    static forward(x: Tensor, y: Tensor) {
      return x.mul(y);
    }
    static setupContext(ctx: Context, inputs: [Tensor, Tensor], _output: Tensor) {
      ctx.saveForBackward(...inputs);
    }
    static backward(ctx: Context, g: Tensor) {
      const [x, y] = ctx.savedTensors as [Tensor, Tensor];
      return [g.mul(y), g.mul(x)];
    }
  }
  const x = leaf(2);
  const y = leaf(5);
  Product.apply(x, y).backward();
  expect(bits([x.grad, y.grad])).toBe(want.setup);
});

test('arguments changed in place', () => {
  class AddInPlace extends autograd.Function {
    static forward(ctx: Context, x: Tensor, y: Tensor) {
      ctx.markDirty(x);
      return x.add_(y);
    }
    static backward(_ctx: Context, g: Tensor) {
      return [g, g];
    }
  }
  const x = leaf(1, 2);
  const y = leaf(3, 4);
  const z = x.mul(1);
  const before = z._version;
  const w = AddInPlace.apply(z, y);
  w.mul(w).sum().backward();
  const same = w === z ? 'True' : 'False';
  expect(`(${same}, ${z._version - before})${bits([x.grad, y.grad])}`).toBe(want.dirty);
});

test('results without gradient, missing gradients, and an argument that is given back', () => {
  class Sort extends autograd.Function {
    static forward(ctx: Context, x: Tensor) {
      const [values, indices] = x.sort() as unknown as [Tensor, Tensor];
      ctx.markNonDifferentiable(indices);
      ctx.saveForBackward(indices);
      return [values, indices] as const;
    }
    static backward(ctx: Context, g: Tensor) {
      return torch.zerosLike(g).scatter(0, ctx.savedTensors[0]!, g);
    }
  }
  const x = leaf(3, 1, 2);
  const [values, indices] = Sort.apply(x);
  values
    .mul(leaf(1, 2, 3))
    .sum()
    .backward();
  expect([indices.requiresGrad, values.requiresGrad]).toEqual([false, true]);
  expect(`(False, True)${bits(x.grad)}`).toBe(want.sort);

  class Pair extends autograd.Function {
    static forward(ctx: Context, input: Tensor) {
      ctx.setMaterializeGrads(false);
      return [input.mul(1), input.mul(2)] as const;
    }
    static backward(_ctx: Context, a: Tensor | null, b: Tensor | null) {
      return a ?? b;
    }
  }
  const y = leaf(1);
  Pair.apply(y)[1].backward();
  expect(bits(y.grad)).toBe(want.materialize);

  class Same extends autograd.Function {
    static forward(_ctx: Context, input: Tensor) {
      return input;
    }
    static backward(_ctx: Context, g: Tensor) {
      return g.mul(7);
    }
  }
  const z = leaf(1);
  const result = Same.apply(z);
  result.backward();
  expect(result).not.toBe(z);
  expect(`(False, True)${bits(z.grad)}`).toBe(want.same);
});

test('PyTorch’s messages for broken rules', () => {
  const x = leaf(1, 2);
  const custom = (
    forward: (ctx: Context, x: Tensor, n: number) => Tensor,
    backward: (ctx: Context, g: Tensor) => unknown,
  ) => {
    class Bad extends autograd.Function {
      static forward = forward;
      static backward = backward;
    }
    return (input: Tensor) => Bad.apply(input, 2);
  };
  const one = (forward: (ctx: Context, x: Tensor) => Tensor, backward: (g: Tensor) => unknown) => {
    class Bad extends autograd.Function {
      static forward = forward;
      static backward(_ctx: Context, g: Tensor) {
        return backward(g);
      }
    }
    return (input: Tensor) => Bad.apply(input);
  };
  class OnlyForward extends autograd.Function {
    static forward(_ctx: Context, input: Tensor) {
      return input.mul(1);
    }
  }
  const message = (fn: () => unknown) => {
    try {
      fn();
      return undefined;
    } catch (error) {
      const { code, message: text, op } = error as torch.TorchError;
      return `${code}: ${op ? text.replace(`${op}(): `, '') : text}`;
    }
  };
  const copy = (_ctx: Context, input: Tensor) => input.mul(1);
  const times = (_ctx: Context, input: Tensor, n: number) => input.mul(n);
  const messages = [
    () =>
      one(copy, (g) => [g, g])(x)
        .sum()
        .backward(),
    () =>
      custom(
        times,
        (_ctx, g) => g,
      )(x)
        .sum()
        .backward(),
    () =>
      custom(times, (_ctx, g) => [g, g])(x)
        .sum()
        .backward(),
    () =>
      one(copy, () => torch.ones([3]))(x)
        .sum()
        .backward(),
    () => OnlyForward.apply(x).sum().backward(),
    () => (autograd.Function as unknown as { apply(x: Tensor): void }).apply(x),
    () => {
      const z = x.mul(1);
      const save = (ctx: Context, input: Tensor) => {
        ctx.saveForBackward(input);
        return input.mul(1);
      };
      class Changed extends autograd.Function {
        static forward = save;
        static backward(ctx: Context, g: Tensor) {
          return ctx.savedTensors.length ? g : null;
        }
      }
      const y = Changed.apply(z);
      z.add_(1);
      y.sum().backward();
    },
    () => {
      const dirty = (ctx: Context, input: Tensor) => {
        ctx.markDirty(input);
        return input.mul(1);
      };
      one(dirty, (g) => g)(x.mul(1));
    },
  ].map(message);
  expect(messages).toEqual(want.messages!.split('|'));
});

test('errors of forward and backward are passed on unchanged', () => {
  const error = new RangeError('mine');
  class Fails extends autograd.Function {
    static forward(_ctx: Context, x: Tensor, where: string) {
      if (where === 'forward') throw error;
      return x.mul(1);
    }
    static backward(): Tensor {
      throw error;
    }
  }
  const caught = (fn: () => unknown) => {
    try {
      return fn();
    } catch (e) {
      return e;
    }
  };
  expect(caught(() => Fails.apply(leaf(1), 'forward'))).toBe(error);
  expect(caught(() => Fails.apply(leaf(1), 'backward').backward())).toBe(error);
  expect(torch.isGradEnabled()).toBe(true);
});

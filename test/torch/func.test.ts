/** Function transforms and autocast: each expression gives Python's bits, or its refusal. */
import * as torch from 'tandem-torch';
import { bits, python } from './python';
import { refusedAsInPython } from './refused';

const { func, nn, vmap } = torch;
const { forwardAd: fwAD } = torch.autograd;
const F = nn.functional;
type T = torch.Tensor;

const setUp = `
from torch.func import *
from torch import vmap
import torch.autograd.forward_ad as fwAD
torch.manual_seed(0)
A, B, v, s = torch.randn(5, 3), torch.randn(5, 3), torch.randn(3), torch.tensor(1.5)
net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
nets = [nn.Linear(3, 2) for _ in range(3)]
params = dict(net.named_parameters())
Y = torch.randn(5, 2)
def loss(p, x, y):
    return F.mse_loss(functional_call(net, p, (x,)), y)
def with_bias(x, b): return x.sin() * b, {'s': (x * b).sum()}
def with_aux(x): return (x ** 2).sum(), x.cos()
def drawn(x):
    torch.manual_seed(5)
    return x + torch.rand(3)
def two(x, y): return x * y.sum(), y ** 2
img = torch.randn(2, 1, 6, 6)
conv = nn.Sequential(nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3), nn.ReLU(), nn.Flatten(), nn.Linear(48, 4), nn.Softmax(1))
gru = nn.GRU(3, 4, batch_first=True)
def autocast_step():
    conv.zero_grad()
    with torch.autocast('cpu', dtype=torch.bfloat16):
        out = conv(img)
        loss = F.cross_entropy(out, torch.tensor([0, 3]))
    loss.backward()
    return [out, loss, *[p.grad for p in conv.parameters()]]
def autocast_nested():
    with torch.autocast('cpu'):
        a = A @ B.T
        with torch.autocast('cpu', enabled=False):
            b = A @ B.T
        c = gru(A[None])[0]
    return [a, b, c, A @ B.T]
def dual():
    with fwAD.dual_level():
        d = fwAD.make_dual(A, B)
        p, t = fwAD.unpack_dual((d * d).sin())
        none = fwAD.unpack_dual(A * 2).tangent
        return [p, t, none is None]
`;

torch.manualSeed(0);
const [A, B, v, s] = [torch.randn(5, 3), torch.randn(5, 3), torch.randn(3), torch.tensor(1.5)];
const net = new nn.Sequential(new nn.Linear(3, 4), new nn.Tanh(), new nn.Linear(4, 2));
const nets = Array.from({ length: 3 }, () => new nn.Linear(3, 2));
const params = Object.fromEntries(net.namedParameters());
const Y = torch.randn(5, 2);
const loss = (p: Record<string, T>, x: T, y: T) => F.mseLoss(func.functionalCall(net, p, [x]), y);
const withBias = (x: T, b: T) => [x.sin().mul(b), { s: x.mul(b).sum() }];
const withAux = (x: T) => [x.pow(2).sum(), x.cos()];
const drawn = (x: T) => {
  torch.manualSeed(5);
  return x.add(torch.rand(3));
};
const two = (x: T, y: T) => [x.mul(y.sum()), y.pow(2)];
const img = torch.randn(2, 1, 6, 6);
const conv = new nn.Sequential(
  new nn.Conv2d(1, 3, 3),
  new nn.BatchNorm2d(3),
  new nn.ReLU(),
  new nn.Flatten(),
  new nn.Linear(48, 4),
  new nn.Softmax(1),
);
const gru = new nn.GRU(3, 4, { batchFirst: true });
function autocastStep() {
  conv.zeroGrad();
  const [out, loss] = torch.autocast('cpu', { dtype: 'bfloat16' }, () => {
    const scores = conv.call(img) as T;
    return [scores, F.crossEntropy(scores, torch.tensor([0, 3]))];
  });
  loss!.backward();
  return [out, loss, ...conv.parameters().map(({ grad }) => grad)];
}
function autocastNested() {
  const inside = torch.autocast('cpu', () => {
    const a = A.matmul(B.T);
    const b = torch.autocast('cpu', { enabled: false }, () => A.matmul(B.T));
    return [a, b, gru.call(A.unsqueeze(0))[0]];
  });
  return [...inside, A.matmul(B.T)];
}
const dual = () =>
  fwAD.dualLevel(() => {
    const d = fwAD.makeDual(A, B);
    const { primal, tangent } = fwAD.unpackDual(d.mul(d).sin());
    return [primal, tangent, fwAD.unpackDual(A.mul(2)).tangent === null];
  });

/** All that is in nested results, in order. */
const leaves = (value: unknown): unknown[] => {
  if (Array.isArray(value)) return value.flatMap(leaves);
  const isRecord = typeof value === 'object' && value !== null && !(value instanceof torch.Tensor);
  return isRecord ? Object.values(value).flatMap(leaves) : [value];
};

const sin = (x: T) => x.sin();
const cubes = (x: T) => x.pow(3).sum();

const twins: Record<string, () => unknown> = {
  'vmap(torch.dot)(A, B)': () => vmap(torch.dot)(A, B),
  'vmap(torch.dot, in_dims=(1, 1))(A, B)': () => vmap(torch.dot, { inDims: [1, 1] })(A, B),
  'vmap(lambda x, y: x + y, in_dims=(0, None))(A, v)': () =>
    vmap((x: T, y: T) => x.add(y), [0, null])(A, v),
  'vmap(lambda x: x * 2, out_dims=1)(A)': () => vmap((x: T) => x.mul(2), { outDims: 1 })(A),
  'vmap(lambda d: d["a"] @ d["b"], in_dims=({"a": 0, "b": None},))({"a": A, "b": v})': () =>
    vmap((d: { a: T; b: T }) => d.a.matmul(d.b), { inDims: [{ a: 0, b: null }] })({ a: A, b: v }),
  'vmap(vmap(torch.mul))(A, B)': () => vmap(vmap(torch.mul))(A, B),
  'vmap(with_bias, in_dims=(0, None), out_dims=(1, {"s": 0}))(A, s)': () =>
    vmap(withBias, { inDims: [0, null], outDims: [1, { s: 0 }] })(A, s),
  'vmap(torch.sin, chunk_size=2)(A)': () => vmap(torch.sin, { chunkSize: 2 })(A),
  'vmap(drawn, randomness="same")(A)': () => vmap(drawn, { randomness: 'same' })(A),
  'vmap(drawn, randomness="different")(A)': () => vmap(drawn, { randomness: 'different' })(A),
  'vmap(net)(A)': () => vmap((x: T) => net.call(x) as T)(A),
  'grad(torch.sin)(s)': () => func.grad(torch.sin)(s),
  'grad(grad(grad(torch.sin)))(s)': () => func.grad(func.grad(func.grad(torch.sin)))(s),
  'grad(lambda x, y: (x * y).sum(), argnums=(0, 1))(A, B)': () =>
    func.grad((x: T, y: T) => x.mul(y).sum(), { argnums: [0, 1] })(A, B),
  'grad(lambda x, y: (x * y).sum(), argnums=-1)(A, B)': () =>
    func.grad((x: T, y: T) => x.mul(y).sum(), -1)(A, B),
  'grad(with_aux, has_aux=True)(v)': () => func.grad(withAux, { hasAux: true })(v),
  'grad_and_value(with_aux, has_aux=True)(v)': () =>
    func.gradAndValue(withAux, { hasAux: true })(v),
  'list(grad(loss)(params, A, Y).values())': () => Object.values(func.grad(loss)(params, A, Y)),
  'list(vmap(grad(loss), in_dims=(None, 0, 0))(params, A, Y).values())': () =>
    Object.values(vmap(func.grad(loss), { inDims: [null, 0, 0] })(params, A, Y)),
  '[vjp(torch.exp, A)[0], *vjp(torch.exp, A)[1](B)]': () => {
    const [y, pull] = func.vjp(torch.exp, A);
    return [y, pull(B)];
  },
  'vjp(two, A, B)[1]((B, A))': () => func.vjp(two, A, B)[1]([B, A]),
  'jvp(torch.sin, (A,), (B,))': () => func.jvp(sin, [A], [B]),
  'jvp(lambda x: jvp(torch.sin, (x,), (B,))[1], (A,), (B,))': () =>
    func.jvp((x: T) => func.jvp(sin, [x], [B])[1], [A], [B]),
  'jvp(two, (A, B), (B, A))': () => func.jvp(two, [A, B], [B, A]),
  'jvp(with_aux, (v,), (v,), has_aux=True)': () => func.jvp(withAux, [v], [v], { hasAux: true }),
  'jacrev(torch.sin)(v)': () => func.jacrev(sin)(v),
  'jacrev(two, argnums=(0, 1))(A, v)': () => func.jacrev(two, [0, 1])(A, v),
  'jacrev(torch.sin, chunk_size=2)(A)': () => func.jacrev(sin, { chunkSize: 2 })(A),
  'jacrev(torch.sin, chunk_size=1)(v)': () => func.jacrev(sin, { chunkSize: 1 })(v),
  'jacfwd(torch.sin)(v)': () => func.jacfwd(sin)(v),
  'jacfwd(two, argnums=(0, 1))(A, v)': () => func.jacfwd(two, [0, 1])(A, v),
  'jacfwd(with_aux, has_aux=True)(v)': () => func.jacfwd(withAux, { hasAux: true })(v),
  'hessian(lambda x: (x ** 3).sum())(v)': () => func.hessian(cubes)(v),
  'vmap(hessian(lambda x: (x ** 3).sum()))(A)': () => vmap(func.hessian(cubes))(A),
  'jacrev(jacfwd(lambda x: (x ** 3).sum()))(v)': () => func.jacrev(func.jacfwd(cubes))(v),
  'list(jacrev(lambda p: functional_call(net, p, (v,)))(params).values())': () =>
    Object.values(func.jacrev((p: Record<string, T>) => func.functionalCall(net, p, [v]))(params)),
  '[list(d.values()) for d in stack_module_state(nets)]': () =>
    func.stackModuleState(nets).map((d) => Object.values(d)),
  'vmap(lambda p, b, x: functional_call(nets[0], (p, b), (x,)), in_dims=(0, 0, None))(*stack_module_state(nets), A)':
    () =>
      vmap(
        (p: Record<string, T>, b: Record<string, T>, x: T) =>
          func.functionalCall(nets[0]!, [p, b], [x]) as T,
        { inDims: [0, 0, null] },
      )(...func.stackModuleState(nets), A),
  'functional_call(net, {"0.weight": torch.ones(4, 3)}, (A,))': () =>
    func.functionalCall(net, { '0.weight': torch.ones(4, 3) }, [A]),
  'torch.no_grad()(lambda: grad(torch.sin)(s))()': () =>
    torch.noGrad(() => func.grad(torch.sin)(s)),
  'dual()': dual,
  'autocast_step()': autocastStep,
  'autocast_nested()': autocastNested,
  'torch.get_autocast_dtype("cpu"), torch.is_autocast_enabled("cpu")': () => [
    `torch.${torch.getAutocastDtype('cpu')}`,
    torch.isAutocastEnabled('cpu'),
  ],
};

const expected = python(
  Object.keys(twins).map((expression) => `flat(${expression})`),
  `${setUp}
def flat(*value):
    leaves = torch.utils._pytree.tree_leaves(value)
    wide = lambda x: x.float() if isinstance(x, torch.Tensor) and x.dtype is torch.bfloat16 else x
    return ' '.join(bits(wide(leaf)) for leaf in leaves)`,
);

test.each(Object.entries(twins).map(([name, run], i) => [name, run, expected[i]!] as const))(
  '%s',
  (_, run, want) => {
    const wide = (x: unknown) =>
      x instanceof torch.Tensor && x.dtype === 'bfloat16' ? x.float() : x;
    expect(leaves(run()).map(wide).map(bits).join(' ')).toBe(want);
  },
);

test('a module has its own tensors again after a functional call, also where it throws', () => {
  const own = net.parameters();
  expect(() => func.functionalCall(net, { '0.weight': torch.ones(9, 9) }, [A])).toThrow(/shapes/);
  expect(net.parameters().every((parameter, i) => parameter === own[i])).toBe(true);
});

test('autocast follows async functions, and no other', async () => {
  const inside = torch.autocast('cpu', async () => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    return A.matmul(B.T).dtype;
  });
  expect(A.matmul(B.T).dtype).toBe('float32');
  expect(await inside).toBe('bfloat16');
  expect(torch.isAutocastEnabled('cpu')).toBe(false);
});

test('a transform has ended after its function throws', () => {
  const own = new Error('mine');
  const failing = () => {
    throw own;
  };
  for (const transform of [func.grad, func.jacrev, func.jacfwd, torch.vmap] as never[]) {
    expect(() => (transform as (f: unknown) => (x: T) => unknown)(failing)(v)).toThrow(own);
  }
  expect(bits(A.add(1))).toBe(bits(torch.add(A, 1)));
});

refusedAsInPython(
  {
    'vmap(lambda x: x, in_dims=3)(A)': () => vmap((x: T) => x, 3)(A),
    'vmap(lambda x: x)()': () => vmap((x: T) => x)(),
    'vmap(torch.add)(A, v)': () => vmap((a: T, b: T) => a.add(b))(A, v),
    'vmap(torch.sin, randomness="x")(A)': () => vmap(torch.sin, { randomness: 'x' as never })(A),
    'grad(torch.sin)(v)': () => func.grad(torch.sin)(v),
    'grad(torch.sin, argnums=2)(s)': () => func.grad(torch.sin, 2)(s),
    'jacrev(torch.sin)(v.to(torch.complex64))': () => func.jacrev(sin)(v.to('complex64')),
    'vjp(torch.sin, v)[1]((v, v))': () => func.vjp(sin, v)[1]([v, v]),
    'functional_call(net, {"9.nope": v}, (A,))': () =>
      func.functionalCall(net, { '9.nope': v }, [A]),
    'torch.autocast("quantum")': () => torch.autocast('quantum', () => 1),
  },
  setUp,
);

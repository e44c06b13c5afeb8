import * as torch from 'tandem-torch';
import { bits, python } from './python';

const { tensor } = torch;
const leaf = (...values: number[]) => tensor(values, { dtype: 'float32', requiresGrad: true });

// The same work in Python; each test takes its own part.
const setUp = `
def leaf(*values): return torch.tensor(values, requires_grad=True, dtype=torch.float32)
out = {}
x = leaf(1, 2, 3); y = x * 2; seen = []
a = y.register_hook(lambda g: seen.append(g.clone()))
b = y.register_hook(lambda g: g * 10)
c = y.register_hook(lambda g: seen.append(g.clone()))
d = x.register_hook(lambda g: seen.append(g.clone()))
y.sum().backward(retain_graph=True); b.remove(); y.sum().backward()
out['order'] = bits(seen) + bits(x.grad)

x = leaf(1, 2); y = x * 3; y.retain_grad(); y.register_hook(lambda g: g * 2); (y * y).sum().backward()
out['retain'] = bits(y.grad) + bits(x.grad)

x = leaf(1, 2); seen = []
x.register_post_accumulate_grad_hook(lambda p: seen.append(p.grad.clone()))
(x * 2).sum().backward(); (x * x).sum().backward()
out['post'] = bits(seen)

x = leaf(2, 3); y = x.exp(); z = y.sum(); seen = []
def names(n): return [n.name()] + [m for f, _ in n.next_functions if f for m in names(f)]
out['names'] = str(names(z.grad_fn)); out['same'] = str(z.grad_fn is z.grad_fn)
y.grad_fn.register_prehook(lambda gs: (gs[0] * 3,))
y.grad_fn.register_hook(lambda gi, go: (gi[0] + go[0],))
z.backward(); out['nodes'] = bits(x.grad)

x = leaf(2); y = x ** 3; y.register_hook(lambda g: g * x); g, = torch.autograd.grad(y, x, create_graph=True); g.backward()
out['second'] = bits((g, x.grad))

def message(f):
    try: f()
    except Exception as e: return type(e).__name__ + ': ' + str(e)
x = leaf(1, 2)
out['messages'] = '|'.join(message(f) for f in [
  lambda: torch.ones(2).register_hook(lambda g: g),
  lambda: torch.ones(2).register_post_accumulate_grad_hook(lambda g: g),
  lambda: (x * 1).register_post_accumulate_grad_hook(lambda g: g),
  lambda: torch.autograd.backward(x * 2, [torch.ones(3)]),
  lambda: torch.autograd.grad(x * 2, x, torch.ones(2, dtype=torch.complex64)),
  lambda: torch.autograd.grad((x * 2).sum(), leaf(1)),
  lambda: torch.autograd.grad(x.sum(), []),
  lambda: x.sum().backward(inputs=[]),
  lambda: torch.autograd.grad(x.sum(), x, materialize_grads=True, allow_unused=False),
  lambda: torch.ones(1).backward(),
])
`;

const parts = ['order', 'retain', 'post', 'names', 'same', 'nodes', 'second', 'messages'] as const;
const want = {} as Record<(typeof parts)[number], string>;
beforeAll(() => {
  const results = python(
    parts.map((part) => `out['${part}']`),
    setUp,
  );
  parts.forEach((part, i) => {
    want[part] = results[i]!;
  });
});

test('hooks run in order, may replace the gradient, and can be removed', () => {
  const x = leaf(1, 2, 3);
  const y = x.mul(2);
  const seen: torch.Tensor[] = [];
  y.registerHook((g) => void seen.push(g.clone()));
  const remove = y.registerHook((g) => g.mul(10));
  y.registerHook((g) => void seen.push(g.clone()));
  x.registerHook((g) => void seen.push(g.clone()));
  y.sum().backward({ retainGraph: true });
  remove();
  y.sum().backward();
  expect(bits(seen) + bits(x.grad)).toBe(want.order);
});

test('retainGrad keeps what the hooks have made of the gradient', () => {
  const x = leaf(1, 2);
  const y = x.mul(3);
  y.retainGrad();
  y.registerHook((g) => g.mul(2));
  y.mul(y).sum().backward();
  expect(bits(y.grad) + bits(x.grad)).toBe(want.retain);
  expect([y.retainsGrad, x.retainsGrad]).toEqual([true, false]);
});

test('a hook after accumulation gets the leaf itself', () => {
  const x = leaf(1, 2);
  const seen: torch.Tensor[] = [];
  const remove = x.registerPostAccumulateGradHook((p) => {
    expect(p).toBe(x);
    seen.push(p.grad!.clone());
  });
  x.mul(2).sum().backward();
  x.mul(x).sum().backward();
  expect(bits(seen)).toBe(want.post);
  remove();
  x.sum().backward();
  expect(seen).toHaveLength(2);
});

test('the graph’s nodes: names, next functions, hooks', () => {
  const x = leaf(2, 3);
  const y = x.exp();
  const z = y.sum();
  const names = (node: torch.autograd.GraphNode): string[] => [
    node.name(),
    ...node.nextFunctions.flatMap(([next]) => (next ? names(next) : [])),
  ];
  expect(`['${names(z.gradFn!).join("', '")}']`).toBe(want.names);
  const [first, again] = [z.gradFn, z.gradFn];
  expect(first === again ? 'True' : 'False').toBe(want.same);
  expect(y.gradFn!.nextFunctions[0]![0]!.variable!.is(x)).toBe(true);
  expect([String(y.gradFn), x.gradFn]).toEqual(['<ExpBackward0>', null]);
  expect(torch.autograd.getGradientEdge(x)[0]!.name()).toBe('torch::autograd::AccumulateGrad');
  y.gradFn!.registerPrehook(([g]) => [g!.mul(3)]);
  y.gradFn!.registerHook(([gradInput], [gradOutput]) => [gradInput!.add(gradOutput!)]);
  z.backward();
  expect(bits(x.grad)).toBe(want.nodes);
});

test('hooks are differentiated where the backward is recorded', () => {
  const x = leaf(2);
  const y = x.pow(3);
  y.registerHook((g) => g.mul(x));
  const [g] = torch.autograd.grad(y, x, { createGraph: true });
  g!.backward();
  expect(bits([g, x.grad])).toBe(want.second);
});

test('PyTorch’s messages', () => {
  const x = leaf(1, 2);
  const message = (fn: () => unknown) => {
    try {
      fn();
      return undefined;
    } catch (error) {
      const { code, message: text, op } = error as torch.TorchError;
      return `${code}: ${op ? text.replace(`${op}(): `, '') : text}`;
    }
  };
  const { grad, backward } = torch.autograd;
  const messages = [
    () => torch.ones([2]).registerHook((g) => g),
    () => torch.ones([2]).registerPostAccumulateGradHook(() => {}),
    () => x.mul(1).registerPostAccumulateGradHook(() => {}),
    () => backward(x.mul(2), { gradTensors: [torch.ones([3])] }),
    () => grad(x.mul(2), x, { gradOutputs: torch.ones([2], { dtype: 'complex64' }) }),
    () => grad(x.mul(2).sum(), leaf(1)),
    () => grad(x.sum(), []),
    () => x.sum().backward({ inputs: [] }),
    () => grad(x.sum(), x, { materializeGrads: true, allowUnused: false }),
    () => torch.ones([1]).backward(),
  ].map(message);
  expect(messages).toEqual(want.messages.split('|'));
});

test('a hook’s errors are passed on unchanged by backward', () => {
  const x = leaf(1);
  const thrown = [
    new RangeError('mine'),
    Object.assign(new Error('no'), { code: 'ENOENT' }),
    'text',
  ];
  for (const error of thrown) {
    const y = x.mul(2);
    y.registerHook(() => {
      throw error;
    });
    let caught: unknown;
    try {
      y.backward();
    } catch (e) {
      caught = e;
    }
    expect(caught).toBe(error);
  }
  // The engine is in order afterwards.
  x.mul(3).backward();
  expect(x.grad!.toArray()).toEqual([3]);
  const z = x.mul(2);
  z.registerHook((async () => {}) as never);
  expect(() => z.backward()).toThrow('must not be async');
  const w = x.mul(2);
  w.registerHook(() => 5 as never);
  expect(() => w.backward()).toThrow("expected Variable, but hook 'anonymous' returned 'number'");
  const v = x.mul(2);
  v.registerHook(() => torch.ones([7]));
  expect(() => v.backward()).toThrow(/has changed the size of value/);
});

test('backward from inside a hook, as deep as libtorch stays on this thread', () => {
  const nested = (depth: number): number => {
    const x = leaf(1);
    const y = x.mul(2);
    let below = 0;
    y.registerHook(() => {
      if (depth > 0) below = torch.enableGrad(() => nested(depth - 1));
    });
    y.backward();
    return 1 + below;
  };
  expect(nested(20)).toBe(21);
  // Deeper, libtorch would go on in a thread of its own, where no JavaScript can run.
  expect(() => nested(100)).toThrow(/on a thread of its own/);
  expect(nested(3)).toBe(4);
});

test('anomaly mode names the operation and shows the line that made it', () => {
  const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
  const x = leaf(-1);
  torch.autograd.detectAnomaly(() => {
    const y = x.sqrt().sum();
    expect(() => y.backward()).toThrow(
      "Function 'SqrtBackward0' returned nan values in its 0th output.",
    );
  });
  const [[text]] = warn.mock.calls as unknown as [[string]];
  warn.mockRestore();
  expect(text).toContain('Error detected in SqrtBackward0.');
  expect(text.split('\n')[1]).toContain('autograd-hooks.test.ts');
  // It is off again.
  x.sqrt().sum().backward();
  expect(x.grad!.item()).toBeNaN();
});

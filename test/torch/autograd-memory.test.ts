import * as torch from 'tandem-torch';
import { collectGarbage } from '../../src/torch/garbage';
import { native } from '../../src/torch/native';

type Tensor = torch.Tensor;
type Context = torch.autograd.FunctionContext;

// Hooks and functions can form cycles between the graph and JavaScript, which must be freed.

/** Bytes of all live tensors, once nothing more can be collected. */
async function held(): Promise<number> {
  for (let i = 0; i < 4; i++) {
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage(native);
  }
  return native.heldBytes();
}

class Scale extends torch.autograd.Function {
  static forward(ctx: Context & { factor?: Tensor }, x: Tensor, factor: Tensor) {
    ctx.factor = factor;
    const y = x.mul(factor);
    ctx.saveForBackward(x, y);
    return y;
  }
  static backward(ctx: Context & { factor: Tensor }, g: Tensor) {
    return [g.mul(ctx.factor), ctx.savedTensors[0]!.mul(g)];
  }
}

const w = torch.ones([8], { requiresGrad: true });

const steps: [string, () => void][] = [
  [
    'a hook that refers to the loss behind it',
    () => {
      const y = w.mul(2);
      const loss = y.sum();
      y.registerHook(() => void loss.shape);
      loss.backward();
    },
  ],
  [
    'a hook that refers to its own tensor, and no backward',
    () => {
      const y = w.mul(2);
      y.registerHook(() => void y.shape);
    },
  ],
  [
    'a leaf of each step with hooks that refer to it',
    () => {
      const x = torch.ones([8], { requiresGrad: true });
      x.registerHook(() => void x.shape);
      x.registerPostAccumulateGradHook(() => void x.shape);
      x.mul(3).sum().backward();
    },
  ],
  [
    'hooks that come and go on a parameter',
    () => {
      const big = torch.ones([100]);
      const remove = w.registerHook(() => void big.shape);
      w.sum().backward();
      remove();
      w.grad = null;
    },
  ],
  [
    'hooks of nodes',
    () => {
      const y = w.mul(2);
      const seen: unknown[] = [];
      y.gradFn!.registerHook((inputs) => void seen.push(inputs));
      y.gradFn!.registerPrehook((outputs) => void seen.push(outputs));
      y.sum().backward();
    },
  ],
  [
    'custom functions, with and without a backward',
    () => {
      const factor = torch.ones([8], { requiresGrad: true });
      Scale.apply(w, factor).sum().backward();
      Scale.apply(w, factor);
    },
  ],
  [
    'hooks and functions that throw',
    () => {
      const y = Scale.apply(w, torch.ones([8]));
      y.registerHook(() => {
        throw new Error(String(y.shape));
      });
      try {
        y.sum().backward();
      } catch {}
    },
  ],
];

test.each(steps)('500 steps stay flat: %s', async (_, step) => {
  for (let i = 0; i < 100; i++) step();
  const before = await held();
  for (let i = 0; i < 500; i++) step();
  // A tensor that stayed each time would be 256 bytes or more.
  expect(((await held()) - before) / 500).toBeLessThan(10);
});

test('a hook outlives the tensor that it was registered on while the graph needs it', async () => {
  const seen: number[] = [];
  const x = torch.ones([1], { requiresGrad: true });
  const loss = (() => {
    const y = x.mul(2);
    y.registerHook((g) => void seen.push(g.item()));
    return y.mul(5).sum();
  })();
  await held();
  loss.backward({ retainGraph: true });
  await held();
  loss.backward();
  expect(seen).toEqual([5, 5]);
});

test('a leaf’s hook stays for as long as the leaf does', async () => {
  const seen: number[] = [];
  const x = torch.ones([1], { requiresGrad: true });
  // The same tensor, under a name that is forgotten at once.
  (() => x.contiguous().registerHook((g) => void seen.push(g.item())))();
  for (const factor of [2, 3]) {
    await held();
    x.mul(factor).backward();
  }
  expect(seen).toEqual([2, 3]);
});

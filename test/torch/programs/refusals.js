// Refused calls, hooks and custom functions that throw, and garbage, drawn at random. Arguments: seconds,
// seed. Prints how many rounds it survived; each seed gives the same calls.
const torch = require('../../../src/torch/dist');

const [seconds, seed] = process.argv.slice(2).map(Number);
let state = seed * 2654435761 + 1;
/** Whole numbers below `n`, by Marsaglia's xorshift. */
function random(n) {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % n;
}
const pick = (list) => list[random(list.length)];

const thrower = (what) => () => {
  throw what;
};
const hostile = () =>
  pick([
    {
      get float() {
        throw new Error('getter');
      },
    },
    {
      get re() {
        torch.ones(3).add(1);
        return 1;
      },
      im: 2,
    },
    new Proxy([], { get: thrower(new TypeError('proxy')) }),
    2 ** 63,
    -1e300,
    Number.NaN,
    0.5,
    10n ** 30n,
    null,
    'text',
    Symbol.iterator,
    () => 1,
    [[1], 2],
    { length: 3 },
    new Float32Array(3),
    torch.ones(2).add(1),
  ]);

class Failing extends torch.autograd.Function {
  static forward(ctx, x) {
    ctx.saveForBackward(x);
    if (random(4) === 0) throw new Error('forward');
    return x.mul(2);
  }
  static backward(ctx, gradient) {
    junk();
    if (random(2) === 0) throw new Error('backward');
    return random(2) === 0 ? [gradient, gradient] : gradient.mul(ctx.savedTensors[0]);
  }
}

let waste = [];
/** Garbage of both sides: tensors to be finalized, and objects that move them out of the young generation. */
function junk() {
  for (let k = random(4); k > 0; k--) a.neg();
  waste.push(new Array(random(60)).fill({ waste: waste.length }));
  if (waste.length > 60) waste = [];
}

const a = torch.ones(2, 3);
const v = torch.ones(2);
const w = torch.ones([3], { requiresGrad: true });

const acts = {
  item: () => v.item(),
  view: () => a.view(5),
  add: () => torch.add(pick([a, v]), hostile()),
  narrow: () => a.narrow(hostile(), hostile(), hostile()),
  ones: () => torch.ones(hostile()),
  tensor: () => torch.tensor(hostile()),
  shaped: () => torch.tensor(new Float32Array(6), { shape: hostile() }),
  full: () => torch.full([2], hostile()),
  index: () => a.index(hostile()),
  stack: () => torch.stack([a, hostile()]),
  seed: () => new torch.Generator().manualSeed(hostile()),
  disposed: () => {
    const x = torch.ones(2);
    x.dispose();
    x.add(1);
  },
  grad: () => torch.autograd.grad([hostile()], [w]),
  unusedGrad: () => torch.autograd.grad([w.sum()], [torch.ones([2], { requiresGrad: true })]),
  failing: () => Failing.apply(w).sum().backward(),
  hook: () => {
    const y = w.mul(2);
    y.registerHook(() => {
      junk();
      return pick([undefined, y, 5, torch.ones(7)]);
    });
    y.registerHook(pick([thrower(new Error('hook')), thrower(undefined), () => void y.shape]));
    y.sum().backward();
  },
  leafHook: () => {
    const x = torch.ones([3], { requiresGrad: true });
    x.registerPostAccumulateGradHook(pick([thrower(5), junk]));
    x.mul(2).sum().backward();
  },
  nodeHook: () => {
    const y = w.mul(3);
    y.gradFn.registerHook(() => hostile());
    y.gradFn.registerPrehook(pick([thrower(null), () => [hostile()]]));
    y.sum().backward();
  },
  anomaly: () =>
    torch.autograd.detectAnomaly(() => w.sub(1).sqrt().sub(w.sub(1).sqrt()).sum().backward()),
  twice: () => {
    const loss = w.mul(w).sum();
    loss.backward();
    loss.backward();
  },
  mode: () => torch.noGrad(() => w.mul(2).sum().backward()),
  inference: () => torch.inferenceMode(() => w.mul(2)).add_(w),
  deepStack: () => {
    const deeper = () => a.view(5) && deeper();
    const fall = (n) => (n > 0 ? fall(n - 1) + 1 : v.item());
    pick([deeper, () => fall(1e5)])();
  },
  scope: () =>
    torch.tidy(() => {
      junk();
      const result = [a.neg()];
      result.push(result);
      return result;
    }),
  load: () => torch.load(new Uint8Array(random(40)).fill(random(256))),
};
const names = Object.keys(acts);

/** Many small refusals: what a collection in the middle of one does shows once in thousands. */
function refuse() {
  for (let i = 0; i < 50; i++) {
    junk();
    try {
      pick([acts.item, acts.view])();
    } catch {
      thrown++;
    }
  }
}

let survived = 0;
let thrown = 0;
const end = Date.now() + seconds * 1000;
process.on('warning', () => {});
while (Date.now() < end) {
  for (let i = 0; i < 200; i++, survived++) {
    junk();
    try {
      acts[pick(names)]();
    } catch {
      thrown++;
    }
    w.grad = null;
    refuse();
  }
}
console.log(JSON.stringify({ survived, thrown }));

// Trains in the main thread and in four workers at once, ends two of the workers in the middle of a
// step, and goes on. Prints whether each thread's losses are those that it has alone.
const { once } = require('node:events');
const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads');
const torch = require('../../../src/torch/dist');

class Square extends torch.autograd.Function {
  static forward(ctx, x) {
    ctx.saveForBackward(x);
    return x.mul(x);
  }
  static backward(ctx, gradient) {
    return gradient.mul(ctx.savedTensors[0]).mul(2);
  }
}

/** The losses of a small training with numbers, hooks and functions of its own, step by step. */
function* train(seed, hook = () => {}) {
  const generator = new torch.Generator().manualSeed(seed);
  const draw = (...shape) => torch.randn(shape, { generator });
  const x = draw(64, 32);
  const y = draw(64, 1);
  const [a, b] = [draw(32, 48).mul(0.1), draw(48, 1).mul(0.1)].map((w) => w.requiresGrad_());
  a.registerHook(hook);
  const optimizer = new torch.optim.SGD([a, b], { lr: 1e-3, momentum: 0.9 });
  for (;;) {
    const hidden = Square.apply(x.matmul(a));
    hidden.registerHook(() => void hidden.shape);
    const loss = hidden.matmul(b).sub(y).pow(2).mean();
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    try {
      x.view(5);
    } catch {}
    yield loss.item();
  }
}

const losses = (seed, count) => {
  const steps = train(seed);
  return Array.from({ length: count }, () => steps.next().value);
};

const steps = 150;

async function main() {
  torch.setNumThreads(1);
  const want = [0, 1, 2].map((seed) => losses(seed, steps));
  const stuck = new Int32Array(new SharedArrayBuffer(8));
  const start = (data) => new Worker(__filename, { workerData: data });
  const finite = [1, 2].map((seed) => start({ seed }));
  const endless = [0, 1].map((slot) => start({ seed: 3 + slot, stuck, slot }));
  const results = finite.map((worker) => once(worker, 'message'));
  const own = train(0);
  const found = [];
  while (found.length < steps / 2) {
    found.push(own.next().value);
    await new Promise(setImmediate);
  }
  for (const [slot, worker] of endless.entries()) {
    while (Atomics.load(stuck, slot) === 0) await new Promise(setImmediate);
    await worker.terminate();
  }
  while (found.length < steps) found.push(own.next().value);
  const others = (await Promise.all(results)).map(([message]) => message);
  await Promise.all(finite.map((worker) => worker.threadId > 0 && once(worker, 'exit')));
  const again = losses(0, steps);
  console.log(
    JSON.stringify([found, ...others, again].map((got, i) => String(got) === String(want[i % 3]))),
  );
}

if (isMainThread) main();
else if (workerData.stuck) {
  // One is ended while a hook runs inside of backward, the other between any two operators.
  const { seed, stuck, slot } = workerData;
  let calls = 0;
  const hook = () => {
    if (++calls < 20) return;
    Atomics.store(stuck, slot, 1);
    while (slot === 0) torch.ones(8).add(1);
  };
  for (const _ of train(seed, hook));
} else {
  torch.setNumThreads(1);
  parentPort.postMessage(losses(workerData.seed, steps));
}

// Starts and ends as many workers one after another as the argument says. Prints the resident memory in
// MB after a quarter of them and at the end, and whether main's garbage is still collected.
const { once } = require('node:events');
const { Worker, isMainThread } = require('node:worker_threads');
// Tensors and operators alone, which load in half the time of all of torch.
require('../../../src/torch/dist/operators');
const torch = require('../../../src/torch/dist/generated/functions');

const resident = () => Math.round(process.memoryUsage.rss() / 2 ** 20);

function work() {
  const w = torch.ones([1000, 1000], { requiresGrad: true });
  const y = w.mul(2);
  y.registerHook(() => void y.shape);
  w.registerHook(() => void w.shape);
  y.sum().backward({ retainGraph: true });
  // Hooks and graph are left alive, and so is this.
  globalThis.kept = [w, y, torch.ones([1000, 1000])];
}

async function main() {
  const count = Number(process.argv[2]);
  const sizes = [];
  for (let i = 1; i <= count; i++) {
    const worker = new Worker(__filename);
    await once(worker, 'exit');
    if (i === Math.round(count / 4) || i === count) {
      global.gc?.();
      sizes.push(resident());
    }
  }
  const before = resident();
  let peak = 0;
  for (let i = 0; i < 600; i++) {
    torch.ones([1000, 1000]).add(1);
    if (i % 50 === 0) peak = Math.max(peak, resident() - before);
  }
  console.log(JSON.stringify({ sizes, peak }));
}

if (isMainThread) main();
else work();

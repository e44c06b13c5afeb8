import { program } from './program';

test('threads train at once, each as if alone, while others end in the middle of a step', async () => {
  // Main's losses, two workers', and main's again after two others were ended.
  expect(await program('threads.js')).toEqual([true, true, true, true]);
});

const workers = process.env.TANDEM_TEST_QUICK === '1' ? 60 : 200;

test(`${workers} workers that start and end leave nothing behind`, async () => {
  const { sizes, peak } = (await program('worker-memory.js', [workers])) as {
    sizes: [number, number];
    peak: number;
  };
  // Each has 3 MB of tensors, hooks and a graph when it ends: 450 MB for 150 of them, 135 MB for 45.
  expect(sizes[1] - sizes[0]).toBeLessThan(100);
  // 4.8 GB if main's garbage were no longer collected.
  expect(peak).toBeLessThan(1000);
});

test('main’s garbage is collected while the worker that loaded the addon last runs', async () => {
  expect(
    await program(`
      const { Worker } = require('node:worker_threads');
      const worker = new Worker(
        "const torch = require('./src/torch/dist');" +
          "const { parentPort } = require('node:worker_threads');" +
          "parentPort.on('message', () => process.exit()); parentPort.postMessage(0);",
        { eval: true },
      );
      worker.on('message', () => {
        const before = process.memoryUsage.rss();
        let peak = 0;
        // 1.6 GB if nothing were freed.
        for (let i = 0; i < 200; i++) {
          torch.ones([1000, 1000]).add(1);
          peak = Math.max(peak, process.memoryUsage.rss() - before);
        }
        worker.postMessage(0);
        worker.on('exit', () => console.log(peak / 2 ** 20));
      });`),
  ).toBeLessThan(1000);
});

test('the default dtype is one for all threads, as in Python', async () => {
  expect(
    await program(`
      const { Worker } = require('node:worker_threads');
      new Worker("require('./src/torch/dist').setDefaultDtype('float64')", { eval: true }).on(
        'exit',
        () => {
          const made = [torch.rand(1), torch.tensor(1.5), torch.tensor([]), torch.ones(2)];
          console.log(JSON.stringify([torch.getDefaultDtype(), ...made.map((x) => x.dtype)]));
        },
      );`),
  ).toEqual(Array(5).fill('float64'));
});

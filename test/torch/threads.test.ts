import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { examplesOf } from './examples';
import { program } from './program';

test('threads train at once, each as if alone, while others end in the middle of a step', async () => {
  // Main's losses, two workers', and main's again after two others were ended.
  expect(await program('threads.js')).toEqual([true, true, true, true]);
});

const workers = process.env.TANDEM_TEST_QUICK === '1' ? 20 : 200;

test(`${workers} workers that start and end leave nothing behind`, async () => {
  const { sizes, peak } = (await program('worker-memory.js', [workers])) as {
    sizes: [number, number];
    peak: number;
  };
  // Each has 16 MB of tensors, hooks and a graph when it ends: 2.4 GB for 150 of them, 240 MB for 15.
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

describe('tensors that pass between threads', () => {
  let found: Record<string, Record<string, unknown>> & { refused: unknown[] };
  beforeAll(async () => {
    const count = process.env.TANDEM_TEST_QUICK === '1' ? 300 : 1000;
    found = (await program('sharing.js', [count], { flags: ['--no-warnings'] })) as never;
  });

  test('are on the same memory, each a leaf of its own thread’s', () => {
    expect(found.passed).toEqual({
      seen: {
        address: expect.any(Number),
        sameAddress: true,
        values: [
          [0, 1, 2],
          [3, 4, 5],
        ],
        column: [[1, 4], 3, true],
        oneTensor: true,
        twice: true,
        parameter: [true, true, true],
        sameWeights: true,
        hasGradient: true,
        empty: [0, 2],
        sparse: [
          [1, 0],
          [0, 1],
        ],
        conj: [true, [{ re: 1, im: -2 }]],
        inferred: [
          false,
          [
            [0, 2, 4],
            [6, 8, 10],
          ],
        ],
        quantized: [1.5, 2],
        plain: { text: 'a', when: '1970-01-01T00:00:00.000Z', list: {} },
      },
      written: 70,
      gradient: null,
      weight: 5,
      mean: 3,
      version: 0,
      resize: expect.stringContaining('Trying to resize storage that is not resizable'),
    });
  });

  test('are refused with what to do where that can’t be', () => {
    const foreign = 'ValueError: this is not a tensor that torch.share gave in this process';
    expect(found.refused).toEqual([
      expect.stringContaining('Cowardly refusing to serialize non-leaf tensor which requires_grad'),
      expect.stringContaining('share its stateDict()'),
      expect.stringContaining('send torch.share(x) to another thread'),
      foreign,
      foreign,
      foreign,
      foreign,
      1,
    ]);
  });

  test('are freed, those too that nobody takes', () => {
    // 4 GB and more if each stayed.
    expect(found.rounds).toMatchObject({ sum: expect.any(Number), most: expect.any(Number) });
    expect(found.rounds!.most).toBeLessThan(1000);
  });

  test('outlive the thread that loaded torch', async () => {
    expect(await program('orphan.js')).toBe(8);
  });
});

test('a server answers while its process trains, with the weights as they are then', async () => {
  const found = (await program('training-server.js', [40])) as Record<string, number> & {
    losses: number[];
  };
  expect(found.losses).toHaveLength(40);
  expect(found.losses.at(-1)).toBeLessThan(found.losses[0]! / 2);
  // Without the thread no request could be served before a step has ended, and none would be before the last.
  expect(found.steps).toBeGreaterThan(5);
  expect(found.requests).toBeGreaterThan(5);
  expect(found.different).toBeGreaterThan(5);
  expect(found.longest).toBeLessThan(found.seconds!);
});

test('four threads of a pool infer at once, with the same bits, and errors come back', async () => {
  const ended = expect.stringMatching(/^TorchError: WorkerPool: its thread ended/);
  const closed = 'TorchError: WorkerPool: the pool was closed before the call was answered';
  expect(await program('worker-pool.js')).toEqual({
    threads: [1, 1, 1, 1],
    same: Array(12).fill(true),
    after: true,
    refused: [
      "TorchError: view(): shape '[3]' is invalid for input of size 2",
      'RangeError: of its own',
      expect.stringContaining('Cowardly refusing'),
      expect.stringContaining('could not be cloned'),
      expect.stringContaining("exports no function 'missing'"),
      expect.stringContaining('could not be cloned'),
    ],
    left: [ended, closed, closed, ended, 'WorkerPool: size must be a positive integer, not 0'],
  });
});

test('the example of the docs runs', async () => {
  const folder = examplesOf('Threads');
  try {
    expect(await program(join(folder, 'server.js'))).toEqual([4, 10]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

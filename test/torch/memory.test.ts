import { spawnSync } from 'node:child_process';
import { inProject } from '../../src/paths';
import * as torch from '../../src/torch';

test('tidy frees what its function made, but for what it returns or keeps', () => {
  const made: torch.Tensor[] = [];
  let kept!: torch.Tensor;
  const { result } = torch.tidy(() => {
    made.push(torch.ones(2), torch.ones(2).add(1));
    kept = torch.keep(torch.zeros(1));
    return { result: torch.ones(3) };
  });
  expect(made.map((x) => x.isDisposed)).toEqual([true, true]);
  expect([result.isDisposed, kept.isDisposed]).toEqual([false, false]);
});

test('nested scopes hand their results outward', () => {
  let inner!: torch.Tensor;
  torch.tidy(() => {
    inner = torch.tidy(() => torch.ones(1).add(1));
    expect(inner.isDisposed).toBe(false);
  });
  expect(inner.isDisposed).toBe(true);
});

test('async functions are followed to their end, each in its own scope', async () => {
  const work = (value: number) =>
    torch.tidy(async () => {
      const x = torch.full([1], value);
      await new Promise((resolve) => setTimeout(resolve, 5));
      const sum = x.add(1);
      return { x, sum: sum.item() };
    });
  const [a, b] = await Promise.all([work(1), work(2)]);
  expect([a.sum, b.sum, a.x.isDisposed]).toEqual([2, 3, false]);
});

test('a scope that fails frees everything', () => {
  let x!: torch.Tensor;
  expect(() =>
    torch.tidy(() => {
      x = torch.ones(1);
      throw new Error('half-way');
    }),
  ).toThrow('half-way');
  expect(x.isDisposed).toBe(true);
});

test('a loop that never tidies does not run out of memory', () => {
  const big = torch.zeros(1_000_000);
  const before = process.memoryUsage().rss;
  // 2,000 results of 4 MB each: 8 GB if none were freed.
  for (let i = 0; i < 2000; i++) big.add(1);
  expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(1000);
});

test('blocks of sizes that always change do not gather', () => {
  // In a process of its own, since what has been in use before says how much is kept.
  const script = `
    const torch = require('./dist/src/torch');
    const resident = () => process.memoryUsage().rss / 2 ** 20;
    torch.ones(4_000_000).dispose();
    const before = resident();
    // 200 sizes from 1 to 16 MB: 1.7 GB if one of each were kept.
    for (let i = 0; i < 200; i++) torch.ones(250_000 + i * 19_000).dispose();
    console.log(resident() - before);`;
  const { stdout } = spawnSync(process.execPath, ['-e', script], { cwd: inProject() });
  expect(Number(String(stdout))).toBeGreaterThan(-50);
  expect(Number(String(stdout))).toBeLessThan(100);
});

test('a block that is given out again is no part of what still lives', () => {
  const first = torch.ones(1_000_000);
  const view = first.narrow(0, 10, 10);
  first.dispose();
  const second = torch.zeros(1_000_000);
  expect(view.sum().item()).toBe(10);
  expect(second.sum().item()).toBe(0);
});

test('more memory than there is: PyTorch’s message, and no abort', () => {
  const most = 2 ** 46;
  expect(() => torch.empty(most, { dtype: 'uint8' })).toThrow(
    `DefaultCPUAllocator: can't allocate memory: you tried to allocate ${most} bytes. Error code 12 (Cannot allocate memory)`,
  );
});

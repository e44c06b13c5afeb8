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

import { spawnSync } from 'node:child_process';
import * as torch from 'tandem-torch';
import { inProject } from '../../src/files/paths';
import { collectGarbage } from '../../src/torch/garbage';
import { native } from '../../src/torch/native';

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

test('what an async function makes after an await is freed in its own scope', async () => {
  const made: Record<string, torch.Tensor[]> = { a: [], b: [] };
  let finishA!: () => void;
  const waiting = new Promise<void>((resolve) => {
    finishA = resolve;
  });
  const work = (name: string, until: () => Promise<unknown>) =>
    torch.tidy(async () => {
      made[name]!.push(torch.ones(1));
      await null;
      made[name]!.push(torch.ones(1).add(1));
      await until();
      made[name]!.push(torch.ones(1).mul(3));
      return torch.ones(1);
    });
  const disposed = (name: string) => made[name]!.map((x) => x.isDisposed);
  const a = work('a', () => waiting);
  const b = work('b', () => new Promise(setImmediate));
  const outside = torch.ones(1);
  // `b` ends while `a`, which began before, still waits.
  expect((await b).isDisposed).toBe(false);
  expect(disposed('b')).toEqual([true, true, true]);
  expect(disposed('a')).toEqual([false, false]);
  finishA();
  expect((await a).isDisposed).toBe(false);
  expect(disposed('a')).toEqual([true, true, true]);
  expect(outside.isDisposed).toBe(false);
});

test('a result that contains itself is refused, and one that can’t be read; both leave nothing', () => {
  const made: torch.Tensor[] = [];
  const make = () => made[made.push(torch.ones(3)) - 1]!;
  const returning = (result: unknown) => () =>
    torch.tidy(() => {
      make();
      return result;
    });
  const list: unknown[] = [];
  list.push({ list });
  const map = new Map<string, unknown>();
  map.set('self', new Set([map]));
  for (const cyclic of [list, map]) {
    expect(returning(cyclic)).toThrow('what the function returned contains itself');
  }
  const broken = {
    get tensor(): never {
      throw new Error('getter');
    },
  };
  expect(returning(broken)).toThrow('getter');
  expect(made.map((x) => x.isDisposed)).toEqual([true, true, true]);
  // What stands in several places is no circle.
  const shared = torch.tidy(() => {
    const pair = [make()];
    return { a: pair, b: [pair, pair] };
  });
  expect(shared.a[0]!.isDisposed).toBe(false);
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

test('a loop that never tidies does not run out of memory, also after much was held', () => {
  // In a process of its own, since what has been held before says when the garbage is collected.
  const script = `
    const torch = require('./src/torch/dist');
    // Memory that is never written takes none.
    const held = torch.empty(300_000_000);
    torch.empty(1_500_000_000).dispose();
    const big = torch.zeros(1_000_000);
    const before = process.memoryUsage().rss;
    // 1,000 results of 4 MB each: 4 GB if none were freed.
    for (let i = 0; i < 1000; i++) big.add(1);
    console.log((process.memoryUsage().rss - before) / 2 ** 20);`;
  const { stdout } = spawnSync(process.execPath, ['-e', script], { cwd: inProject() });
  expect(Number(String(stdout))).toBeGreaterThan(0);
  expect(Number(String(stdout))).toBeLessThan(1500);
});

test('arrays of tensors are let go within a synchronous loop', () => {
  // Node itself frees what it knows of such memory in a later turn of the event loop: nodejs/node#26667.
  const before = process.memoryUsage().rss;
  // 2 GB if none were let go.
  for (let i = 0; i < 1000; i++) torch.ones(500_000).numpy();
  expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(1000);
});

test('memory that an array and a tensor share stays, wherever the array’s buffer goes', () => {
  type Buffer = ArrayBuffer & { transfer?: () => ArrayBuffer };
  const moves = [
    (buffer: Buffer) => structuredClone(buffer, { transfer: [buffer] }),
    (buffer: Buffer) => buffer.transfer?.(),
  ];
  const size = 400_000;
  const used = () => {
    collectGarbage(native);
    for (let i = 0; i < 20; i++) torch.ones(size).add(new Float32Array(size).length);
  };
  for (const move of moves) {
    const array = torch.full([size], 2.5).numpy();
    const moved = move(array.buffer as Buffer);
    used();
    const read = new Float32Array(moved ?? (array.buffer as ArrayBuffer));
    expect(read.length).toBe(size);
    expect(read.every((value) => value === 2.5)).toBe(true);

    const own = new Float32Array(size).fill(1.5);
    const tensor = torch.fromNumpy(own);
    move(own.buffer);
    used();
    expect(tensor.eq(1.5).all().item()).toBe(true);
  }
  const again = torch.fromNumpy(torch.full([size], 3.5).numpy());
  used();
  expect(again.eq(3.5).all().item()).toBe(true);
});

test('a process, or a worker that loaded the addon alone, ends with arrays that share memory', () => {
  const held = `
    const torch = require('./src/torch/dist');
    globalThis.held = [torch.ones(300_000).numpy(), torch.fromNumpy(torch.ones(3).numpy())];`;
  for (const script of [
    held,
    `new (require('node:worker_threads').Worker)(${JSON.stringify(held)}, { eval: true })`,
  ]) {
    const { status, stderr } = spawnSync(process.execPath, ['-e', script], { cwd: inProject() });
    expect([status, String(stderr)]).toEqual([0, '']);
  }
});

test('blocks of sizes that always change do not gather', () => {
  // In a process of its own, since what has been in use before says how much is kept.
  const script = `
    const torch = require('./src/torch/dist');
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

test('no block is handed out twice', () => {
  // As many blocks as are kept at once, filled after all were given out.
  const size = 1_000_000;
  for (const tensor of Array.from({ length: 6 }, () => torch.empty(size))) tensor.dispose();
  const tensors = Array.from({ length: 12 }, () => torch.empty(size));
  for (const [i, tensor] of tensors.entries()) tensor.fill_(i);
  expect(tensors.map((tensor) => [tensor.min().item(), tensor.max().item()])).toEqual(
    tensors.map((_, i) => [i, i]),
  );
  for (const tensor of tensors) tensor.dispose();
});

test('a block that is reused belongs to no live tensor', () => {
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

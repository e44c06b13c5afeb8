import * as torch from 'tandem-torch';
import { python } from './python';

const { tensor } = torch;

describe('what JavaScript can hold', () => {
  const numbers = [0, 1, -1.5, 65504, 1e-7, 2.7, -0.1, 100.06];

  test.each(['float16', 'bfloat16'] as const)('%s goes through float32 and back', (dtype) => {
    const [theirs] = python([
      `torch.tensor(${JSON.stringify(numbers)}).to(torch.${dtype}).float().tolist()`,
    ]);
    const small = tensor(numbers, { dtype });
    expect(small.dtype).toBe(dtype);
    expect(small.toArray()).toEqual(JSON.parse(theirs!));
    const back = tensor(small.toTypedArray() as Float32Array).to(dtype);
    expect(back.equal(small)).toBe(true);
  });

  test('int64 as numbers, or as bigints where the caller asks', () => {
    const x = tensor([2n ** 53n + 1n, -1]);
    expect(x.toArray({ bigint: true })).toEqual([2n ** 53n + 1n, -1n]);
    expect(x.toArray()).toEqual([2 ** 53, -1]);
    expect(x.index(0).item()).toBe(2n ** 53n + 1n);
    expect(x.index(1).item()).toBe(-1);
    expect(x.add(1n).index(0).item()).toBe(2n ** 53n + 2n);
    expect(x.toTypedArray()).toBeInstanceOf(BigInt64Array);
    expect(torch.full([1], 2n ** 62n).item()).toBe(2n ** 62n);
    expect(
      x
        .indexSet(1, 2n ** 60n)
        .index(1)
        .item(),
    ).toBe(2n ** 60n);
  });

  test('complex numbers in, through operators, and out', () => {
    const z = tensor([
      { re: 1, im: 2 },
      { re: 0, im: -0.5 },
    ]);
    expect(z.toArray()).toEqual([
      { re: 1, im: 2 },
      { re: 0, im: -0.5 },
    ]);
    expect(z.mul({ re: 0, im: 1 }).toArray()).toEqual([
      { re: -2, im: 1 },
      { re: 0.5, im: 0 },
    ]);
    expect(z.index(0).item()).toEqual({ re: 1, im: 2 });
    expect(z.conj().toArray()).toEqual([
      { re: 1, im: -2 },
      { re: 0, im: 0.5 },
    ]);
    expect(z.to('complex32').toArray()).toEqual(z.toArray());
    expect(z.real.toArray()).toEqual([1, 0]);
    expect(z.toTypedArray()).toEqual(Float32Array.of(1, 2, 0, -0.5));
  });

  test('booleans, numbers without dimensions, empty tensors', () => {
    expect(tensor([true, false]).toArray()).toEqual([true, false]);
    expect(tensor(true).item()).toBe(true);
    expect(tensor(2.5).toArray()).toBe(2.5);
    expect(torch.zeros(2, 0).toArray()).toEqual([[], []]);
    expect(torch.zeros(0, 2).tolist()).toEqual([]);
    expect(tensor([]).shape).toEqual([0]);
    expect(tensor([[], []]).shape).toEqual([2, 0]);
  });

  test('memory that is shared, transposed or taken apart', () => {
    const x = torch.arange(6).view(2, 3);
    expect(x.t().toArray()).toEqual([
      [0, 3],
      [1, 4],
      [2, 5],
    ]);
    expect(x.index(':, ::2').toTypedArray()).toEqual(BigInt64Array.of(0n, 2n, 3n, 5n));
    expect(x.expand([2, 2, 3]).toArray()).toEqual([x.toArray(), x.toArray()]);
  });
});

describe('numbers as arguments', () => {
  test('a whole number is an int, any other a float, and { float } makes one of it', () => {
    const i = tensor([1, 2]);
    expect(i.add(1).dtype).toBe('int64');
    expect(i.add(1.5).dtype).toBe('float32');
    expect(i.add({ float: 1 }).dtype).toBe('float32');
    expect(i.add(-0).dtype).toBe('float32');
    expect(torch.full([1], 1).dtype).toBe('int64');
    expect(torch.full([1], { float: 1 }).dtype).toBe('float32');
    expect(i.add(tensor(0.5)).dtype).toBe('float32');
    expect(i.add(true).dtype).toBe('int64');
  });

  test('float arguments take bigints, booleans, { float } and tensors without dimensions', () => {
    const x = tensor([1, 2, 3.5]);
    const at = (eps: unknown) => torch.isclose(x, x.add(1), { rtol: 0, atol: eps } as never);
    for (const one of [1, 1n, true, { float: 1 }, tensor(1)]) {
      expect(at(one).toArray()).toEqual([true, true, true]);
    }
  });

  test('int arguments take bigints and tensors without dimensions', () => {
    const x = torch.arange(6).view(2, 3);
    expect(x.sum(1n).toArray()).toEqual([3, 12]);
    expect(x.select(tensor(1) as never, tensor(0) as never).toArray()).toEqual([0, 3]);
  });
});

describe('numbers that are no int64', () => {
  const calls: Record<string, () => unknown> = {
    'torch.ones([2**63])': () => torch.ones([2 ** 63]),
    'torch.ones(2**63)': () => torch.ones(2 ** 63),
    'torch.ones([3]).roll([2**63], [0])': () => torch.ones([3]).roll([2 ** 63], [0]),
    'torch.empty(3).view(1, -2**64)': () => torch.empty(3).view(1, -(2 ** 64)),
    'torch.ones(1).sum([2**63])': () => torch.ones(1).sum([2n ** 63n] as never),
    'torch.arange(4).narrow(0, 0, 2**63)': () => torch.arange(4).narrow(0, 0, 2 ** 63),
    'torch.arange(4).select(0, 2**63)': () => torch.arange(4).select(0, 2n ** 63n),
    'torch.arange(4)[2**64]': () => torch.arange(4).index(2 ** 64),
    'torch.ones(1).sum(2**63)': () => torch.ones(1).sum(2 ** 63),
    'torch.arange(4).narrow(0, 0, 10**300)': () => torch.arange(4).narrow(0, 0, 1e300),
    'torch.ones(1).add(2**64)': () => torch.ones(1).add(2n ** 64n),
    'torch.full([1], 2**64)': () => torch.full([1], 2n ** 64n),
    'torch.manual_seed(2**64)': () => torch.manualSeed(2 ** 64),
    'torch.manual_seed(-2**63 - 1)': () => torch.manualSeed(-(2n ** 63n) - 1n),
    'torch.manual_seed(nan)': () => torch.manualSeed(Number.NaN),
    'torch.manual_seed(10**300)': () => torch.manualSeed(1e300),
    'torch.set_num_threads(2**32)': () => torch.setNumThreads(2 ** 32),
    'torch.set_num_threads(0)': () => torch.setNumThreads(0),
  };
  const want = python(
    Object.keys(calls).map((call) => `failure(lambda: ${call})`),
    `
def failure(run):
    try:
        return run()
    except Exception as error:
        return f'{type(error).__name__}: {str(error).splitlines()[0]}'`,
  );

  test.each(Object.entries(calls).map(([name, call], i) => [name, call, want[i]!] as const))(
    '%s is refused as in Python',
    (_, call, theirs) => {
      let found = 'nothing';
      try {
        call();
      } catch (error) {
        const { code, message } = error as torch.TorchError;
        // Ours begins with the operator's name.
        const [first] = message.split('\n');
        found = `${code}: ${theirs.includes('():') ? first : first!.replace(/^\w+\(\): /, '')}`;
      }
      expect(found).toBe(theirs);
    },
  );

  test('fractions and NaN are no integers; a slice may end anywhere', () => {
    for (const number of [0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => torch.arange(4).narrow(0, number, 1)).toThrow(
        expect.objectContaining({ code: 'TypeError' }),
      );
      expect(() => torch.ones([number])).toThrow(expect.objectContaining({ code: 'TypeError' }));
    }
    expect(torch.arange(4).index(torch.slice(2 ** 63, null)).shape).toEqual([0]);
    expect(torch.arange(4).index(torch.slice(-1e300, 1e300)).shape).toEqual([4]);
    expect(
      torch
        .ones(1)
        .add(2n ** 63n)
        .item(),
    ).toBe(2 ** 63);
    expect(torch.manualSeed(2 ** 63).initialSeed()).toBe(2n ** 63n);
  });
});

describe('lifetime', () => {
  test('Symbol.dispose frees a tensor, as `using` calls it', () => {
    const x = torch.ones(2);
    x[Symbol.dispose]();
    expect(x.isDisposed).toBe(true);
    expect(() => x.sum()).toThrow(/disposed/);
  });

  test('a view outlives its base, and a disposed tensor shows itself as such', () => {
    const x = torch.ones(2, 2);
    const row = x.index(0);
    x.dispose();
    expect(row.toArray()).toEqual([1, 1]);
    expect(require('node:util').inspect(x)).toBe('Tensor (disposed)');
  });
});

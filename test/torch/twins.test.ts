import * as torch from 'tandem-torch';
import { bits, python } from './python';

const { nn } = torch;
const F = nn.functional;
const { slice } = torch;

/** Python first, then the same in TypeScript; both start from this. */
const setUp = `
torch.manual_seed(7)
x = torch.randn(3, 4)
y = torch.randn(4)
i = torch.arange(12).view(3, 4)
b = x > 0
image = torch.randn(2, 3, 8, 8)
`;
torch.manualSeed(7);
const x = torch.randn(3, 4);
const y = torch.randn(4);
const i = torch.arange(12).view(3, 4);
const b = x.gt(0);
const image = torch.randn(2, 3, 8, 8);

const twins: Record<string, () => unknown> = {
  'x + y': () => x.add(y),
  'x + 2': () => x.add(2),
  'i + 2.0': () => i.add({ float: 2 }),
  'i * 2': () => i.mul(2),
  'i / 2': () => i.div(2),
  'torch.add(x, y, alpha=3)': () => torch.add(x, y, { alpha: 3 }),
  'x.sum()': () => x.sum(),
  'x.sum(dim=1, keepdim=True)': () => x.sum({ dim: 1, keepdim: true }),
  'x.sum(1)': () => x.sum(1),
  'x.sum((0, 1))': () => x.sum([0, 1]),
  'x.mean(0)': () => x.mean(0),
  'x.max()': () => x.max(),
  'tuple(x.max(1))': () => [...x.max(1)],
  'x.max(dim=1).indices': () => x.max({ dim: 1 }).indices,
  'tuple(torch.topk(x, 2))': () => [...torch.topk(x, 2)],
  'tuple(x.sort(descending=True))': () => [...x.sort({ descending: true })],
  'torch.cat([x, x], 1)': () => torch.cat([x, x], 1),
  'torch.stack((y, y))': () => torch.stack([y, y]),
  'x.t() @ x': () => x.t().matmul(x),
  'x.view(2, -1)': () => x.view(2, -1),
  'x.reshape(12)': () => x.reshape(12),
  'x.permute(1, 0)': () => x.permute(1, 0),
  'torch.where(b, x, 0.0)': () => torch.where(b, x, { float: 0 }),
  'x.clamp(min=0)': () => x.clamp({ min: 0 }),
  'x.to(torch.float64)': () => x.to('float64'),
  'i.float()': () => i.float(),
  'torch.zeros(2, 3)': () => torch.zeros(2, 3),
  'torch.full((2, 2), 7)': () => torch.full([2, 2], 7),
  'torch.eye(3)': () => torch.eye(3),
  'torch.linspace(0, 1, 5)': () => torch.linspace(0, 1, 5),
  'torch.einsum("ij,j->i", x, y)': () => torch.einsum('ij,j->i', [x, y]),
  'torch.linalg.norm(x)': () => torch.linalg.norm(x),
  'torch.linalg.svd(x).S': () => torch.linalg.svd(x).S,
  'torch.fft.rfft(y)': () => torch.fft.rfft(y),
  'torch.special.gammaln(x.abs())': () => torch.special.gammaln(x.abs()),
  'torch.ops.aten.log_sigmoid_forward(x)': () => [...torch.ops.aten.log_sigmoid_forward(x)],
  'F.conv2d(image, image[:1, :, :3, :3], padding=1)': () =>
    torch.conv2d(image, image.index(slice(1), slice(), slice(3), slice(3)), { padding: 1 }),
  'F.max_pool2d(image, 2)': () => F.maxPool2d(image, 2),
  'F.log_softmax(x, 1)': () => F.logSoftmax(x, 1),
  'F.cross_entropy(x, torch.tensor([1, 0, 3]))': () => F.crossEntropy(x, torch.tensor([1, 0, 3])),
  'F.cross_entropy(x, torch.tensor([1, 0, 3]), label_smoothing=0.1, reduction="sum")': () =>
    F.crossEntropy(x, torch.tensor([1, 0, 3]), { labelSmoothing: 0.1, reduction: 'sum' }),
  // Indexing
  'x[0]': () => x.index(0),
  'x[-1, 2]': () => x.index(-1, 2),
  'x[1:3]': () => x.index(slice(1, 3)),
  'x[:, ::2]': () => x.index(slice(), slice(null, null, 2)),
  'x[..., -1]': () => x.index(torch.ellipsis, -1),
  'image[0, ..., 1:3]': () => image.index(0, torch.ellipsis, slice(1, 3)),
  'x[None]': () => x.index(null),
  'x[:, None, 1]': () => x.index(slice(), null, 1),
  'x[b]': () => x.index(b),
  'x[[0, 2]]': () => x.index([0, 2]),
  'x[torch.tensor([2, 0]), torch.tensor([1, 3])]': () =>
    x.index(torch.tensor([2, 0]), torch.tensor([1, 3])),
  'x[:, torch.tensor([1, 3])]': () => x.index(slice(), torch.tensor([1, 3])),
  'x[True]': () => x.index(true),
  'x[1, torch.tensor([0, 1])]': () => x.index(1, torch.tensor([0, 1])),
  // Random numbers
  'torch.rand(3)': () => torch.rand(3),
  'torch.randperm(10)': () => torch.randperm(10),
  'torch.randint(0, 9, (5,))': () => torch.randint(0, 9, [5]),
  'torch.empty(4).normal_(1, 2)': () => torch.empty(4).normal_(1, 2),
  'torch.bernoulli(torch.full((6,), 0.5))': () => torch.bernoulli(torch.full([6], 0.5)),
  'torch.randn(3, generator=torch.Generator().manual_seed(5))': () =>
    torch.randn([3], { generator: new torch.Generator().manualSeed(5) }),
};

const expected = python(
  Object.keys(twins).map((expression) => `bits(${expression})`),
  setUp,
);

test.each(Object.entries(twins).map(([name, twin], n) => [name, twin, expected[n]!] as const))(
  '%s has the same bits as in Python',
  (_, twin, want) => {
    expect(bits(twin())).toBe(want);
  },
);

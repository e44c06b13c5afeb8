import * as torch from 'tandem-torch';
import { python } from './python';

const f32 = { dtype: 'float32' } as const;

// Python's expression and its TypeScript twin.
const twins: [string, () => torch.Tensor][] = [
  ['torch.tensor(3)', () => torch.tensor(3)],
  ['torch.tensor(2.5)', () => torch.tensor(2.5)],
  ['torch.tensor([1., 2., 3.])', () => torch.tensor([1, 2, 3], f32)],
  ['torch.tensor([1.5, -2.25, 3])', () => torch.tensor([1.5, -2.25, 3])],
  ['torch.tensor([1e-5, 1.])', () => torch.tensor([1e-5, 1])],
  ['torch.tensor([123456789., 1.])', () => torch.tensor([123456789, 1], f32)],
  ['torch.tensor([0.03125, 0.09375])', () => torch.tensor([0.03125, 0.09375])],
  ['torch.tensor([100005., 0.5, 1e-7])', () => torch.tensor([100005, 0.5, 1e-7])],
  ['torch.tensor([nan, inf, -inf, 1.])', () => torch.tensor([Number.NaN, Infinity, -Infinity, 1])],
  ['torch.tensor([nan, 0.25])', () => torch.tensor([Number.NaN, 0.25])],
  ['torch.tensor([True, False])', () => torch.tensor([true, false])],
  ['torch.tensor([], dtype=torch.int32)', () => torch.tensor([], { dtype: 'int32' })],
  ['torch.zeros(0, 3)', () => torch.zeros(0, 3)],
  ['torch.tensor([1, -20, 300])', () => torch.tensor([1, -20, 300])],
  ['torch.tensor([1, 2], dtype=torch.uint8)', () => torch.tensor([1, 2], { dtype: 'uint8' })],
  ['torch.tensor([1.5], dtype=torch.bfloat16)', () => torch.tensor([1.5], { dtype: 'bfloat16' })],
  ['torch.tensor([2**62, 1])', () => torch.tensor([2n ** 62n, 1])],
  ['torch.arange(24).view(2, 3, 4)', () => torch.arange(24).view(2, 3, 4)],
  ['torch.arange(100)', () => torch.arange(100)],
  ['torch.arange(2000.)', () => torch.arange(2000, { dtype: 'float32' })],
  ['torch.arange(2000).view(50, 40)', () => torch.arange(2000).view(50, 40)],
  ['torch.arange(8000).view(20, 20, 20) / 7', () => torch.arange(8000).view(20, 20, 20).div(7)],
  [
    'torch.tensor([1 + 2j, -0.5j])',
    () =>
      torch.tensor([
        { re: 1, im: 2 },
        { re: -0, im: -0.5 },
      ]),
  ],
  ['torch.ones(2, requires_grad=True)', () => torch.ones(2, { requiresGrad: true })],
  ['torch.ones(2, requires_grad=True) * 3', () => torch.ones(2, { requiresGrad: true }).mul(3)],
  [
    'torch.linspace(0, 1, 12, dtype=torch.float64, requires_grad=True).sin()',
    () => torch.linspace(0, 1, 12, { dtype: 'float64', requiresGrad: true }).sin(),
  ],
  ["torch.empty(2, 3, device='meta')", () => torch.empty([2, 3], { device: 'meta' })],
];

const printed = python(twins.map(([expression]) => expression));

test.each(twins.map(([expression, twin], i) => [expression, twin, printed[i]!] as const))(
  '%s prints as in Python',
  (_, twin, expected) => {
    expect(String(twin())).toBe(expected);
  },
);

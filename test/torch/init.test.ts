import * as torch from 'tandem-torch';
import { bits, python } from './python';

const { init } = torch.nn;

/** Python's expression on `w`, ours, and the shape of `w`. */
type Twin = [expression: string, fill: (w: torch.Tensor) => torch.Tensor, shape: number[]];

const twins: Twin[] = [
  ['init.uniform_(w)', (w) => init.uniform_(w), [3, 5]],
  ['init.uniform_(w, -2.0, 0.5)', (w) => init.uniform_(w, -2, 0.5), [3, 5]],
  ['init.normal_(w, 1.0, 0.25)', (w) => init.normal_(w, 1, 0.25), [40]],
  ['init.constant_(w, 0.3)', (w) => init.constant_(w, 0.3), [3, 5]],
  ['init.ones_(w)', (w) => init.ones_(w), [3, 5]],
  ['init.zeros_(w)', (w) => init.zeros_(w), [3, 5]],
  ['init.eye_(w)', (w) => init.eye_(w), [3, 5]],
  ['init.dirac_(w)', (w) => init.dirac_(w), [4, 3, 5]],
  ['init.dirac_(w, 2)', (w) => init.dirac_(w, 2), [4, 3, 3, 4]],
  ['init.dirac_(w)', (w) => init.dirac_(w), [2, 2, 3, 3, 3]],
  ['init.xavier_uniform_(w, gain=0.7)', (w) => init.xavierUniform_(w, { gain: 0.7 }), [4, 3, 3]],
  ['init.xavier_normal_(w)', (w) => init.xavierNormal_(w), [4, 6]],
  ['init.kaiming_uniform_(w)', (w) => init.kaimingUniform_(w), [4, 6]],
  [
    "init.kaiming_uniform_(w, a=0.2, mode='fan_out')",
    (w) => init.kaimingUniform_(w, { a: 0.2, mode: 'fan_out' }),
    [4, 3, 3, 3],
  ],
  [
    "init.kaiming_normal_(w, nonlinearity='relu')",
    (w) => init.kaimingNormal_(w, { nonlinearity: 'relu' }),
    [4, 6],
  ],
  ['init.orthogonal_(w)', (w) => init.orthogonal_(w), [5, 3]],
  ['init.orthogonal_(w, gain=2.5)', (w) => init.orthogonal_(w, { gain: 2.5 }), [3, 4, 2]],
  ['init.sparse_(w, 0.3)', (w) => init.sparse_(w, 0.3), [7, 4]],
  ['init.sparse_(w, 0.5, std=0.1)', (w) => init.sparse_(w, 0.5, { std: 0.1 }), [6, 3]],
  ['init.trunc_normal_(w)', (w) => init.truncNormal_(w), [50]],
  [
    'init.trunc_normal_(w, 0.5, 0.1, 0.45, 0.7)',
    (w) => init.truncNormal_(w, 0.5, 0.1, 0.45, 0.7),
    [50],
  ],
  ['init.trunc_normal_(w, 0.0, 1.0, 1.5, 3.0)', (w) => init.truncNormal_(w, 0, 1, 1.5, 3), [50]],
  // 29.6, 30.3 and 45.1 % of the numbers lie within: the method changes at 30 %.
  ...[0.38, 0.39, 0.6].map(
    (b): Twin => [
      `init.trunc_normal_(w, 0.0, 1.0, -${b}, ${b})`,
      (w) => init.truncNormal_(w, 0, 1, -b, b),
      [50],
    ],
  ),
  [
    'init.normal_(w, generator=torch.Generator().manual_seed(4))',
    (w) => init.normal_(w, 0, 1, { generator: new torch.Generator().manualSeed(4) }),
    [8],
  ],
];

const want = python(
  twins.map(([expression, , shape]) => `fill(lambda w: ${expression}, ${JSON.stringify(shape)})`),
  `
from torch.nn import init
def fill(draw, shape):
    torch.manual_seed(5)
    w = draw(nn.Parameter(torch.empty(shape)))
    return bits([w, torch.rand(2)])`,
);

test.each(
  twins.map(([expression, fill, shape], i) => [expression, fill, shape, want[i]!] as const),
)('%s draws what Python draws', (_, fill, shape, expected) => {
  torch.manualSeed(5);
  const w = fill(new torch.nn.Parameter(torch.empty([...shape])));
  expect(bits([w, torch.rand(2)])).toBe(expected);
});

test('the gains are Python’s', () => {
  const names = [
    'linear',
    'conv_transpose2d',
    'sigmoid',
    'tanh',
    'relu',
    'leaky_relu',
    'selu',
  ] as const;
  const gains = python([
    ...names.map((name) => `nn.init.calculate_gain('${name}')`),
    "nn.init.calculate_gain('leaky_relu', 0.3)",
  ]).map(Number);
  expect([
    ...names.map((name) => init.calculateGain(name)),
    init.calculateGain('leaky_relu', 0.3),
  ]).toEqual(gains);
});

test('tensors that can’t be initialised are rejected with PyTorch’s messages', () => {
  const vector = torch.empty(3);
  expect(() => init.xavierUniform_(vector)).toThrow(
    'Fan in and fan out can not be computed for tensor with fewer than 2 dimensions',
  );
  expect(() => init.eye_(vector)).toThrow('Only tensors with 2 dimensions are supported');
  expect(() => init.dirac_(vector)).toThrow(
    'Only tensors with 3, 4, or 5 dimensions are supported',
  );
  expect(() => init.dirac_(torch.empty(3, 2, 2), 2)).toThrow('dim 0 must be divisible by groups');
  expect(() => init.orthogonal_(vector)).toThrow(
    'Only tensors with 2 or more dimensions are supported',
  );
  expect(() => init.calculateGain('gelu' as never)).toThrow('Unsupported nonlinearity gelu');
  expect(() => init.kaimingNormal_(torch.empty(2, 2), { mode: 'fan' as never })).toThrow(
    "Mode fan not supported, please use one of ['fan_in', 'fan_out']",
  );
});

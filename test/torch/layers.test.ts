import * as torch from '../../src/torch';
import { bits, python } from './python';

const { nn } = torch;

/** Python's layer, ours, and the shape of its input. */
type Twin = [expression: string, make: () => torch.nn.Module, shape: number[]];

const twins: Twin[] = [
  ['nn.Linear(6, 3)', () => new nn.Linear(6, 3), [4, 6]],
  ['nn.Linear(6, 3, bias=False)', () => new nn.Linear(6, 3, { bias: false }), [2, 4, 6]],
  [
    'nn.Conv1d(3, 4, 3, stride=2, padding=1)',
    () => new nn.Conv1d(3, 4, 3, { stride: 2, padding: 1 }),
    [2, 3, 9],
  ],
  ['nn.Conv2d(3, 4, 3)', () => new nn.Conv2d(3, 4, 3), [2, 3, 8, 8]],
  [
    'nn.Conv2d(4, 4, (3, 2), dilation=2, groups=2, bias=False)',
    () => new nn.Conv2d(4, 4, [3, 2], { dilation: 2, groups: 2, bias: false }),
    [2, 4, 8, 8],
  ],
  [
    "nn.Conv2d(3, 4, 3, padding='same')",
    () => new nn.Conv2d(3, 4, 3, { padding: 'same' }),
    [2, 3, 8, 8],
  ],
  [
    "nn.Conv2d(3, 4, 3, padding=1, padding_mode='reflect')",
    () => new nn.Conv2d(3, 4, 3, { padding: 1, paddingMode: 'reflect' }),
    [2, 3, 8, 8],
  ],
  [
    "nn.Conv2d(3, 4, 4, padding='same', padding_mode='circular')",
    () => new nn.Conv2d(3, 4, 4, { padding: 'same', paddingMode: 'circular' }),
    [2, 3, 8, 8],
  ],
  ['nn.Conv3d(2, 3, 2)', () => new nn.Conv3d(2, 3, 2), [2, 2, 4, 4, 4]],
  ['nn.ConvTranspose1d(3, 2, 3)', () => new nn.ConvTranspose1d(3, 2, 3), [2, 3, 5]],
  [
    'nn.ConvTranspose2d(3, 4, 3, stride=2, padding=1, output_padding=1)',
    () => new nn.ConvTranspose2d(3, 4, 3, { stride: 2, padding: 1, outputPadding: 1 }),
    [2, 3, 5, 5],
  ],
  [
    'nn.ConvTranspose3d(2, 3, 2, groups=1)',
    () => new nn.ConvTranspose3d(2, 3, 2, { groups: 1 }),
    [1, 2, 3, 3, 3],
  ],
  ['nn.MaxPool1d(2)', () => new nn.MaxPool1d(2), [2, 3, 8]],
  [
    'nn.MaxPool2d(3, stride=2, padding=1)',
    () => new nn.MaxPool2d(3, { stride: 2, padding: 1 }),
    [2, 3, 8, 8],
  ],
  [
    'nn.MaxPool2d((2, 3), ceil_mode=True)',
    () => new nn.MaxPool2d([2, 3], { ceilMode: true }),
    [2, 3, 8, 8],
  ],
  ['nn.MaxPool3d(2)', () => new nn.MaxPool3d(2), [1, 2, 4, 4, 4]],
  ['nn.AvgPool1d(2)', () => new nn.AvgPool1d(2), [2, 3, 8]],
  [
    'nn.AvgPool2d(3, padding=1, count_include_pad=False)',
    () => new nn.AvgPool2d(3, { padding: 1, countIncludePad: false }),
    [2, 3, 8, 8],
  ],
  ['nn.AvgPool3d(2)', () => new nn.AvgPool3d(2), [1, 2, 4, 4, 4]],
  ['nn.AdaptiveAvgPool1d(3)', () => new nn.AdaptiveAvgPool1d(3), [2, 3, 8]],
  ['nn.AdaptiveAvgPool2d((3, 2))', () => new nn.AdaptiveAvgPool2d([3, 2]), [2, 3, 8, 8]],
  ['nn.AdaptiveAvgPool3d(2)', () => new nn.AdaptiveAvgPool3d(2), [1, 2, 4, 4, 4]],
  ['nn.AdaptiveMaxPool2d(3)', () => new nn.AdaptiveMaxPool2d(3), [2, 3, 8, 8]],
  ['nn.BatchNorm1d(5)', () => new nn.BatchNorm1d(5), [4, 5]],
  ['nn.BatchNorm2d(3)', () => new nn.BatchNorm2d(3), [2, 3, 4, 4]],
  [
    'nn.BatchNorm2d(3, momentum=None, affine=False)',
    () => new nn.BatchNorm2d(3, { momentum: null, affine: false }),
    [2, 3, 4, 4],
  ],
  [
    'nn.BatchNorm2d(3, track_running_stats=False)',
    () => new nn.BatchNorm2d(3, { trackRunningStats: false }),
    [2, 3, 4, 4],
  ],
  ['nn.BatchNorm3d(2)', () => new nn.BatchNorm3d(2), [2, 2, 3, 3, 3]],
  ['nn.LayerNorm(6)', () => new nn.LayerNorm(6), [4, 6]],
  ['nn.LayerNorm([4, 6], eps=0.001)', () => new nn.LayerNorm([4, 6], { eps: 0.001 }), [2, 4, 6]],
  ['nn.GroupNorm(2, 4)', () => new nn.GroupNorm(2, 4), [2, 4, 3, 3]],
  ['nn.Dropout(0.3)', () => new nn.Dropout(0.3), [4, 6]],
  ['nn.Dropout2d()', () => new nn.Dropout2d(), [2, 4, 3, 3]],
  ['nn.AlphaDropout(0.2)', () => new nn.AlphaDropout(0.2), [4, 6]],
  ['nn.ReLU()', () => new nn.ReLU(), [4, 6]],
  ['nn.ReLU6()', () => new nn.ReLU6(), [4, 6]],
  ['nn.Sigmoid()', () => new nn.Sigmoid(), [4, 6]],
  ['nn.Tanh()', () => new nn.Tanh(), [4, 6]],
  ['nn.SiLU()', () => new nn.SiLU(), [4, 6]],
  ['nn.Mish()', () => new nn.Mish(), [4, 6]],
  ['nn.SELU()', () => new nn.SELU(), [4, 6]],
  ['nn.LogSigmoid()', () => new nn.LogSigmoid(), [4, 6]],
  ['nn.Hardswish()', () => new nn.Hardswish(), [4, 6]],
  ['nn.Hardsigmoid()', () => new nn.Hardsigmoid(), [4, 6]],
  ['nn.Softsign()', () => new nn.Softsign(), [4, 6]],
  ['nn.Tanhshrink()', () => new nn.Tanhshrink(), [4, 6]],
  ['nn.LeakyReLU(0.2)', () => new nn.LeakyReLU(0.2), [4, 6]],
  ['nn.ELU()', () => new nn.ELU(), [4, 6]],
  ["nn.GELU(approximate='tanh')", () => new nn.GELU({ approximate: 'tanh' }), [4, 6]],
  ['nn.GELU()', () => new nn.GELU(), [4, 6]],
  ['nn.Softplus(2.5, 3.5)', () => new nn.Softplus(2.5, 3.5), [4, 6]],
  ['nn.Hardtanh(-2.5, 0.5)', () => new nn.Hardtanh(-2.5, 0.5), [4, 6]],
  ['nn.PReLU(6)', () => new nn.PReLU(6), [4, 6]],
  ['nn.Softmax(dim=1)', () => new nn.Softmax(1), [4, 6]],
  ['nn.LogSoftmax(dim=1)', () => new nn.LogSoftmax(1), [4, 6]],
  ['nn.Flatten()', () => new nn.Flatten(), [2, 3, 4]],
  ['nn.Unflatten(1, (2, 3))', () => new nn.Unflatten(1, [2, 3]), [4, 6]],
  ['nn.Identity()', () => new nn.Identity(), [4, 6]],
  [
    'nn.Sequential(nn.Linear(6, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 2))',
    () =>
      new nn.Sequential(
        new nn.Linear(6, 4),
        new nn.BatchNorm1d(4),
        new nn.ReLU(),
        new nn.Linear(4, 2),
      ),
    [5, 6],
  ],
];

// Structure; then initial parameters, output, gradients and buffers, in training and in eval mode.
const want = python(
  twins.map(([expression, , shape]) => `describe(lambda: ${expression}, ${JSON.stringify(shape)})`),
  `
def describe(make, shape):
    torch.manual_seed(11)
    layer = make()
    initial = bits(list(layer.parameters()))
    x = torch.randn(*shape, requires_grad=True)
    y = layer(x)
    (y * torch.randn_like(y)).sum().backward()
    gradients = bits([x.grad, *(p.grad for p in layer.parameters())])
    buffers = bits(list(layer.buffers()))
    layer.eval()
    return "\\n".join([str(layer), initial, bits(y), gradients, buffers, bits(layer(x))])`,
);

function describeLayer(make: () => torch.nn.Module, shape: number[]): string {
  torch.manualSeed(11);
  const layer = make();
  const initial = bits(layer.parameters());
  const x = torch.randn(shape, { requiresGrad: true });
  const y: torch.Tensor = layer.call(x);
  y.mul(torch.randnLike(y)).sum().backward();
  const gradients = bits([x.grad, ...layer.parameters().map((p) => p.grad)]);
  const buffers = bits(layer.buffers());
  layer.eval();
  return [String(layer), initial, bits(y), gradients, buffers, bits(layer.call(x))].join('\n');
}

test.each(
  twins.map(([expression, make, shape], i) => [expression, make, shape, want[i]!] as const),
)(
  '%s has the same structure, parameters, output, gradients and buffers as in Python',
  (_, make, shape, expected) => {
    expect(describeLayer(make, [...shape])).toBe(expected);
  },
);

test('an embedding equals Python’s, with and without a padding row', () => {
  const indices = [
    [1, 2, 0],
    [4, 0, 1],
  ];
  const [plain, padded] = python(
    ['emb()', 'emb(padding_idx=0)'],
    `
def emb(**options):
    torch.manual_seed(3)
    layer = nn.Embedding(5, 4, **options)
    layer(torch.tensor(${JSON.stringify(indices)})).pow(2).sum().backward()
    return f"{layer} {bits([layer.weight, layer.weight.grad])}"`,
  );
  const emb = (options: { paddingIdx?: number }) => {
    torch.manualSeed(3);
    const layer = new nn.Embedding(5, 4, options);
    layer.call(torch.tensor(indices)).pow(2).sum().backward();
    return `${layer} ${bits([layer.weight, layer.weight.grad])}`;
  };
  expect([emb({}), emb({ paddingIdx: 0 })]).toEqual([plain, padded]);
});

test('settings that can’t work are refused', () => {
  expect(() => new nn.Conv2d(3, 4, 3, { groups: 2 })).toThrow(
    'in_channels must be divisible by groups',
  );
  expect(() => new nn.Dropout(1.5)).toThrow(
    'dropout probability has to be between 0 and 1, but got 1.5',
  );
  expect(() => new nn.GroupNorm(3, 4)).toThrow(
    'num_channels (4) must be divisible by num_groups (3)',
  );
  expect(() => new nn.BatchNorm2d(3).call(torch.ones(2, 3))).toThrow(
    'expected 4D input (got 2D input)',
  );
});

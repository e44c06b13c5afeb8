import * as torch from 'tandem-torch';
import { cases } from '../../src/parity/nn';
import { bits, python } from './python';
import { refusedAsInPython } from './refused';

const { nn } = torch;

// Structure, parameters, outputs and gradients of all layers are compared by test/parity/nn.test.ts.

/** What `torch.nn` has and ours has not, by reason. */
const absent = {
  'deprecated or replaced in PyTorch': ['Container', 'CrossMapLRN2d', 'NLLLoss2d'],
  'splits the work of one loss for GPUs’ memory': ['LinearCrossEntropyOptions'],
};

test('every class of torch.nn is there, but for those with a reason', () => {
  const [names] = python(['" ".join(n for n in dir(nn) if isinstance(getattr(nn, n), type))'], '');
  const missing = names!.split(' ').filter((name) => !(name in nn));
  expect(missing.sort()).toEqual(Object.values(absent).flat().sort());
});

test('every layer and loss is among the cases of parity', () => {
  const compared = cases.map((of) => of.python).join('\n');
  const containers = ['Module', 'ModuleDict', 'ModuleList', 'ParameterDict', 'ParameterList'];
  const notTrained = [...containers, 'RNNBase', 'RNNCellBase'];
  const forgotten = Object.entries(nn).filter(
    ([name, value]) =>
      typeof value === 'function' &&
      value.prototype instanceof nn.Module &&
      !notTrained.includes(name) &&
      !compared.includes(`nn.${name}(`) &&
      !compared.includes(`nn.${name}.`),
  );
  expect(forgotten.map(([name]) => name)).toEqual([]);
});

test('a table with sparse gradients learns as in Python', () => {
  const [want] = python(
    ['bits([layer.weight.grad.coalesce().indices(), layer.weight.grad.coalesce().values()])'],
    `
torch.manual_seed(3)
layer = nn.Embedding(5, 4, sparse=True)
layer(torch.tensor([[1, 2, 0], [4, 0, 1]])).pow(2).sum().backward()`,
  );
  torch.manualSeed(3);
  const layer = new nn.Embedding(5, 4, { sparse: true });
  layer
    .call(
      torch.tensor([
        [1, 2, 0],
        [4, 0, 1],
      ]),
    )
    .pow(2)
    .sum()
    .backward();
  const gradient = layer.weight.grad!.coalesce();
  expect(bits([gradient.indices(), gradient.values()])).toBe(want);
  expect(String(layer)).toBe('Embedding(5, 4, sparse=True)');
});

test('the adaptive softmax gives all log-probabilities and the likeliest classes', () => {
  const [want] = python(
    ['bits([layer.log_prob(x), layer.predict(x), layer.predict(x * 50), layer.predict(x * 0)])'],
    `
torch.manual_seed(3)
layer = nn.AdaptiveLogSoftmaxWithLoss(16, 20, [5, 10, 15], div_value=2.)
x = torch.randn(12, 16)`,
  );
  torch.manualSeed(3);
  const layer = new nn.AdaptiveLogSoftmaxWithLoss(16, 20, [5, 10, 15], { divValue: 2 });
  const x = torch.randn(12, 16);
  const found = [
    layer.logProb(x),
    layer.predict(x),
    layer.predict(x.mul(50)),
    layer.predict(x.mul(0)),
  ];
  expect(bits(found)).toBe(want);
});

test('pretrained vectors are shared and learn nothing unless told so', () => {
  const vectors = torch.randn(3, 2);
  const frozen = nn.Embedding.fromPretrained(vectors);
  expect(frozen.weight.requiresGrad).toBe(false);
  expect(nn.EmbeddingBag.fromPretrained(vectors, { freeze: false }).weight.requiresGrad).toBe(true);
  vectors.fill_(7);
  expect(frozen.call(torch.tensor([0])).toArray()).toEqual([[7, 7]]);
});

test('buffers of layers and losses have Python’s names in the state dict', () => {
  const weight = torch.ones(2);
  const names = (module: torch.nn.Module) => [...module.stateDict().keys()];
  expect(names(new nn.BatchNorm1d(2, { affine: false }))).toEqual([
    'running_mean',
    'running_var',
    'num_batches_tracked',
  ]);
  expect(names(new nn.BCEWithLogitsLoss({ weight, posWeight: weight }))).toEqual([
    'weight',
    'pos_weight',
  ]);
  expect(names(new nn.InstanceNorm1d(2))).toEqual([]);
});

const setUp = `
line = torch.ones(2, 4, 9)
image = torch.ones(2, 4, 8, 8)
words = torch.tensor([1, 2])
`;
const line = torch.ones(2, 4, 9);
const image = torch.ones(2, 4, 8, 8);
const words = torch.tensor([1, 2]);

refusedAsInPython(
  {
    'nn.Conv2d(3, 4, 3, groups=2)': () => new nn.Conv2d(3, 4, 3, { groups: 2 }),
    'nn.Conv2d(4, 3, 3, groups=2)': () => new nn.Conv2d(4, 3, 3, { groups: 2 }),
    'nn.Conv2d(4, 4, 3, groups=0)': () => new nn.Conv2d(4, 4, 3, { groups: 0 }),
    'nn.Conv2d(4, 4, 3, stride=2, padding="same")': () =>
      new nn.Conv2d(4, 4, 3, { stride: 2, padding: 'same' }),
    'nn.ConvTranspose1d(4, 2, 3, stride=2)(line, [30])': () =>
      new nn.ConvTranspose1d(4, 2, 3, { stride: 2 }).call(line, [30]),
    'nn.ConvTranspose1d(4, 2, 3)(line, [1, 30])': () =>
      new nn.ConvTranspose1d(4, 2, 3).call(line, [1, 30]),
    'nn.Dropout(1.5)': () => new nn.Dropout(1.5),
    'nn.GroupNorm(3, 4)': () => new nn.GroupNorm(3, 4),
    'nn.BatchNorm2d(3)(line)': () => new nn.BatchNorm2d(3).call(line),
    'nn.BatchNorm1d(3)(image)': () => new nn.BatchNorm1d(3).call(image),
    'nn.BatchNorm1d(4)(torch.ones(1, 4))': () => new nn.BatchNorm1d(4).call(torch.ones(1, 4)),
    'nn.InstanceNorm2d(3)(torch.ones(2, 3))': () => new nn.InstanceNorm2d(3).call(torch.ones(2, 3)),
    'nn.InstanceNorm1d(3, affine=True)(line)': () =>
      new nn.InstanceNorm1d(3, { affine: true }).call(line),
    'nn.LocalResponseNorm(2)(torch.ones(2, 3))': () =>
      new nn.LocalResponseNorm(2).call(torch.ones(2, 3)),
    'nn.Hardtanh(2.0, 1.0)': () => new nn.Hardtanh(2, 1),
    'nn.Softmax2d()(torch.ones(2, 3))': () => new nn.Softmax2d().call(torch.ones(2, 3)),
    'nn.CircularPad1d(2)(image)': () => new nn.CircularPad1d(2).call(image),
    'nn.Embedding(5, 4, padding_idx=5)': () => new nn.Embedding(5, 4, { paddingIdx: 5 }),
    'nn.EmbeddingBag(5, 4, padding_idx=-6)': () => new nn.EmbeddingBag(5, 4, { paddingIdx: -6 }),
    'nn.Embedding.from_pretrained(torch.ones(3))': () => nn.Embedding.fromPretrained(torch.ones(3)),
    'nn.EmbeddingBag(5, 4)(words)': () => new nn.EmbeddingBag(5, 4).call(words),
    'nn.Bilinear(0, 4, 3)': () => new nn.Bilinear(0, 4, 3),
    'nn.FractionalMaxPool2d(2)': () => new nn.FractionalMaxPool2d(2, {}),
    'nn.FractionalMaxPool2d(2, output_size=2, output_ratio=0.5)': () =>
      new nn.FractionalMaxPool2d(2, { outputSize: 2, outputRatio: 0.5 }),
    'nn.FractionalMaxPool2d(2, output_ratio=1.5)': () =>
      new nn.FractionalMaxPool2d(2, { outputRatio: 1.5 }),
    'nn.FractionalMaxPool3d(0, output_size=2)': () =>
      new nn.FractionalMaxPool3d(0, { outputSize: 2 }),
    'nn.Upsample()(image)': () => new nn.Upsample({}).call(image),
    'nn.AdaptiveLogSoftmaxWithLoss(4, 9, [])': () => new nn.AdaptiveLogSoftmaxWithLoss(4, 9, []),
    'nn.AdaptiveLogSoftmaxWithLoss(4, 9, [5, 3])': () =>
      new nn.AdaptiveLogSoftmaxWithLoss(4, 9, [5, 3]),
    'nn.AdaptiveLogSoftmaxWithLoss(4, 9, [5])(torch.ones(2, 4), torch.tensor([1, 9]))': () =>
      new nn.AdaptiveLogSoftmaxWithLoss(4, 9, [5]).call(torch.ones(2, 4), torch.tensor([1, 9])),
    'nn.AdaptiveLogSoftmaxWithLoss(4, 9, [5])(torch.ones(2, 4), torch.tensor([1]))': () =>
      new nn.AdaptiveLogSoftmaxWithLoss(4, 9, [5]).call(torch.ones(2, 4), torch.tensor([1])),
    'nn.MultiMarginLoss(p=3)': () => new nn.MultiMarginLoss({ p: 3 as 2 }),
    'nn.MultiMarginLoss(weight=torch.ones(2, 2))': () =>
      new nn.MultiMarginLoss({ weight: torch.ones(2, 2) }),
    'nn.TripletMarginLoss(margin=-1.0)': () => new nn.TripletMarginLoss({ margin: -1 }),
    'nn.TripletMarginWithDistanceLoss(margin=0.0)': () =>
      new nn.TripletMarginWithDistanceLoss({ margin: 0 }),
    'nn.LinearCrossEntropyLoss(4, 3, weight=torch.ones(2))': () =>
      new nn.LinearCrossEntropyLoss(4, 3, { weight: torch.ones(2) }),
    'nn.LinearCrossEntropyLoss(4, 3, label_smoothing=1.5)': () =>
      new nn.LinearCrossEntropyLoss(4, 3, { labelSmoothing: 1.5 }),
  },
  setUp,
);

/** What PyTorch's operators refuse themselves. */
test.each<[string, () => unknown, RegExp]>([
  [
    'a wrong number of features',
    () => new nn.Linear(3, 2).call(torch.ones(2, 4)),
    /mat1 and mat2 shapes cannot be multiplied \(2x4 and 3x2\)/,
  ],
  [
    'a wrong number of channels',
    () => new nn.Conv2d(3, 2, 3).call(image),
    /expected input\[2, 4, 8, 8\] to have 3 channels, but got 4 channels instead/,
  ],
  [
    'a window larger than the input',
    () => new nn.MaxPool2d(9).call(image),
    /Output size is too small/,
  ],
  [
    'a class that is not there',
    () => new nn.CrossEntropyLoss().call(torch.ones(2, 3), torch.tensor([0, 3])),
    /Target 3 is out of bounds/,
  ],
  [
    'an index that is not there',
    () => new nn.Embedding(3, 2).call(torch.tensor([5])),
    /index out of range in self/,
  ],
  [
    'a shape that is not the normalised one',
    () => new nn.LayerNorm(3).call(torch.ones(2, 4)),
    /Given normalized_shape=\[3\], expected input with shape \[\*, 3\], but got input of size\s*\[2, 4\]/,
  ],
])('%s is rejected with PyTorch’s message', (_, call, message) => {
  expect(call).toThrow(torch.TorchError);
  expect(call).toThrow(message);
});

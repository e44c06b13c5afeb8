/** Arguments by position and by name, as Python takes and refuses them. */
import { nn } from '../../src/torch';
import { python } from './python';
import { refusedAsInPython } from './refused';

// biome-ignore lint/suspicious/noExplicitAny: calls that TypeScript would refuse.
const js = nn as any;

/** What Python prints, and the same in TypeScript. */
const printed: Record<string, () => unknown> = {
  'nn.Linear(2, 3, False)': () => new nn.Linear(2, 3, false),
  'nn.Linear(in_features=2, out_features=3)': () =>
    new nn.Linear({ inFeatures: 2, outFeatures: 3 }),
  'nn.Linear(2, out_features=3, bias=False)': () =>
    new nn.Linear(2, { outFeatures: 3, bias: false }),
  'nn.Linear(2, 3, 0)': () => new js.Linear(2, 3, 0),
  'nn.Conv2d(64, 128, 3, 1, 1, bias=False)': () => new nn.Conv2d(64, 128, 3, 1, 1, { bias: false }),
  'nn.Conv2d(64, 64, 3, 1, 1, 1, 32)': () => new nn.Conv2d(64, 64, 3, 1, 1, 1, 32),
  'nn.Conv2d(3, 8, kernel_size=(3, 5), padding="same")': () =>
    new nn.Conv2d(3, 8, { kernelSize: [3, 5], padding: 'same' }),
  'nn.ConvTranspose2d(100, 512, 4, 1, 0, bias=False)': () =>
    new nn.ConvTranspose2d(100, 512, 4, 1, 0, { bias: false }),
  'nn.ConvTranspose2d(8, 8, 3, 2, 1, 1)': () => new nn.ConvTranspose2d(8, 8, 3, 2, 1, 1),
  'nn.MaxPool2d(3, 2, 1)': () => new nn.MaxPool2d(3, 2, 1),
  'nn.AvgPool2d(8, stride=1)': () => new nn.AvgPool2d(8, { stride: 1 }),
  'nn.BatchNorm2d(3, 1e-3)': () => new nn.BatchNorm2d(3, 1e-3),
  'nn.BatchNorm2d(32, 0.8)': () => new nn.BatchNorm2d(32, 0.8),
  'nn.BatchNorm1d(8, affine=False)': () => new nn.BatchNorm1d(8, { affine: false }),
  'nn.GroupNorm(32, 64, 1e-6, True)': () => new nn.GroupNorm(32, 64, 1e-6, true),
  'nn.LayerNorm(8, 1e-12)': () => new nn.LayerNorm(8, 1e-12),
  'nn.Dropout(p=0.3)': () => new nn.Dropout({ p: 0.3 }),
  'nn.Dropout2d(0.25, True)': () => new nn.Dropout2d(0.25, true),
  'nn.LeakyReLU(0.2, True)': () => new nn.LeakyReLU(0.2, true),
  'nn.ReLU(True)': () => new nn.ReLU(true),
  'nn.Hardtanh(-0.5, 6.5, True)': () => new nn.Hardtanh(-0.5, 6.5, true),
  'nn.LSTM(10, 20, 2)': () => new nn.LSTM(10, 20, 2),
  'nn.LSTM(10, 20, 2, True, True, 0.5)': () => new nn.LSTM(10, 20, 2, true, true, 0.5),
  'nn.RNN(5, 6, 1, "relu")': () => new nn.RNN(5, 6, 1, 'relu'),
  'nn.GRU(input_size=5, hidden_size=6, bidirectional=True)': () =>
    new nn.GRU({ inputSize: 5, hiddenSize: 6, bidirectional: true }),
  'nn.Embedding(50, 8, 0)': () => new nn.Embedding(50, 8, 0),
  'nn.Embedding(50, 8, padding_idx=3, max_norm=1.5)': () =>
    new nn.Embedding(50, 8, { paddingIdx: 3, maxNorm: 1.5 }),
  'nn.Upsample(None, 2, "bilinear", True)': () => new nn.Upsample(null, 2, 'bilinear', true),
  'nn.Upsample(scale_factor=2)': () => new nn.Upsample({ scaleFactor: 2 }),
  'nn.Softmax(dim=1)': () => new nn.Softmax({ dim: 1 }),
  'nn.Flatten(0)': () => new nn.Flatten(0),
  'nn.Unflatten(1, (2, 3))': () => new nn.Unflatten(1, [2, 3]),
  'nn.PReLU(8)': () => new nn.PReLU(8),
  'nn.GELU("tanh")': () => new nn.GELU('tanh'),
  'nn.Threshold(threshold=0.1, value=20.5)': () =>
    new nn.Threshold({ threshold: 0.1, value: 20.5 }),
  'nn.TransformerEncoderLayer(16, 4, 32, 0.2, batch_first=True)': () =>
    new nn.TransformerEncoderLayer(16, 4, 32, 0.2, { batchFirst: true }),
  'nn.Transformer(16, 2, 1, 1, 32)': () => new nn.Transformer(16, 2, 1, 1, 32),
  'nn.Identity(54, unused=3)': () => new nn.Identity(54, { unused: 3 }),
  'nn.Linear(2, 3, device="meta").weight.device': () =>
    new nn.Linear(2, 3, { device: 'meta' }).weight.device,
  'nn.MSELoss(size_average=False).reduction': () =>
    new nn.MSELoss({ sizeAverage: false }).reduction,
  'nn.CrossEntropyLoss(None, None, 0).ignore_index': () =>
    new nn.CrossEntropyLoss(null, null, 0).ignoreIndex,
  'nn.NLLLoss(reduce=False).reduction': () => new nn.NLLLoss({ reduce: false }).reduction,
  'nn.CosineSimilarity(1, 1e-6).eps': () =>
    new nn.CosineSimilarity(1, 1e-6).eps.toExponential().replace('-6', '-06'),
};

describe('what is made by position and by name is what Python makes', () => {
  const texts = python(Object.keys(printed));
  test.each(Object.entries(printed).map(([call, make], i) => [call, make, texts[i]!] as const))(
    '%s',
    (_, make, text) => expect(String(make())).toBe(text),
  );
});

refusedAsInPython(
  {
    'nn.Conv2d(1, 32, 3, strid=1)': () => new js.Conv2d(1, 32, 3, { strid: 1 }),
    'nn.Conv2d(1, 32)': () => new js.Conv2d(1, 32),
    'nn.Conv2d()': () => new js.Conv2d(),
    'nn.Conv2d(out_channels=1)': () => new js.Conv2d({ outChannels: 1 }),
    'nn.Conv2d(1, 32, 3, kernel_size=3)': () => new js.Conv2d(1, 32, 3, { kernelSize: 3 }),
    'nn.Linear(2, 3, True, None, None, 1)': () => new js.Linear(2, 3, true, null, null, 1),
    'nn.Dropout2d(0.5, True, 3)': () => new js.Dropout2d(0.5, true, 3),
    'nn.Dropout2d(q=0.5)': () => new js.Dropout2d({ q: 0.5 }),
    'nn.BatchNorm2d(3, momentumm=0.1)': () => new js.BatchNorm2d(3, { momentumm: 0.1 }),
    'nn.BatchNorm2d(3, 1e-5, 0.1, True, True, None, None, True)': () =>
      new js.BatchNorm2d(3, 1e-5, 0.1, true, true, null, null, true),
    'nn.Sigmoid(3)': () => new js.Sigmoid(3),
    'nn.Sigmoid(dim=3)': () => new js.Sigmoid({ dim: 3 }),
    'nn.MSELoss(reductio="sum")': () => new js.MSELoss({ reductio: 'sum' }),
    'nn.PixelShuffle()': () => new js.PixelShuffle(),
    'nn.Embedding(50, 8, _weight=torch.zeros(3, 8))': () =>
      new nn.Embedding(50, 8, { _weight: torchZeros(3, 8) }),
  },
  '',
);

const torchZeros = (...size: number[]) => new nn.Linear(size[1]!, size[0]!).weight;

test('a name as Python writes it is answered with the one to use', () => {
  expect(() => new js.Conv2d(1, 2, 3, { padding_mode: 'zeros' })).toThrow(
    "Conv2d.__init__() got an unexpected keyword argument 'padding_mode'. Did you mean 'paddingMode'?",
  );
});

test('a value of a wrong type is refused at once', () => {
  const message =
    "Conv2d.__init__() argument 'kernel_size' (position 3) must be int or list, not str";
  expect(() => new js.Conv2d(1, 2, 'x')).toThrow(message);
  expect(() => new js.LSTM(10, 20, { numLayers: 2 }, true)).toThrow(
    "LSTM.__init__() argument 'num_layers' (position 3) must be int, not dict",
  );
  expect(() => new js.Linear(2, 3, 'false')).toThrow('must be bool, not str');
});

/** Arguments by position and by name, as Python takes and refuses them. */
import * as torch from 'tandem-torch';
import { bind } from '../../src/torch/arguments';
import { bits, python } from './python';
import { refusedAsInPython } from './refused';

const { nn, optim } = torch;
const F = nn.functional;

// biome-ignore lint/suspicious/noExplicitAny: calls that TypeScript would refuse.
const js = nn as any;
// biome-ignore lint/suspicious/noExplicitAny: likewise.
const jsOptim = optim as any;

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
      new nn.Embedding(50, 8, { _weight: torch.zeros(3, 8) }),
  },
  '',
);

test('a name as Python writes it is answered with the one to use', () => {
  expect(() => new js.Conv2d(1, 2, 3, { padding_mode: 'zeros' })).toThrow(
    "Conv2d.__init__() got an unexpected keyword argument 'padding_mode'. Did you mean 'paddingMode'?",
  );
});

test('a value of a wrong type is refused at once', () => {
  const message =
    "Conv2d.__init__(): argument 'kernel_size' (position 3) must be int or list, not str";
  expect(() => new js.Conv2d(1, 2, 'x')).toThrow(message);
  expect(() => new js.LSTM(10, 20, { numLayers: 2 }, true)).toThrow(
    "LSTM.__init__(): argument 'num_layers' (position 3) must be int, not dict",
  );
  expect(() => new js.Linear(2, 3, 'false')).toThrow('must be bool, not str');
});

const parameter = () => new nn.Parameter(torch.ones([2, 3]));
const groups = (optimizer: { paramGroups: object[] }) =>
  optimizer.paramGroups[0] as Record<string, unknown>;
const scheduled = (
  make: (o: torch.optim.SGD) => { step(): void } | torch.optim.lrScheduler.ReduceLROnPlateau,
) => {
  const optimizer = new optim.SGD([parameter()], 0.1, 0.9);
  const scheduler = make(optimizer);
  const rates: number[] = [];
  for (let epoch = 0; epoch < 12; epoch++) {
    optimizer.step();
    if (scheduler instanceof lrScheduler.ReduceLROnPlateau) scheduler.step(1);
    else scheduler.step();
    rates.push(optimizer.paramGroups[0]!.lr);
  }
  return rates.join(' ');
};
const { lrScheduler } = optim;
const x = torch.arange(48, { dtype: 'float32' }).reshape([1, 3, 4, 4]).div(7);
const w = torch.arange(54, { dtype: 'float32' }).reshape([2, 3, 3, 3]).div(31);

/** What Python gives for calls as public programs write them, and ours. */
const values: Record<string, () => unknown> = {
  "group(optim.SGD([p()], 0.1))['lr']": () => groups(new optim.SGD([parameter()], 0.1)).lr,
  "group(optim.SGD([p()], 0.1, 0.9))['momentum']": () =>
    groups(new optim.SGD([parameter()], 0.1, 0.9)).momentum,
  "group(optim.SGD([p()], 0.1, 0.9, 0, 5e-4, True))['weight_decay']": () =>
    groups(new optim.SGD([parameter()], 0.1, 0.9, 0, 5e-4, true)).weightDecay,
  "group(optim.Adam([p()], 2e-4, (0.5, 0.999)))['betas'][0]": () =>
    (groups(new optim.Adam([parameter()], 2e-4, [0.5, 0.999])).betas as number[])[0],
  "group(optim.AdamW(params=[p()], lr=0.25))['weight_decay']": () =>
    groups(new optim.AdamW({ params: [parameter()], lr: 0.25 })).weightDecay,
  "group(optim.RMSprop([p()], 0.01, 0.9))['alpha']": () =>
    groups(new optim.RMSprop([parameter()], 0.01, 0.9)).alpha,
  "group(optim.Adagrad([p()], 0.01, 0.5))['lr_decay']": () =>
    groups(new optim.Adagrad([parameter()], 0.01, 0.5)).lrDecay,
  "group(optim.Adadelta([p()], 0.5, 0.75))['rho']": () =>
    groups(new optim.Adadelta([parameter()], 0.5, 0.75)).rho,
  "group(optim.LBFGS([p()], 0.5, 8))['max_eval']": () =>
    groups(new optim.LBFGS([parameter()], 0.5, 8)).maxEval,
  "group(optim.NAdam([p()], momentum_decay=0.5))['momentum_decay']": () =>
    groups(new optim.NAdam([parameter()], { momentumDecay: 0.5 })).momentumDecay,
  'scheduled(lambda o: lr.StepLR(o, 3, 0.5))': () =>
    scheduled((o) => new lrScheduler.StepLR(o, 3, 0.5)),
  'scheduled(lambda o: lr.MultiStepLR(o, [2, 5], 0.5))': () =>
    scheduled((o) => new lrScheduler.MultiStepLR(o, [2, 5], 0.5)),
  'scheduled(lambda o: lr.ExponentialLR(o, gamma=0.9))': () =>
    scheduled((o) => new lrScheduler.ExponentialLR(o, { gamma: 0.9 })),
  'scheduled(lambda o: lr.CosineAnnealingLR(o, T_max=10, eta_min=0.01))': () =>
    scheduled((o) => new lrScheduler.CosineAnnealingLR(o, { tMax: 10, etaMin: 0.01 })),
  'scheduled(lambda o: lr.CosineAnnealingWarmRestarts(o, 2, 2))': () =>
    scheduled((o) => new lrScheduler.CosineAnnealingWarmRestarts(o, 2, 2)),
  'scheduled(lambda o: lr.LinearLR(o, 0.5, 1.0, 4))': () =>
    scheduled((o) => new lrScheduler.LinearLR(o, 0.5, 1, 4)),
  'scheduled(lambda o: lr.OneCycleLR(o, 0.5, 20))': () =>
    scheduled((o) => new lrScheduler.OneCycleLR(o, 0.5, 20)),
  'scheduled(lambda o: lr.CyclicLR(o, 0.01, 0.5, 3))': () =>
    scheduled((o) => new lrScheduler.CyclicLR(o, 0.01, 0.5, 3)),
  'scheduled(lambda o: lr.PolynomialLR(o, 4, 2.0))': () =>
    scheduled((o) => new lrScheduler.PolynomialLR(o, 4, 2)),
  "scheduled(lambda o: lr.ReduceLROnPlateau(o, 'min', patience=0))": () =>
    scheduled((o) => new lrScheduler.ReduceLROnPlateau(o, 'min', { patience: 0 })),
  "scheduled(lambda o: lr.ReduceLROnPlateau(o, 'max', 0.5, 2))": () =>
    scheduled((o) => new lrScheduler.ReduceLROnPlateau(o, 'max', 0.5, 2)),
  'seeded(lambda: nn.init.normal_(torch.zeros(4), 0, .02))': () =>
    seeded(() => nn.init.normal_(torch.zeros([4]), 0, 0.02)),
  'seeded(lambda: nn.init.trunc_normal_(torch.zeros(4), std=.02))': () =>
    seeded(() => nn.init.truncNormal_(torch.zeros([4]), { std: 0.02 })),
  'seeded(lambda: nn.init.orthogonal_(torch.zeros(3, 3), 5))': () =>
    seeded(() => nn.init.orthogonal_(torch.zeros([3, 3]), 5)),
  'seeded(lambda: nn.init.xavier_uniform_(torch.zeros(3, 3), 1.5))': () =>
    seeded(() => nn.init.xavierUniform_(torch.zeros([3, 3]), 1.5)),
  "seeded(lambda: nn.init.kaiming_normal_(torch.zeros(3, 3), 0, 'fan_out', 'relu'))": () =>
    seeded(() => nn.init.kaimingNormal_(torch.zeros([3, 3]), 0, 'fan_out', 'relu')),
  'seeded(lambda: nn.init.uniform_(torch.zeros(4), -0.5, b=0.5))': () =>
    seeded(() => nn.init.uniform_(torch.zeros([4]), -0.5, { b: 0.5 })),
  'seeded(lambda: nn.init.constant_(torch.zeros(4), val=0.5))': () =>
    seeded(() => nn.init.constant_({ tensor: torch.zeros([4]), val: 0.5 })),
  'bits(F.conv2d(x, w, None, 1, 1))': () => bits(F.conv2d(x, w, null, 1, 1)),
  "bits(F.interpolate(x, None, 2, 'bilinear'))": () => bits(F.interpolate(x, null, 2, 'bilinear')),
  'bits(F.max_pool2d(x, 3, 2, 1))': () => bits(F.maxPool2d(x, 3, 2, 1)),
  'bits(F.max_pool2d(x, 2, return_indices=True)[1])': () =>
    bits(F.maxPool2d(x, 2, { returnIndices: true })[1]),
  'bits(F.avg_pool2d(x, 3, 1, 1))': () => bits(F.avgPool2d(x, 3, 1, 1)),
  'bits(F.batch_norm(x, None, None, None, None, True))': () =>
    bits(F.batchNorm(x, null, null, null, null, true)),
  'bits(F.cross_entropy(x.view(12, 4), torch.arange(12) % 4, None, None, 0))': () =>
    bits(F.crossEntropy(x.view(12, 4), torch.arange(12).remainder(4), null, null, 0)),
  'bits(F.mse_loss(x, x + 1, size_average=False))': () =>
    bits(F.mseLoss(x, x.add(1), { sizeAverage: false })),
  'bits(F.softmax(x, dim=1, dtype=torch.float64))': () =>
    bits(F.softmax(x, { dim: 1, dtype: 'float64' })),
  'bits(F.pad(x, pad=(1, 1), value=2.5))': () => bits(F.pad(x, { pad: [1, 1], value: 2.5 })),
  'bits(F.leaky_relu(x - 3, 0.2, True))': () => bits(F.leakyRelu(x.sub(3), 0.2, true)),
  'bits(x.sum(axis=1, keepdims=True))': () => bits(x.sum({ axis: 1, keepdims: true })),
  'bits(torch.cat([x, x], axis=1))': () => bits(torch.cat([x, x], { axis: 1 })),
  'bits(x.max(axis=-1).values)': () => bits(x.max({ axis: -1 }).values),
  'bits(torch.mean(x, axis=(1, 2)))': () => bits(torch.mean(x, { axis: [1, 2] })),
  'bits(torch.softmax(x, axis=1))': () => bits(torch.softmax(x, { axis: 1 })),
  'bits(x.unsqueeze(axis=0))': () => bits(x.unsqueeze({ axis: 0 })),
  'bits(torch.segment_reduce(x.flatten(), "sum", lengths=torch.tensor([x.numel()]), axis=0))': () =>
    bits(torch.segmentReduce(x.flatten(), 'sum', { lengths: torch.tensor([x.numel()]), axis: 0 })),
  'str(len(DataLoader(TensorDataset(x[0]), 2, True, drop_last=True)))': () =>
    new torch.utils.data.DataLoader(new torch.utils.data.TensorDataset(x.select(0, 0)), 2, true, {
      dropLast: true,
    }).length,
  'str(len(DataLoader(TensorDataset(x[0]), batch_size=2, num_workers=0, pin_memory=False)))': () =>
    new torch.utils.data.DataLoader(new torch.utils.data.TensorDataset(x.select(0, 0)), {
      batchSize: 2,
      numWorkers: 0,
      pinMemory: false,
    }).length,
  'str(list(BatchSampler(SequentialSampler(range(5)), 2, drop_last=False)))': () =>
    JSON.stringify([
      ...new torch.utils.data.BatchSampler(
        new torch.utils.data.SequentialSampler({ length: 5 }),
        2,
        { dropLast: false },
      ),
    ]).replaceAll(',', ', '),
};

function seeded(draw: () => torch.Tensor): string {
  torch.manualSeed(3);
  return bits(draw());
}

describe('calls as public programs write them give what Python gives', () => {
  const wanted = python(
    Object.keys(values),
    `import torch.optim as optim
import torch.optim.lr_scheduler as lr
from torch.utils.data import DataLoader, TensorDataset, BatchSampler, SequentialSampler
def p(): return nn.Parameter(torch.ones(2, 3))
def group(o): return o.param_groups[0]
def number(v): return str(int(v)) if v == int(v) else repr(v)
def scheduled(make):
    o = optim.SGD([p()], 0.1, 0.9)
    s, rates = make(o), []
    for _ in range(12):
        o.step()
        s.step(1) if isinstance(s, lr.ReduceLROnPlateau) else s.step()
        rates.append(o.param_groups[0]['lr'])
    return ' '.join(repr(r) for r in rates)
def seeded(draw):
    torch.manual_seed(3)
    return bits(draw())
x = torch.arange(48, dtype=torch.float32).reshape(1, 3, 4, 4) / 7
w = torch.arange(54, dtype=torch.float32).reshape(2, 3, 3, 3) / 31`,
  );
  /** Numbers as such: the languages write them differently. */
  const plain = (text: string) =>
    text.split(' ').map((word) => (Number.isNaN(Number(word)) ? word : Number(word)));
  test.each(Object.entries(values).map(([call, ours], i) => [call, ours, wanted[i]!] as const))(
    '%s',
    (_, ours, text) => expect(plain(String(ours()))).toEqual(plain(text)),
  );
});

refusedAsInPython(
  {
    'optim.SGD([p], lr=0.1, momentun=0.9)': () =>
      new jsOptim.SGD([parameter()], { lr: 0.1, momentun: 0.9 }),
    'optim.SGD([p], 0.1, lr=0.1)': () => new jsOptim.SGD([parameter()], 0.1, { lr: 0.1 }),
    'optim.SGD()': () => new jsOptim.SGD(),
    'lr.StepLR(optim.SGD([p]))': () => new jsOptim.lrScheduler.StepLR(new optim.SGD([parameter()])),
    'lr.StepLR(optim.SGD([p]), 3, 0.1, -1, 5)': () =>
      new jsOptim.lrScheduler.StepLR(new optim.SGD([parameter()]), 3, 0.1, -1, 5),
    'lr.StepLR(3, 3)': () => new jsOptim.lrScheduler.StepLR(3, 3),
    'nn.init.orthogonal_(torch.zeros(3, 3), gian=5)': () =>
      js.init.orthogonal_(torch.zeros([3, 3]), { gian: 5 }),
    'F.dropout(torch.zeros(3), probability=0.5)': () =>
      js.functional.dropout(torch.zeros([3]), { probability: 0.5 }),
    "setattr(nn.Linear(2, 1), 'weight', torch.ones(1, 2))": () => {
      Object.assign(new nn.Linear(2, 1), { weight: torch.ones([1, 2]) });
    },
    "setattr(nn.Linear(2, 1), 'weight', torch.ones(1, 2, dtype=torch.float64))": () => {
      Object.assign(new nn.Linear(2, 1), { weight: torch.ones([1, 2], { dtype: 'float64' }) });
    },
    "setattr(nn.Linear(2, 1, bias=False), 'bias', torch.ones(1))": () => {
      Object.assign(new nn.Linear(2, 1, false), { bias: torch.ones([1]) });
    },
    "setattr(nn.Conv2d(1, 1, 1), 'weight', 3)": () => {
      Object.assign(new nn.Conv2d(1, 1, 1), { weight: 3 });
    },
    "setattr(nn.LSTM(1, 2), 'weight_ih_l0', torch.ones(8, 1))": () => {
      Object.assign(new nn.LSTM(1, 2), { weightIhL0: torch.ones([8, 1]) });
    },
    "setattr(nn.BatchNorm2d(2), 'bias', torch.ones(2))": () => {
      Object.assign(new nn.BatchNorm2d(2), { bias: torch.ones([2]) });
    },
    "setattr(nn.Embedding(2, 2), 'weight', torch.ones(2, 2))": () => {
      Object.assign(new nn.Embedding(2, 2), { weight: torch.ones([2, 2]) });
    },
    "setattr(nn.MultiheadAttention(4, 2), 'in_proj_weight', torch.ones(12, 4))": () => {
      Object.assign(new nn.MultiheadAttention(4, 2), { inProjWeight: torch.ones([12, 4]) });
    },
    "setattr(net(), 'w', torch.ones(2))": () => {
      const net = new Net();
      net.parameters();
      Object.assign(net, { w: torch.ones([2]) });
    },
  },
  `import torch.optim as optim, torch.optim.lr_scheduler as lr
p = nn.Parameter(torch.ones(2, 3))
class net(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.ones(2))`,
);

class Net extends nn.Module {
  w = new nn.Parameter(torch.ones([2]));
  forward(input: torch.Tensor): torch.Tensor {
    return input.mul(this.w);
  }
}

test('a parameter may be replaced by a parameter, by null and by a module', () => {
  const layer = new nn.Linear(2, 1);
  const weight = new nn.Parameter(torch.ones([1, 2]));
  layer.weight = weight;
  layer.bias = null;
  expect(layer.parameters()[0]).toBe(weight);
  expect([...layer.stateDict().keys()]).toEqual(['weight']);
  expect(layer.call(torch.ones([3, 2])).toArray()).toEqual([[2], [2], [2]]);
  const copy = layer.deepcopy();
  expect(copy.weight).not.toBe(weight);
  copy.parameters();
  expect(() => Object.assign(copy, { weight: torch.ones([1, 2]) })).toThrow('cannot assign');
  Object.assign(layer, { bias: new nn.Identity() });
  expect(layer.children()).toHaveLength(1);
});

test('an optimizer’s state for parameters in another order is refused', () => {
  const [a, b] = [parameter(), new nn.Parameter(torch.ones([4]))];
  const trained = new optim.Adam([a, b], 0.1);
  a.sum().add(b.sum()).backward();
  trained.step();
  expect(() => new optim.Adam([b, a], 0.1).loadStateDict(trained.stateDict())).toThrow(
    "exp_avg of shape [2, 3] doesn't fit a parameter of shape [4]",
  );
});

test('what is not supported is refused and not dropped', () => {
  expect(() => new jsOptim.Adam([parameter()], { capturable: true })).toThrow(
    'Adam: capturable=True is not supported',
  );
  expect(() => new jsOptim.SGD([parameter()], torch.ones([]))).toThrow('a tensor as lr');
});

test('what this version of PyTorch lacks is told by its name', () => {
  expect(() => bind('NoSuchLayer' as never, [])).toThrow(
    `torch ${torch.__version__} has no NoSuchLayer`,
  );
});

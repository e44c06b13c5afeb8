import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeWarm, compareWarm, proven } from './warm';

/** The parts of a program, each in the framework's own words. */
interface Parts {
  readonly layers: string;
  readonly loss?: string;
  readonly optimizer?: string;
  /** Lines before the model. */
  readonly before?: string;
}

interface Case {
  readonly what: string;
  /** The shape of the input without the batch, as Keras takes it. */
  readonly input: string;
  readonly keras: Parts;
  readonly torch: Parts;
  /** The only causes that are there. */
  readonly causes: readonly string[];
}

const folder = mkdtempSync(join(tmpdir(), 'tandem-causes-'));
afterAll(() => {
  closeWarm();
  rmSync(folder, { recursive: true, force: true });
});

const sgd = {
  keras: 'keras.optimizers.SGD(0.05)',
  torch: 'torch.optim.SGD(model.parameters(), lr=0.05)',
};
const mse = { keras: 'keras.losses.MeanSquaredError()', torch: 'nn.MSELoss()' };

function kerasProgram({ input, keras }: Case): string {
  const { layers, before = '', loss = mse.keras, optimizer = sgd.keras } = keras;
  return `import keras
from keras import layers
${before}
model = keras.Sequential([keras.Input(${input}), ${layers}])
optimizer = ${optimizer}
loss = ${loss}
`;
}

function torchProgram({ torch }: Case): string {
  const { layers, before = '', loss = mse.torch, optimizer = sgd.torch } = torch;
  return `import torch
from torch import nn
from torch.nn import functional as F
${before}
model = nn.Sequential(${layers})
optimizer = ${optimizer}
loss = ${loss}
`;
}

const dense = (keras: string, torch: string): Pick<Case, 'input' | 'keras' | 'torch'> => ({
  input: '(6,)',
  keras: { layers: `layers.Dense(8), ${keras} layers.Dense(3)` },
  torch: { layers: `nn.Linear(6, 8), ${torch} nn.Linear(8, 3)` },
});

const optimizers = (keras: string, torch: string): Pick<Case, 'input' | 'keras' | 'torch'> => ({
  input: '(6,)',
  keras: {
    layers: 'layers.Dense(8, activation="tanh"), layers.Dense(3)',
    optimizer: `keras.optimizers.${keras}`,
  },
  torch: {
    layers: 'nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 3)',
    optimizer: `torch.optim.${torch.replace('(', '(model.parameters(), ')}`,
  },
});

const losses = (
  keras: Partial<Parts>,
  torch: Partial<Parts>,
): Pick<Case, 'input' | 'keras' | 'torch'> => ({
  input: '(6,)',
  keras: { layers: 'layers.Dense(4)', ...keras },
  torch: { layers: 'nn.Linear(6, 4)', ...torch },
});

const images = (
  keras: string,
  torch: string,
  size = 8,
): Pick<Case, 'input' | 'keras' | 'torch'> => ({
  input: `(${size}, ${size}, 3)`,
  keras: { layers: `${keras}, layers.GlobalAveragePooling2D(), layers.Dense(2)` },
  torch: { layers: `${torch}, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 2)` },
});

const cases: readonly Case[] = [
  // Activations.
  {
    what: 'leaky ReLU by default',
    ...dense('layers.LeakyReLU(),', 'nn.LeakyReLU(),'),
    causes: ['leaky-relu-slope'],
  },
  {
    what: 'leaky ReLU the other way',
    ...dense('layers.LeakyReLU(negative_slope=0.01),', 'nn.LeakyReLU(0.3),'),
    causes: ['leaky-relu-slope'],
  },
  {
    what: 'leaky ReLU alike',
    ...dense('layers.LeakyReLU(negative_slope=0.2),', 'nn.LeakyReLU(0.2),'),
    causes: [],
  },
  {
    what: 'GELU exact on both sides',
    ...dense('layers.Activation("gelu"),', 'nn.GELU(),'),
    causes: [],
  },
  {
    what: 'GELU by tanh in PyTorch',
    ...dense('layers.Activation("gelu"),', 'nn.GELU("tanh"),'),
    causes: ['gelu-approximation'],
  },
  { what: 'ELU', ...dense('layers.ELU(alpha=0.5),', 'nn.ELU(),'), causes: ['elu-alpha'] },
  { what: 'ELU the other way', ...dense('layers.ELU(),', 'nn.ELU(0.5),'), causes: ['elu-alpha'] },
  {
    what: 'softplus',
    ...dense('layers.Activation("softplus"),', 'nn.Softplus(beta=2),'),
    causes: ['softplus-beta'],
  },
  {
    what: 'softplus alike',
    ...dense('layers.Activation("softplus"),', 'nn.Softplus(),'),
    causes: [],
  },
  {
    what: 'swish and hard swish',
    ...dense('layers.Activation("swish"),', 'nn.Hardswish(),'),
    causes: ['activation-function'],
  },
  { what: 'swish alike', ...dense('layers.Activation("silu"),', 'nn.SiLU(),'), causes: [] },
  {
    what: 'relu and tanh',
    ...dense('layers.ReLU(),', 'nn.Tanh(),'),
    causes: ['activation-function'],
  },
  {
    what: 'hard sigmoid alike',
    ...dense('layers.Activation("hard_sigmoid"),', 'nn.Hardsigmoid(),'),
    causes: [],
  },
  {
    what: 'an activation that PyTorch lacks',
    ...dense('layers.ReLU(),', ''),
    causes: ['activation-missing'],
  },
  {
    what: 'an activation that Keras lacks',
    ...dense('', 'nn.ReLU(),'),
    causes: ['activation-missing'],
  },
  // Normalisation.
  {
    what: 'layer norm by default',
    ...dense('layers.LayerNormalization(),', 'nn.LayerNorm(8),'),
    causes: ['layer-norm-epsilon'],
  },
  {
    what: 'layer norm the other way',
    ...dense('layers.LayerNormalization(epsilon=1e-5),', 'nn.LayerNorm(8, eps=1e-3),'),
    causes: ['layer-norm-epsilon'],
  },
  {
    what: 'layer norm alike',
    ...dense('layers.LayerNormalization(epsilon=1e-5),', 'nn.LayerNorm(8),'),
    causes: [],
  },
  {
    what: 'batch norm alike but for the variance',
    ...dense('layers.BatchNormalization(epsilon=1e-5, momentum=0.9),', 'nn.BatchNorm1d(8),'),
    causes: ['batch-norm-running-variance'],
  },
  {
    what: 'batch norm’s epsilon',
    ...dense(
      'layers.BatchNormalization(epsilon=1e-5, momentum=0.9),',
      'nn.BatchNorm1d(8, eps=1e-3),',
    ),
    causes: ['batch-norm-epsilon', 'batch-norm-running-variance'],
  },
  {
    what: 'group norm',
    ...images(
      'layers.Conv2D(4, 3), layers.GroupNormalization(2)',
      'nn.Conv2d(3, 4, 3), nn.GroupNorm(2, 4)',
    ),
    causes: ['group-norm-epsilon'],
  },
  // Convolution and pooling.
  {
    what: 'same with a stride',
    ...images(
      'layers.Conv2D(4, 3, strides=2, padding="same")',
      'nn.Conv2d(3, 4, 3, stride=2, padding=1)',
    ),
    causes: ['padding-same'],
  },
  {
    what: 'same with a stride, padded by hand',
    ...images(
      'layers.Conv2D(4, 3, strides=2, padding="same")',
      'nn.ZeroPad2d((0, 1, 0, 1)), nn.Conv2d(3, 4, 3, stride=2)',
    ),
    causes: [],
  },
  {
    what: 'same of an odd size',
    ...images(
      'layers.Conv2D(4, 3, strides=2, padding="same")',
      'nn.Conv2d(3, 4, 3, stride=2, padding=1)',
      9,
    ),
    causes: [],
  },
  {
    what: 'valid and padded',
    ...images('layers.Conv2D(4, 3)', 'nn.Conv2d(3, 4, 3, padding=1)'),
    causes: ['padding'],
  },
  {
    what: 'same average pooling',
    ...images(
      'layers.Conv2D(4, 3, padding="same"), layers.AveragePooling2D(3, strides=1, padding="same")',
      'nn.Conv2d(3, 4, 3, padding=1), nn.AvgPool2d(3, stride=1, padding=1)',
    ),
    causes: ['average-pool-padding'],
  },
  {
    what: 'same average pooling that counts no padding',
    ...images(
      'layers.Conv2D(4, 3, padding="same"), layers.AveragePooling2D(3, strides=1, padding="same")',
      'nn.Conv2d(3, 4, 3, padding=1), nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False)',
    ),
    causes: [],
  },
  {
    what: 'same max pooling',
    ...images(
      'layers.Conv2D(4, 3, padding="same"), layers.MaxPooling2D(3, strides=2, padding="same")',
      'nn.Conv2d(3, 4, 3, padding=1), nn.MaxPool2d(3, stride=2, padding=1)',
    ),
    causes: ['padding-same'],
  },
  {
    what: 'dilation',
    ...images(
      'layers.Conv2D(4, 3, dilation_rate=2, padding="same")',
      'nn.Conv2d(3, 4, 3, padding=1)',
    ),
    causes: ['convolution-dilation'].concat('padding-same'),
  },
  {
    what: 'max and average pooling',
    ...images('layers.Conv2D(4, 3), layers.MaxPooling2D(2)', 'nn.Conv2d(3, 4, 3), nn.AvgPool2d(2)'),
    causes: ['pooling-function'],
  },
  {
    what: 'a transposed convolution, same',
    ...images(
      'layers.Conv2DTranspose(4, 3, strides=2, padding="same")',
      'nn.ConvTranspose2d(3, 4, 3, stride=2, padding=1, output_padding=1)',
    ),
    causes: ['padding-same'],
  },
  {
    what: 'a transposed convolution, valid',
    ...images('layers.Conv2DTranspose(4, 3, strides=2)', 'nn.ConvTranspose2d(3, 4, 3, stride=2)'),
    causes: [],
  },
  // Dropout.
  {
    what: 'another share',
    ...dense('layers.Dropout(0.5),', 'nn.Dropout(0.2),'),
    causes: ['dropout-rate'],
  },
  { what: 'the same share', ...dense('layers.Dropout(0.5),', 'nn.Dropout(),'), causes: [] },
  {
    what: 'a dropout that PyTorch lacks',
    ...dense('layers.Dropout(0.5),', ''),
    causes: ['dropout-missing'],
  },
  {
    what: 'a dropout that Keras lacks',
    ...dense('', 'nn.Dropout(0.5),'),
    causes: ['dropout-missing'],
  },
  // Loss.
  {
    what: 'softmax before logits in Keras, which undoes it by itself',
    ...losses(
      {
        layers: 'layers.Dense(4, activation="softmax")',
        loss: 'keras.losses.SparseCategoricalCrossentropy(from_logits=True)',
      },
      { loss: 'nn.CrossEntropyLoss()' },
    ),
    causes: [],
  },
  {
    what: 'logits where Keras takes probabilities',
    ...losses(
      { loss: 'keras.losses.SparseCategoricalCrossentropy()' },
      { loss: 'nn.CrossEntropyLoss()' },
    ),
    causes: ['softmax-missing'],
  },
  {
    what: 'softmax and logits, each right',
    ...losses(
      {
        layers: 'layers.Dense(4, activation="softmax")',
        loss: 'keras.losses.SparseCategoricalCrossentropy()',
      },
      { loss: 'nn.CrossEntropyLoss()' },
    ),
    causes: [],
  },
  {
    what: 'log-softmax twice does nothing',
    ...losses(
      { loss: 'keras.losses.SparseCategoricalCrossentropy(from_logits=True)' },
      { layers: 'nn.Linear(6, 4), nn.LogSoftmax(1)', loss: 'nn.CrossEntropyLoss()' },
    ),
    causes: [],
  },
  {
    what: 'log-softmax and NLL',
    ...losses(
      { loss: 'keras.losses.SparseCategoricalCrossentropy(from_logits=True)' },
      { layers: 'nn.Linear(6, 4), nn.LogSoftmax(1)', loss: 'nn.NLLLoss()' },
    ),
    causes: [],
  },
  {
    what: 'one-hot and indices',
    ...losses(
      { loss: 'keras.losses.CategoricalCrossentropy(from_logits=True)' },
      { loss: 'nn.CrossEntropyLoss()' },
    ),
    causes: [],
  },
  {
    what: 'sigmoid twice',
    ...losses(
      { layers: 'layers.Dense(4)', loss: 'keras.losses.BinaryCrossentropy(from_logits=True)' },
      { layers: 'nn.Linear(6, 4), nn.Sigmoid()', loss: 'nn.BCEWithLogitsLoss()' },
    ),
    causes: ['sigmoid-before-loss'],
  },
  {
    what: 'sum and mean',
    ...losses({}, { loss: 'nn.MSELoss(reduction="sum")' }),
    causes: ['loss-reduction'],
  },
  {
    what: 'mean and sum',
    ...losses(
      { loss: 'keras.losses.MeanSquaredError(reduction="sum")' },
      { loss: 'nn.MSELoss(reduction="sum")' },
    ),
    causes: ['loss-reduction'],
  },
  {
    what: 'label smoothing',
    ...losses(
      { loss: 'keras.losses.CategoricalCrossentropy(from_logits=True)' },
      { loss: 'nn.CrossEntropyLoss(label_smoothing=0.1)' },
    ),
    causes: ['label-smoothing'],
  },
  {
    what: 'label smoothing alike',
    ...losses(
      { loss: 'keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)' },
      { loss: 'nn.CrossEntropyLoss(label_smoothing=0.1)' },
    ),
    causes: [],
  },
  {
    what: 'squares and absolutes',
    ...losses({}, { loss: 'nn.L1Loss()' }),
    causes: ['loss-function'],
  },
  {
    what: 'Huber',
    ...losses({ loss: 'keras.losses.Huber(delta=0.5)' }, { loss: 'nn.HuberLoss()' }),
    causes: ['huber-delta'],
  },
  // Optimizers.
  {
    what: 'Adam’s epsilon',
    ...optimizers('Adam(0.01)', 'Adam(lr=0.01)'),
    causes: ['adam-epsilon'],
  },
  {
    what: 'Adam’s epsilon the other way',
    ...optimizers('Adam(0.01, epsilon=1e-8)', 'Adam(lr=0.01, eps=1e-7)'),
    causes: ['adam-epsilon'],
  },
  { what: 'Adam alike', ...optimizers('Adam(0.01)', 'Adam(lr=0.01, eps=1e-7)'), causes: [] },
  {
    what: 'Adam’s betas',
    ...optimizers('Adam(0.01, beta_2=0.99)', 'Adam(lr=0.01, eps=1e-7)'),
    causes: ['adam-betas'],
  },
  { what: 'learning rate', ...optimizers('SGD(0.01)', 'SGD(lr=0.1)'), causes: ['learning-rate'] },
  {
    what: 'momentum',
    ...optimizers('SGD(0.01, momentum=0.9)', 'SGD(lr=0.01)'),
    causes: ['sgd-momentum'],
  },
  {
    what: 'Nesterov',
    ...optimizers('SGD(0.01, momentum=0.9, nesterov=True)', 'SGD(lr=0.01, momentum=0.9)'),
    causes: ['nesterov'],
  },
  {
    what: 'Nesterov alike',
    ...optimizers(
      'SGD(0.01, momentum=0.9, nesterov=True)',
      'SGD(lr=0.01, momentum=0.9, nesterov=True)',
    ),
    causes: [],
  },
  { what: 'another optimizer', ...optimizers('Adam(0.01)', 'SGD(lr=0.01)'), causes: ['optimizer'] },
  {
    what: 'Adagrad',
    ...optimizers('Adagrad(0.01)', 'Adagrad(lr=0.01)'),
    causes: ['adagrad-initial-accumulator'],
  },
  {
    what: 'Adadelta',
    ...optimizers('Adadelta(0.5)', 'Adadelta(lr=0.5)'),
    causes: ['adadelta-decay', 'adadelta-epsilon'],
  },
  {
    what: 'RMSprop centred',
    ...optimizers('RMSprop(0.01, centered=True)', 'RMSprop(lr=0.01, alpha=0.9)'),
    causes: ['rmsprop-centered', 'rmsprop-epsilon'],
  },
  {
    what: 'clipping',
    ...optimizers('SGD(0.01, global_clipnorm=0.1)', 'SGD(lr=0.01)'),
    causes: ['gradient-clipping'],
  },
  {
    what: 'a schedule',
    ...optimizers('SGD(keras.optimizers.schedules.ExponentialDecay(0.1, 1, 0.5))', 'SGD(lr=0.1)'),
    causes: ['learning-rate-schedule'],
  },
  {
    what: 'weight decay coupled and not',
    ...optimizers('AdamW(0.01, weight_decay=0.1, epsilon=1e-8)', 'Adam(lr=0.01, weight_decay=0.1)'),
    causes: ['weight-decay'],
  },
  {
    what: 'AdamW alike',
    ...optimizers(
      'AdamW(0.01, weight_decay=0.1, epsilon=1e-8)',
      'AdamW(lr=0.01, weight_decay=0.1)',
    ),
    causes: [],
  },
  {
    what: 'decay that PyTorch lacks',
    ...losses({ layers: 'layers.Dense(4, kernel_regularizer="l2")' }, {}),
    causes: ['l2-and-weight-decay'],
  },
  {
    what: 'decay that Keras lacks',
    ...losses({}, { optimizer: 'torch.optim.SGD(model.parameters(), lr=0.05, weight_decay=0.1)' }),
    causes: ['weight-decay'],
  },
  // What is trained.
  {
    what: 'frozen in Keras',
    ...losses(
      { layers: 'layers.Dense(5, trainable=False), layers.Dense(4)' },
      { layers: 'nn.Linear(6, 5), nn.Linear(5, 4)' },
    ),
    causes: ['frozen'],
  },
  {
    what: 'frozen in PyTorch',
    ...losses(
      { layers: 'layers.Dense(5), layers.Dense(4)' },
      {
        before: 'first = nn.Linear(6, 5)\nfirst.requires_grad_(False)',
        layers: 'first, nn.Linear(5, 4)',
      },
    ),
    causes: ['frozen'],
  },
  {
    what: 'a bias that PyTorch lacks',
    ...losses({}, { layers: 'nn.Linear(6, 4, bias=False)' }),
    causes: ['bias-missing'],
  },
  {
    what: 'a bias that Keras lacks',
    ...losses({ layers: 'layers.Dense(4, use_bias=False)' }, {}),
    causes: ['bias-missing'],
  },
];

test.each(cases.map((entry) => [entry.what, entry] as const))('%s', async (what, entry) => {
  const name = what.replace(/\W+/g, '-');
  const keras = join(folder, `${name}_keras.py`);
  const torch = join(folder, `${name}_torch.py`);
  writeFileSync(keras, kerasProgram(entry));
  writeFileSync(torch, torchProgram(entry));
  const found = await compareWarm(keras, torch, { steps: 3 });
  expect(proven(found)).toEqual([...entry.causes].sort());
  expect(found.remaining).toEqual([]);
});

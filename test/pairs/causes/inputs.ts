import { type Case, data, net, type Programs } from './cases';

/** Images, what is done to them first, and one convolution. */
const first = (keras: string, torch: string): Programs => ({
  input: '(8, 8, 3)',
  keras: {
    before: `
inputs = keras.Input((8, 8, 3))
x = inputs
${keras}
x = layers.Conv2D(4, 3, activation="relu")(x)
outputs = layers.Dense(2)(layers.GlobalAveragePooling2D()(x))
`,
    model: 'keras.Model(inputs, outputs)',
  },
  torch: net(
    `self.c = nn.Conv2d(3, 4, 3)
self.d = nn.Linear(4, 2)
self.register_buffer("mean", torch.tensor([0.4, 0.5, 0.6]).view(1, 3, 1, 1))
self.register_buffer("std", torch.tensor([0.2, 0.25, 0.3]).view(1, 3, 1, 1))`,
    `${torch}\nreturn self.d(F.relu(self.c(x)).mean((2, 3)))`,
  ),
});

/** Twelve samples, and how each program goes through them. */
const fitted = (keras: string, torch: string): Programs => ({
  input: '(6,)',
  keras: { layers: 'layers.Dense(3)', after: `${data('(12, 3)')}${keras}` },
  torch: { layers: 'nn.Linear(6, 3)', after: `${data('(12, 3)')}${torch}` },
});

/** Both given images as [N, H, W, C]. */
const given = `
import numpy as np
inputs = np.random.default_rng(0).normal(size=(4, 8, 6, 3)).astype("float32")
`;

export const inputCases: readonly Case[] = [
  {
    what: 'scaled in Keras',
    ...first('x = layers.Rescaling(1 / 255)(x)', ''),
    causes: ['input-scale'],
  },
  {
    what: 'scaled in PyTorch',
    ...first('', 'x = x / 255'),
    causes: ['input-scale'],
  },
  {
    what: 'scaled in both, each in its own words',
    ...first('x = layers.Rescaling(1 / 127.5, offset=-1)(x)', 'x = 2 * (x / 255) - 1'),
    causes: [],
    absent: ['input-scale'],
  },
  {
    what: 'normalised by channel in PyTorch',
    ...first('', 'x = (x - self.mean) / self.std'),
    causes: ['input-scale'],
  },
  {
    what: 'normalised by channel in both',
    ...first(
      'x = layers.Normalization(mean=[0.4, 0.5, 0.6], variance=[0.04, 0.0625, 0.09])(x)',
      'x = (x - self.mean) / self.std',
    ),
    causes: [],
  },
  {
    what: 'normalised by channel in Keras, to −1 and 1 in PyTorch',
    ...first(
      'x = layers.Normalization(mean=[0.4, 0.5, 0.6], variance=[0.04, 0.0625, 0.09])(x)',
      'x = x * 2 - 1',
    ),
    causes: ['input-scale'],
  },
  {
    what: 'BGR in Keras',
    ...first('x = x[..., ::-1]', ''),
    causes: ['channel-order'],
  },
  {
    what: 'BGR in PyTorch',
    ...first('', 'x = x.flip(1)'),
    causes: ['channel-order'],
  },
  {
    what: 'BGR in PyTorch by indices',
    ...first('', 'x = x[:, [2, 1, 0]]'),
    causes: ['channel-order'],
  },
  {
    what: 'BGR in both',
    ...first('x = keras.ops.flip(x, axis=-1)', 'x = x[:, [2, 1, 0]]'),
    causes: [],
    absent: ['channel-order'],
  },
  {
    what: 'BGR in Keras, scaled in PyTorch',
    ...first('x = x[..., ::-1]', 'x = x / 255'),
    causes: ['channel-order', 'input-scale'],
  },
  {
    what: 'channels reshaped',
    ...first('', 'x = x.reshape(-1, 3, 8, 6)'),
    ...{
      input: '(8, 6, 3)',
      keras: {
        layers: 'layers.Conv2D(4, 3), layers.GlobalAveragePooling2D(), layers.Dense(2)',
        after: given,
      },
      torch: {
        ...net(
          'self.c = nn.Conv2d(3, 4, 3)\nself.d = nn.Linear(4, 2)',
          'return self.d(self.c(x.reshape(-1, 3, 8, 6)).mean((2, 3)))',
        ),
        after: given,
      },
    },
    causes: ['axes-reshaped'],
  },
  {
    what: 'channels permuted',
    ...{
      input: '(8, 6, 3)',
      keras: {
        layers: 'layers.Conv2D(4, 3), layers.GlobalAveragePooling2D(), layers.Dense(2)',
        after: given,
      },
      torch: {
        ...net(
          'self.c = nn.Conv2d(3, 4, 3)\nself.d = nn.Linear(4, 2)',
          'return self.d(self.c(x.permute(0, 3, 1, 2)).mean((2, 3)))',
        ),
        after: given,
      },
    },
    causes: [],
    absent: ['axes-reshaped'],
  },
  {
    what: 'maps as a sequence, reshaped',
    input: '(8, 8, 3)',
    keras: {
      layers:
        'layers.Conv2D(4, 3), layers.Reshape((36, 4)), layers.Dense(5, activation="relu"), layers.GlobalAveragePooling1D(), layers.Dense(2)',
    },
    torch: net(
      'self.c = nn.Conv2d(3, 4, 3)\nself.a = nn.Linear(4, 5)\nself.d = nn.Linear(5, 2)',
      'x = self.c(x)\nreturn self.d(F.relu(self.a(x.view(len(x), 36, 4))).mean(1))',
    ),
    causes: ['axes-reshaped'],
  },
  {
    what: 'steps and features turned by a reshape in Keras',
    input: '(5, 6)',
    keras: {
      layers:
        'layers.Reshape((6, 5)), layers.Dense(4, activation="relu"), layers.Flatten(), layers.Dense(2)',
    },
    torch: net(
      'self.a = nn.Linear(5, 4)\nself.d = nn.Linear(24, 2)',
      'return self.d(F.relu(self.a(x.transpose(1, 2))).flatten(1))',
    ),
    causes: ['axes-reshaped'],
  },

  {
    what: 'resized in PyTorch only',
    ...first('', 'x = F.interpolate(x, (6, 6), mode="bilinear", antialias=True)'),
    causes: ['resize-missing'],
  },
  {
    what: 'resized in Keras only',
    ...first('x = layers.Resizing(6, 6, antialias=True)(x)', ''),
    causes: ['resize-missing'],
  },
  {
    what: 'resized in both',
    ...first(
      'x = layers.Resizing(6, 6, antialias=True)(x)',
      'x = F.interpolate(x, (6, 6), mode="bilinear", antialias=True)',
    ),
    causes: [],
    absent: ['resize-missing'],
  },
  {
    what: 'transformed before the model, in PyTorch by another mean',
    ...fitted('transform = layers.Rescaling(0.5)', 'transform = lambda x: (x - 0.1) / 2'),
    causes: ['input-scale'],
  },
  {
    what: 'batches of another size',
    ...fitted('batch_size = 4', 'batch_size = 6'),
    causes: ['batch-size'],
  },
  {
    what: 'a new order in each epoch in Keras only',
    ...fitted('batch_size, shuffle = 4, True', 'batch_size, shuffle = 4, False'),
    causes: ['shuffling'],
  },
  {
    what: 'a new order in each epoch in PyTorch only',
    ...fitted('batch_size, shuffle = 4, False', 'batch_size, shuffle = 4, True'),
    causes: ['shuffling'],
  },
  {
    what: 'the last short batch left out',
    ...fitted('batch_size = 8', 'batch_size, drop_last = 8, True'),
    causes: ['last-batch'],
  },
  {
    what: 'some kept back in Keras',
    ...fitted('batch_size, validation_split = 12, 0.25', 'batch_size = 12'),
    causes: ['validation-split'],
  },
  {
    what: 'batches alike',
    ...fitted(
      'batch_size, shuffle, validation_split = 4, True, 0.25',
      'batch_size, shuffle, validation_split = 4, True, 0.25',
    ),
    causes: [],
    absent: ['batch-size', 'shuffling', 'last-batch', 'validation-split'],
  },
  {
    what: 'a dense layer that PyTorch lacks',
    input: '(6,)',
    keras: {
      layers:
        'layers.Dense(8, activation="tanh"), layers.Dense(8, activation="relu"), layers.Dense(3)',
    },
    torch: { layers: 'nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 3)' },
    causes: ['layer-missing'],
  },
  {
    what: 'a dense layer that Keras lacks',
    input: '(6,)',
    keras: { layers: 'layers.Dense(8, activation="tanh"), layers.Dense(3)' },
    torch: { layers: 'nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 3)' },
    causes: ['layer-missing'],
  },
  {
    what: 'a norm that PyTorch lacks',
    input: '(6,)',
    keras: { layers: 'layers.Dense(8), layers.BatchNormalization(), layers.Dense(3)' },
    torch: { layers: 'nn.Linear(6, 8), nn.Linear(8, 3)' },
    causes: ['layer-missing'],
  },
  {
    what: 'dense layers alike',
    input: '(6,)',
    keras: { layers: 'layers.Dense(8, activation="tanh"), layers.Dense(3)' },
    torch: { layers: 'nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 3)' },
    causes: [],
    absent: ['layer-missing'],
  },
];

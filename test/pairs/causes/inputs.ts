import { type Case, net, type Programs } from './cases';

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
];

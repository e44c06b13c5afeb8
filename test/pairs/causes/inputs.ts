import { type Case, data, images, net, type Programs } from './cases';

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

/** Images that are given as [N, H, W, C], and what PyTorch's model does with them first. */
const given = (torch: string): Programs => {
  const after = `
import numpy as np
inputs = np.random.default_rng(0).normal(size=(4, 8, 6, 3)).astype("float32")
`;
  return {
    input: '(8, 6, 3)',
    keras: {
      layers: 'layers.Conv2D(4, 3), layers.GlobalAveragePooling2D(), layers.Dense(2)',
      after,
    },
    torch: {
      ...net(
        'self.c = nn.Conv2d(3, 4, 3)\nself.d = nn.Linear(4, 2)',
        `return self.d(self.c(${torch}).mean((2, 3)))`,
      ),
      after,
    },
  };
};

/** Images that both programs bind, each after what it does to them in NumPy: Keras' `[N, H, W, C]`. */
const bound = (keras: string, torch: string, layer = ''): Programs => {
  const images = `
import numpy as np
inputs = np.random.default_rng(0).integers(0, 256, size=(6, 8, 7, 3)).astype("float32") / 255
`;
  const { keras: k, torch: t } = first(layer, '');
  return {
    input: '(8, 7, 3)',
    keras: {
      ...k,
      before: k.before!.replace('(8, 8, 3)', '(8, 7, 3)'),
      after: `${images}${keras}`,
    },
    torch: { ...t, after: `${images}${torch}` },
  };
};
const small = 'inputs = inputs * 0.9';
const large = 'inputs = inputs * 9 - 4';
const words = `
import numpy as np
words = np.random.default_rng(0).integers(0, 9, size=(6, 5))
`;
const turned = 'inputs = inputs.transpose(0, 3, 1, 2)';

/** Dense layers and what stands between them. */
const stacked = (keras: string, torch: string): Programs => ({
  input: '(6,)',
  keras: { layers: `layers.Dense(8), ${keras} layers.Dense(3)` },
  torch: { layers: `nn.Linear(6, 8), ${torch} nn.Linear(8, 3)` },
});

/** What differs, both programs, the causes, and those that are absent. */
type Row = readonly [string, Programs, readonly string[], (readonly string[])?];

const normalised =
  'x = layers.Normalization(mean=[0.4, 0.5, 0.6], variance=[0.04, 0.0625, 0.09])(x)';
const standard = 'x = (x - self.mean) / self.std';
const resized = 'x = layers.Resizing(6, 6, antialias=True)(x)';
const interpolated = 'x = F.interpolate(x, (6, 6), mode="bilinear", antialias=True)';
const split = 'batch_size, shuffle, validation_split = 4, True, 0.25';
const means = '/ np.array([0.2, 0.25, 0.3], "float32")';

const rows: readonly Row[] = [
  ['scaled in Keras', first('x = layers.Rescaling(1 / 255)(x)', ''), ['input-scale']],
  ['scaled in PyTorch', first('', 'x = x / 255'), ['input-scale']],
  [
    'scaled in both, each in its own words',
    first('x = layers.Rescaling(1 / 127.5, offset=-1)(x)', 'x = 2 * (x / 255) - 1'),
    [],
    ['input-scale'],
  ],
  ['normalised by channel in PyTorch', first('', standard), ['input-scale']],
  ['normalised by channel in both', first(normalised, standard), []],
  [
    'normalised by channel in Keras, to −1 and 1 in PyTorch',
    first(normalised, 'x = x * 2 - 1'),
    ['input-scale'],
  ],
  [
    'transformed before the model, in PyTorch by another mean',
    fitted('transform = layers.Rescaling(0.5)', 'transform = lambda x: (x - 0.1) / 2'),
    ['input-scale'],
  ],
  ['scaled before it is bound', bound('', `${turned} * 255`), ['input-scale']],
  ['scaled in both before it is bound', bound('inputs = inputs * 255', `${turned} * 255`), []],
  [
    'standardised by channel before it is bound, in float64',
    bound('', `inputs = (inputs - 0.5).astype("float64") ${means}\n${turned}`),
    ['input-scale'],
  ],
  [
    'scaled before it is bound, and by a layer on the other side',
    bound('', `${turned} * 2`, 'x = layers.Rescaling(2.0)(x)'),
    [],
  ],
  [
    'whole pixels in Keras, scaled ones in PyTorch',
    bound('inputs = (inputs * 255).round().astype("uint8")', turned),
    ['input-scale'],
    ['integer-inputs'],
  ],
  [
    'the same pixels, whole in Keras and as floats in PyTorch',
    bound(
      'inputs = (inputs * 255).round().astype("uint8")',
      `inputs = (inputs * 255).round().transpose(0, 3, 1, 2)`,
    ),
    [],
    ['integer-inputs'],
  ],
  [
    'cast before it is bound, in PyTorch',
    bound(large, `${large}\n${turned}.astype("int64")`),
    ['integer-inputs'],
  ],
  [
    'cast before it is bound, in Keras',
    bound(`${large}\ninputs = inputs.astype("int32")`, `${large}\n${turned}`),
    ['integer-inputs'],
  ],
  [
    'cast to zeros before it is bound, in PyTorch',
    bound(small, `${small}\n${turned}.astype("uint8").astype("float32")`),
    ['integer-inputs'],
  ],
  [
    'rounded before it is bound, in Keras',
    bound(`${large}\ninputs = inputs.round()`, `${large}\n${turned}`),
    ['integer-inputs'],
  ],
  [
    'divided as whole numbers before it is bound, and scaled by a layer on the other side',
    bound(
      'inputs = np.round(inputs * 2000)',
      'inputs = np.round(inputs * 2000) // 255\ninputs = inputs.transpose(0, 3, 1, 2)',
      'x = layers.Rescaling(1 / 255)(x)',
    ),
    ['integer-inputs'],
  ],
  [
    'cast in PyTorch’s model',
    first('x = x * 4.0', 'x = (x * 4).int().float()'),
    ['integer-inputs'],
  ],
  [
    'cast by its dtype in PyTorch’s model',
    first('', 'x = x.to(torch.int32).float()'),
    ['integer-inputs'],
  ],
  [
    'cast in Keras’ model',
    first('x = keras.ops.cast(keras.ops.cast(x, "int32"), "float32")', ''),
    ['integer-inputs'],
  ],
  ['divided as whole numbers in PyTorch', first('x = x / 0.5', 'x = x // 0.5'), ['integer-inputs']],
  ['divided as whole numbers in Keras', first('x = x // 0.5', 'x = x / 0.5'), ['integer-inputs']],
  [
    'divided as whole numbers in both',
    first('x = x // 0.5', 'x = x // 0.5'),
    [],
    ['integer-inputs'],
  ],
  [
    'words as floats in Keras, which casts them, and as integers in PyTorch',
    {
      input: '(5,)',
      keras: {
        layers: 'layers.Embedding(9, 4), layers.GlobalAveragePooling1D(), layers.Dense(2)',
        after: `${words}inputs = words.astype("float32")`,
      },
      torch: {
        ...net(
          'self.e = nn.Embedding(9, 4)\nself.d = nn.Linear(4, 2)',
          'return self.d(self.e(x.long()).mean(1))',
        ),
        after: `${words}inputs = words`,
      },
    },
    [],
    ['integer-inputs'],
  ],
  ['BGR in Keras', first('x = x[..., ::-1]', ''), ['channel-order']],
  ['BGR in PyTorch', first('', 'x = x.flip(1)'), ['channel-order']],
  ['BGR in PyTorch by indices', first('', 'x = x[:, [2, 1, 0]]'), ['channel-order']],
  [
    'BGR in both',
    first('x = keras.ops.flip(x, axis=-1)', 'x = x[:, [2, 1, 0]]'),
    [],
    ['channel-order'],
  ],
  [
    'BGR in Keras, scaled in PyTorch',
    first('x = x[..., ::-1]', 'x = x / 255'),
    ['channel-order', 'input-scale'],
  ],
  [
    'BGR before it is bound',
    bound('', `inputs = inputs[..., ::-1].copy()\n${turned}`),
    ['channel-order'],
  ],
  [
    'BGR and standardised by channel before it is bound',
    bound('', `inputs = inputs[..., ::-1] ${means}\n${turned}`),
    ['channel-order', 'input-scale'],
  ],
  ['channels reshaped', given('x.reshape(-1, 3, 8, 6)'), ['axes-reshaped']],
  ['channels permuted', given('x.permute(0, 3, 1, 2)'), [], ['axes-reshaped']],
  [
    'channels reshaped before they are bound',
    bound('', 'inputs = inputs.reshape(-1, 3, 8, 7)'),
    ['axes-reshaped'],
  ],
  ['channels transposed before they are bound', bound('', turned), []],
  [
    'maps as a sequence, reshaped',
    {
      input: '(8, 8, 3)',
      keras: {
        layers:
          'layers.Conv2D(4, 3), layers.Reshape((36, 4)), layers.Dense(5, activation="relu"), layers.GlobalAveragePooling1D(), layers.Dense(2)',
      },
      torch: net(
        'self.c = nn.Conv2d(3, 4, 3)\nself.a = nn.Linear(4, 5)\nself.d = nn.Linear(5, 2)',
        'x = self.c(x)\nreturn self.d(F.relu(self.a(x.view(len(x), 36, 4))).mean(1))',
      ),
    },
    ['axes-reshaped'],
  ],
  [
    'steps and features turned by a reshape in Keras',
    {
      input: '(5, 6)',
      keras: {
        layers:
          'layers.Reshape((6, 5)), layers.Dense(4, activation="relu"), layers.Flatten(), layers.Dense(2)',
      },
      torch: net(
        'self.a = nn.Linear(5, 4)\nself.d = nn.Linear(24, 2)',
        'return self.d(F.relu(self.a(x.transpose(1, 2))).flatten(1))',
      ),
    },
    ['axes-reshaped'],
  ],
  ['resized in PyTorch only', first('', interpolated), ['resize-missing']],
  ['resized in Keras only', first(resized, ''), ['resize-missing']],
  ['resized in both', first(resized, interpolated), [], ['resize-missing']],
  ['batches of another size', fitted('batch_size = 4', 'batch_size = 6'), ['batch-size']],
  [
    'a new order in each epoch in Keras only',
    fitted('batch_size, shuffle = 4, True', 'batch_size, shuffle = 4, False'),
    ['shuffling'],
  ],
  [
    'a new order in each epoch in PyTorch only',
    fitted('batch_size, shuffle = 4, False', 'batch_size, shuffle = 4, True'),
    ['shuffling'],
  ],
  [
    'the last short batch left out',
    fitted('batch_size = 8', 'batch_size, drop_last = 8, True'),
    ['last-batch'],
  ],
  [
    'some kept back in Keras',
    fitted('batch_size, validation_split = 12, 0.25', 'batch_size = 12'),
    ['validation-split'],
  ],
  [
    'batches alike',
    fitted(split, split),
    [],
    ['batch-size', 'shuffling', 'last-batch', 'validation-split'],
  ],
  [
    'a dense layer that PyTorch lacks',
    stacked('layers.Dense(8, activation="relu"),', ''),
    ['layer-missing'],
  ],
  ['a dense layer that Keras lacks', stacked('', 'nn.Linear(8, 8), nn.ReLU(),'), ['layer-missing']],
  [
    'a convolution that PyTorch lacks',
    images(
      'layers.Conv2D(4, 3), layers.Conv2D(4, 3, strides=2, padding="same", activation="relu")',
      'nn.Conv2d(3, 4, 3)',
    ),
    ['layer-missing'],
  ],
  [
    'a convolution that Keras lacks',
    images('layers.Conv2D(4, 3)', 'nn.Conv2d(3, 4, 3), nn.Conv2d(4, 4, 3, stride=2, padding=1)'),
    ['layer-missing'],
  ],
  [
    'a convolution and a pooling that PyTorch lacks',
    images(
      'layers.Conv2D(4, 3), layers.Conv2D(4, 3), layers.MaxPooling2D(2)',
      'nn.Conv2d(3, 4, 3)',
    ),
    ['layer-missing'],
  ],
  [
    'a pooling that PyTorch lacks',
    images('layers.Conv2D(4, 3), layers.MaxPooling2D(2)', 'nn.Conv2d(3, 4, 3)'),
    ['layer-missing'],
  ],
  [
    'a pooling that Keras lacks',
    images('layers.Conv2D(4, 3)', 'nn.Conv2d(3, 4, 3), nn.AvgPool2d(2, padding=1)'),
    ['layer-missing'],
  ],
  ['a norm that PyTorch lacks', stacked('layers.BatchNormalization(),', ''), ['layer-missing']],
  [
    'dense layers alike',
    stacked('layers.Activation("tanh"),', 'nn.Tanh(),'),
    [],
    ['layer-missing'],
  ],
];

export const inputCases: readonly Case[] = rows.map(([what, programs, causes, absent]) => ({
  what,
  ...programs,
  causes,
  ...(absent && { absent }),
}));

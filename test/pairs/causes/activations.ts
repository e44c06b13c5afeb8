import { type Case, dense, net } from './cases';

export const activationCases: readonly Case[] = [
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
    absent: ['leaky-relu-slope'],
  },
  {
    what: 'GELU exact on both sides',
    ...dense('layers.Activation("gelu"),', 'nn.GELU(),'),
    causes: [],
    absent: ['gelu-approximation'],
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
    absent: ['softplus-beta'],
  },
  {
    what: 'swish and hard swish',
    ...dense('layers.Activation("swish"),', 'nn.Hardswish(),'),
    causes: ['activation-function'],
  },
  {
    what: 'swish alike',
    ...dense('layers.Activation("silu"),', 'nn.SiLU(),'),
    causes: [],
    absent: ['activation-function', 'activation-missing'],
  },
  {
    what: 'relu and tanh',
    ...dense('layers.ReLU(),', 'nn.Tanh(),'),
    causes: ['activation-function'],
  },
  {
    what: 'hard sigmoid alike',
    ...dense('layers.Activation("hard_sigmoid"),', 'nn.Hardsigmoid(),'),
    causes: [],
    absent: ['hard-sigmoid-slope'],
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

  {
    what: 'GELU by tanh in Keras',
    input: '(6,)',
    keras: {
      before: `
inputs = keras.Input((6,))
x = layers.Dense(8)(inputs)
x = keras.ops.gelu(x, approximate=True)
outputs = layers.Dense(3)(x)
`,
      model: 'keras.Model(inputs, outputs)',
    },
    torch: { layers: 'nn.Linear(6, 8), nn.GELU(), nn.Linear(8, 3)' },
    causes: ['gelu-approximation'],
  },
  { what: 'ELU alike', ...dense('layers.ELU(),', 'nn.ELU(),'), causes: [], absent: ['elu-alpha'] },
  {
    what: 'hard sigmoid of Keras 2, written out',
    input: '(6,)',
    keras: { layers: 'layers.Dense(8, activation="hard_sigmoid"), layers.Dense(3)' },
    torch: net(
      'self.a = nn.Linear(6, 8)\nself.b = nn.Linear(8, 3)',
      'return self.b(torch.clamp(0.2 * self.a(x) + 0.5, 0, 1))',
    ),
    causes: ['hard-sigmoid-slope'],
  },
  {
    what: 'softmax over the steps',
    input: '(5, 6)',
    keras: { layers: 'layers.Dense(4), layers.Softmax(axis=1), layers.Dense(3)' },
    torch: { layers: 'nn.Linear(6, 4), nn.Softmax(dim=-1), nn.Linear(4, 3)' },
    causes: ['softmax-axis'],
  },
  {
    what: 'softmax over the units, in PyTorch over the steps',
    input: '(5, 6)',
    keras: { layers: 'layers.Dense(4), layers.Softmax(), layers.Dense(3)' },
    torch: { layers: 'nn.Linear(6, 4), nn.Softmax(dim=1), nn.Linear(4, 3)' },
    causes: ['softmax-axis'],
  },
  {
    what: 'softmax over the steps in both',
    input: '(5, 6)',
    keras: { layers: 'layers.Dense(4), layers.Softmax(axis=1), layers.Dense(3)' },
    torch: { layers: 'nn.Linear(6, 4), nn.Softmax(dim=1), nn.Linear(4, 3)' },
    causes: [],
    absent: ['softmax-axis'],
  },
];

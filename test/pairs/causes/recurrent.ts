import { type Case, net, type Programs } from './cases';

/** One recurrent layer over five steps of six features, and a dense layer on its last step. */
const over = (keras: string, torch: string, pick = 'self.r(x)[0][:, -1]', width = 8): Programs => ({
  input: '(5, 6)',
  keras: { layers: `layers.${keras}, layers.Dense(3)` },
  torch: net(`self.r = nn.${torch}\nself.d = nn.Linear(${width}, 3)`, `return self.d(${pick})`),
});

/** Words of a vocabulary of seven, embedded. */
const words = (embedding: string, layer: string, torch: string, pick: string): Programs => ({
  input: '(5,), dtype="int32"',
  keras: { layers: `layers.Embedding(7, 4${embedding}), layers.${layer}, layers.Dense(3)` },
  torch: net(
    `self.e = nn.Embedding(7, 4${torch})\nself.r = nn.GRU(4, 8, batch_first=True)\nself.d = nn.Linear(8, 3)`,
    `return self.d(${pick})`,
  ),
});

const last = 'self.r(self.e(x))[0][:, -1]';

export const recurrentCases: readonly Case[] = [
  {
    what: 'GRU with the reset gate before the product',
    ...over('GRU(8, reset_after=False)', 'GRU(6, 8, batch_first=True)'),
    causes: ['gru-reset-after'],
  },
  {
    what: 'GRU alike',
    ...over('GRU(8)', 'GRU(6, 8, batch_first=True)'),
    causes: [],
    absent: ['gru-reset-after', 'batch-first', 'recurrent-activation', 'cell-activation'],
  },
  {
    what: 'LSTM that takes the batch for the time',
    ...over('LSTM(8)', 'LSTM(6, 8)'),
    causes: ['batch-first'],
  },
  {
    what: 'LSTM whose gates are hard sigmoids',
    ...over('LSTM(8, recurrent_activation="hard_sigmoid")', 'LSTM(6, 8, batch_first=True)'),
    causes: ['recurrent-activation'],
  },
  {
    what: 'LSTM with ReLU',
    ...over('LSTM(8, activation="relu")', 'LSTM(6, 8, batch_first=True)'),
    causes: ['cell-activation'],
  },
  {
    what: 'GRU of Keras 2: hard sigmoids, and the reset gate before the product',
    ...over(
      'GRU(8, recurrent_activation="hard_sigmoid", reset_after=False)',
      'GRU(6, 8, batch_first=True)',
    ),
    causes: ['gru-reset-after', 'recurrent-activation'],
  },
  {
    what: 'a plain recurrent layer with ReLU in PyTorch',
    ...over('SimpleRNN(8)', 'RNN(6, 8, batch_first=True, nonlinearity="relu")'),
    causes: ['cell-activation'],
  },
  {
    what: 'a plain recurrent layer with ReLU in both',
    ...over('SimpleRNN(8, activation="relu")', 'RNN(6, 8, batch_first=True, nonlinearity="relu")'),
    causes: [],
    absent: ['cell-activation'],
  },
  {
    what: 'the last step of both directions',
    ...over(
      'Bidirectional(layers.LSTM(8))',
      'LSTM(6, 8, batch_first=True, bidirectional=True)',
      'self.r(x)[0][:, -1]',
      16,
    ),
    causes: ['last-step-of-bidirectional'],
  },
  {
    what: 'the last state of both directions',
    ...over(
      'Bidirectional(layers.LSTM(8))',
      'LSTM(6, 8, batch_first=True, bidirectional=True)',
      'torch.cat([*self.r(x)[1][0]], 1)',
      16,
    ),
    causes: [],
    absent: ['last-step-of-bidirectional'],
  },
  {
    what: 'the last states as they lie in memory, which mixes the samples',
    ...over(
      'Bidirectional(layers.LSTM(8))',
      'LSTM(6, 8, batch_first=True, bidirectional=True)',
      'self.r(x)[1][0].view(-1, 16)',
      16,
    ),
    causes: ['axes-reshaped'],
  },
  {
    what: 'zeros masked in Keras',
    ...words(', mask_zero=True', 'GRU(8)', '', last),
    causes: ['mask'],
  },
  {
    what: 'zeros masked in neither',
    ...words('', 'GRU(8)', '', last),
    causes: [],
    absent: ['mask', 'padding-index'],
  },
  {
    what: 'a Masking layer',
    ...over('Masking(), layers.LSTM(8)', 'LSTM(6, 8, batch_first=True)'),
    ...{
      keras: {
        layers:
          'layers.ReLU(max_value=1, threshold=1), layers.Masking(), layers.LSTM(8), layers.Dense(3)',
      },
      torch: net(
        'self.r = nn.LSTM(6, 8, batch_first=True)\nself.d = nn.Linear(8, 3)',
        'x = torch.where(x >= 1, x.clamp(max=1), 0.0)\nreturn self.d(self.r(x)[0][:, -1])',
      ),
    },
    causes: ['mask'],
  },
  {
    what: 'the row of padding, which PyTorch doesn’t train',
    ...words('', 'GRU(8)', ', padding_idx=0', last),
    causes: ['padding-index'],
  },
  {
    what: 'a stateful layer',
    input: 'batch_shape=(4, 5, 6)',
    keras: { layers: 'layers.LSTM(8, stateful=True), layers.Dense(3)' },
    torch: net(
      'self.r = nn.LSTM(6, 8, batch_first=True)\nself.d = nn.Linear(8, 3)',
      'return self.d(self.r(x)[0][:, -1])',
    ),
    causes: ['stateful'],
  },
  {
    what: 'no stateful layer, with batches of one size',
    input: 'batch_shape=(4, 5, 6)',
    keras: { layers: 'layers.LSTM(8), layers.Dense(3)' },
    torch: net(
      'self.r = nn.LSTM(6, 8, batch_first=True)\nself.d = nn.Linear(8, 3)',
      'return self.d(self.r(x)[0][:, -1])',
    ),
    causes: [],
    absent: ['stateful', 'recurrent-dropout'],
  },
  {
    what: 'dropout inside Keras’ layer',
    ...over('LSTM(8, dropout=0.5)', 'LSTM(6, 8, batch_first=True)'),
    causes: ['recurrent-dropout'],
  },
  {
    what: 'dropout of the state, in two directions',
    ...over(
      'Bidirectional(layers.LSTM(8, recurrent_dropout=0.5))',
      'LSTM(6, 8, batch_first=True, bidirectional=True)',
      'torch.cat([*self.r(x)[1][0]], 1)',
      16,
    ),
    causes: ['recurrent-dropout'],
  },
  {
    what: 'dropout between PyTorch’s layers',
    ...over(
      'LSTM(8, return_sequences=True), layers.LSTM(8)',
      'LSTM(6, 8, 2, batch_first=True, dropout=0.5)',
    ),
    causes: ['recurrent-dropout'],
  },
];

import * as torch from 'tandem-torch';
import type { Case } from './case';

const { nn } = torch;
const { packPaddedSequence, packSequence } = nn.utils.rnn;

const layer = (
  python: string,
  inputs: string,
  make: () => torch.nn.Module,
  draw: () => readonly unknown[],
): Case => ({
  kind: 'layer',
  python,
  inputs,
  typescript: () => ({ module: make(), inputs: draw }),
});

/** Python's expression and ours for a batch `[L, N, features]`. */
const sequence = '(torch.randn(7, 3, 5),)';
const drawSequence = () => [torch.randn(7, 3, 5)];
const batchFirst = '(torch.randn(3, 7, 5),)';
const drawBatchFirst = () => [torch.randn(3, 7, 5)];
const packed =
  '(nn.utils.rnn.pack_padded_sequence(torch.randn(7, 3, 5), torch.tensor([2, 7, 4]), enforce_sorted=False),)';
const drawPacked = () => [
  packPaddedSequence(torch.randn(7, 3, 5), torch.tensor([2, 7, 4]), { enforceSorted: false }),
];
const sorted = '(nn.utils.rnn.pack_sequence([torch.randn(n, 5) for n in (6, 4, 1)]),)';
const drawSorted = () => [packSequence([6, 4, 1].map((n) => torch.randn(n, 5)))];

export const recurrent: readonly Case[] = [
  layer('nn.RNN(5, 4)', sequence, () => new nn.RNN(5, 4), drawSequence),
  layer(
    "nn.RNN(5, 4, nonlinearity='relu', bias=False)",
    sequence,
    () => new nn.RNN(5, 4, { nonlinearity: 'relu', bias: false }),
    drawSequence,
  ),
  layer(
    'nn.RNN(5, 4, num_layers=2, dropout=0.3, bidirectional=True)',
    sequence,
    () => new nn.RNN(5, 4, { numLayers: 2, dropout: 0.3, bidirectional: true }),
    drawSequence,
  ),
  layer(
    'nn.RNN(5, 4, batch_first=True)',
    '(torch.randn(3, 7, 5), torch.randn(1, 3, 4))',
    () => new nn.RNN(5, 4, { batchFirst: true }),
    () => [torch.randn(3, 7, 5), torch.randn(1, 3, 4)],
  ),
  layer('nn.RNN(5, 4)', packed, () => new nn.RNN(5, 4), drawPacked),
  layer(
    "nn.RNN(5, 4, nonlinearity='relu')",
    sorted,
    () => new nn.RNN(5, 4, { nonlinearity: 'relu' }),
    drawSorted,
  ),
  layer('nn.LSTM(5, 4)', sequence, () => new nn.LSTM(5, 4), drawSequence),
  layer(
    'nn.LSTM(5, 4, bias=False)',
    sequence,
    () => new nn.LSTM(5, 4, { bias: false }),
    drawSequence,
  ),
  layer(
    'nn.LSTM(5, 4, num_layers=3, dropout=0.5, bidirectional=True, batch_first=True)',
    batchFirst,
    () => new nn.LSTM(5, 4, { numLayers: 3, dropout: 0.5, bidirectional: true, batchFirst: true }),
    drawBatchFirst,
  ),
  layer(
    'nn.LSTM(5, 4, proj_size=2, num_layers=2, bidirectional=True)',
    sequence,
    () => new nn.LSTM(5, 4, { projSize: 2, numLayers: 2, bidirectional: true }),
    drawSequence,
  ),
  layer(
    'nn.LSTM(5, 4, proj_size=2, bias=False)',
    sequence,
    () => new nn.LSTM(5, 4, { projSize: 2, bias: false }),
    drawSequence,
  ),
  layer(
    'nn.LSTM(5, 4, num_layers=2)',
    '(torch.randn(7, 3, 5), (torch.randn(2, 3, 4), torch.randn(2, 3, 4)))',
    () => new nn.LSTM(5, 4, { numLayers: 2 }),
    () => [torch.randn(7, 3, 5), [torch.randn(2, 3, 4), torch.randn(2, 3, 4)]],
  ),
  layer(
    'nn.LSTM(5, 4)',
    '(torch.randn(7, 5), (torch.randn(1, 4), torch.randn(1, 4)))',
    () => new nn.LSTM(5, 4),
    () => [torch.randn(7, 5), [torch.randn(1, 4), torch.randn(1, 4)]],
  ),
  layer(
    'nn.LSTM(5, 4, num_layers=2, dropout=0.2, bidirectional=True)',
    packed,
    () => new nn.LSTM(5, 4, { numLayers: 2, dropout: 0.2, bidirectional: true }),
    drawPacked,
  ),
  layer(
    'nn.LSTM(5, 4)',
    `(${packed.slice(1, -2)}, (torch.randn(1, 3, 4), torch.randn(1, 3, 4)))`,
    () => new nn.LSTM(5, 4),
    () => [...drawPacked(), [torch.randn(1, 3, 4), torch.randn(1, 3, 4)]],
  ),
  layer(
    'nn.LSTM(5, 4, dtype=torch.float64)',
    '(torch.randn(7, 3, 5, dtype=torch.float64),)',
    () => new nn.LSTM(5, 4, { dtype: 'float64' }),
    () => [torch.randn(7, 3, 5, { dtype: 'float64' })],
  ),
  layer('nn.GRU(5, 4)', sequence, () => new nn.GRU(5, 4), drawSequence),
  layer(
    'nn.GRU(5, 4, num_layers=2, dropout=0.4, bidirectional=True, bias=False)',
    sequence,
    () => new nn.GRU(5, 4, { numLayers: 2, dropout: 0.4, bidirectional: true, bias: false }),
    drawSequence,
  ),
  layer(
    'nn.GRU(5, 4, batch_first=True, bidirectional=True)',
    '(torch.randn(7, 5), torch.randn(2, 4))',
    () => new nn.GRU(5, 4, { batchFirst: true, bidirectional: true }),
    () => [torch.randn(7, 5), torch.randn(2, 4)],
  ),
  layer(
    'nn.GRU(5, 4)',
    `(${packed.slice(1, -2)}, torch.randn(1, 3, 4))`,
    () => new nn.GRU(5, 4),
    () => [...drawPacked(), torch.randn(1, 3, 4)],
  ),
  layer(
    'nn.RNNCell(5, 4)',
    '(torch.randn(3, 5),)',
    () => new nn.RNNCell(5, 4),
    () => [torch.randn(3, 5)],
  ),
  layer(
    "nn.RNNCell(5, 4, nonlinearity='relu', bias=False)",
    '(torch.randn(3, 5), torch.randn(3, 4))',
    () => new nn.RNNCell(5, 4, { nonlinearity: 'relu', bias: false }),
    () => [torch.randn(3, 5), torch.randn(3, 4)],
  ),
  layer(
    'nn.LSTMCell(5, 4)',
    '(torch.randn(3, 5),)',
    () => new nn.LSTMCell(5, 4),
    () => [torch.randn(3, 5)],
  ),
  layer(
    'nn.LSTMCell(5, 4, bias=False)',
    '(torch.randn(5), (torch.randn(4), torch.randn(4)))',
    () => new nn.LSTMCell(5, 4, { bias: false }),
    () => [torch.randn(5), [torch.randn(4), torch.randn(4)]],
  ),
  layer(
    'nn.GRUCell(5, 4)',
    '(torch.randn(3, 5), torch.randn(3, 4))',
    () => new nn.GRUCell(5, 4),
    () => [torch.randn(3, 5), torch.randn(3, 4)],
  ),
  layer(
    'nn.GRUCell(5, 4, bias=False)',
    '(torch.randn(5),)',
    () => new nn.GRUCell(5, 4, { bias: false }),
    () => [torch.randn(5)],
  ),
];

import * as torch from 'tandem-torch';
import { refusedAsInPython } from './refused';

const { nn } = torch;

// What recurrent modules and Transformers compute is compared by test/parity/nn.test.ts.

const setUp = `
x = torch.ones(7, 3, 5)
q = torch.ones(5, 2, 8)
k = torch.ones(6, 2, 8)
`;
const x = torch.ones(7, 3, 5);
const q = torch.ones(5, 2, 8);
const k = torch.ones(6, 2, 8);

refusedAsInPython(
  {
    'nn.LSTM(0, 4)': () => new nn.LSTM(0, 4),
    'nn.LSTM(5, 0)': () => new nn.LSTM(5, 0),
    'nn.LSTM(5, 4, num_layers=0)': () => new nn.LSTM(5, 4, { numLayers: 0 }),
    'nn.LSTM(5, 4, dropout=1.5)': () => new nn.LSTM(5, 4, { dropout: 1.5 }),
    'nn.LSTM(5, 4, proj_size=4)': () => new nn.LSTM(5, 4, { projSize: 4 }),
    'nn.LSTM(5, 4, proj_size=-1)': () => new nn.LSTM(5, 4, { projSize: -1 }),
    "nn.RNN(5, 4, nonlinearity='elu')": () => new nn.RNN(5, 4, { nonlinearity: 'elu' as 'relu' }),
    'nn.LSTM(4, 4)(x)': () => new nn.LSTM(4, 4).call(x),
    'nn.LSTM(5, 4)(x.double())': () => new nn.LSTM(5, 4).call(x.double()),
    'nn.LSTM(5, 4)(x[0, 0])': () => new nn.LSTM(5, 4).call(x.index(0, 0)),
    'nn.GRU(5, 4)(x[0, 0])': () => new nn.GRU(5, 4).call(x.index(0, 0)),
    'nn.LSTM(5, 4)(x, (torch.ones(1, 2, 4), torch.ones(1, 3, 4)))': () =>
      new nn.LSTM(5, 4).call(x, [torch.ones(1, 2, 4), torch.ones(1, 3, 4)]),
    'nn.LSTM(5, 4)(x, (torch.ones(1, 3, 4), torch.ones(2, 3, 4)))': () =>
      new nn.LSTM(5, 4).call(x, [torch.ones(1, 3, 4), torch.ones(2, 3, 4)]),
    'nn.LSTM(5, 4)(x, (torch.ones(1, 4), torch.ones(1, 4)))': () =>
      new nn.LSTM(5, 4).call(x, [torch.ones(1, 4), torch.ones(1, 4)]),
    'nn.GRU(5, 4)(x, torch.ones(1, 4))': () => new nn.GRU(5, 4).call(x, torch.ones(1, 4)),
    'nn.GRU(5, 4)(x[0], torch.ones(1, 3, 4))': () =>
      new nn.GRU(5, 4).call(x.index(0), torch.ones(1, 3, 4)),
    'nn.GRU(5, 4)(x, torch.ones(1, 3, 3))': () => new nn.GRU(5, 4).call(x, torch.ones(1, 3, 3)),
    'nn.LSTMCell(5, 4)(x)': () => new nn.LSTMCell(5, 4).call(x),
    'nn.LSTMCell(5, 4)(x[0], (x, x))': () => new nn.LSTMCell(5, 4).call(x.index(0), [x, x]),
    'nn.GRUCell(5, 4)(x[0], x)': () => new nn.GRUCell(5, 4).call(x.index(0), x),
    'nn.MultiheadAttention(8, 3)': () => new nn.MultiheadAttention(8, 3),
    'nn.MultiheadAttention(0, 1)': () => new nn.MultiheadAttention(0, 1),
    'nn.MultiheadAttention(4, 2)(q, q, q)': () => new nn.MultiheadAttention(4, 2).call(q, q, q),
    'nn.MultiheadAttention(8, 2)(q[0, 0], q, q)': () =>
      new nn.MultiheadAttention(8, 2).call(q.index(0, 0), q, q),
    'nn.MultiheadAttention(8, 2)(q, q[0], q[0])': () =>
      new nn.MultiheadAttention(8, 2).call(q, q.index(0), q.index(0)),
    'nn.MultiheadAttention(8, 2)(q[0], q, q)': () =>
      new nn.MultiheadAttention(8, 2).call(q.index(0), q, q),
    'nn.MultiheadAttention(8, 2)(q, k, q)': () => new nn.MultiheadAttention(8, 2).call(q, k, q),
    'nn.MultiheadAttention(8, 2, kdim=8, vdim=4)(q, k, q)': () =>
      new nn.MultiheadAttention(8, 2, { kdim: 8, vdim: 4 }).call(q, k, q),
    'nn.MultiheadAttention(8, 2)(q, q, q, is_causal=True)': () =>
      new nn.MultiheadAttention(8, 2).call(q, q, q, { isCausal: true }),
    'nn.MultiheadAttention(8, 2)(q, k, k, attn_mask=torch.ones(5, 5))': () =>
      new nn.MultiheadAttention(8, 2).call(q, k, k, { attnMask: torch.ones(5, 5) }),
    'nn.MultiheadAttention(8, 2)(q, k, k, attn_mask=torch.ones(2, 5, 6))': () =>
      new nn.MultiheadAttention(8, 2).call(q, k, k, { attnMask: torch.ones(2, 5, 6) }),
    'nn.MultiheadAttention(8, 2)(q, k, k, attn_mask=torch.ones(5, 6, dtype=torch.int64))': () =>
      new nn.MultiheadAttention(8, 2).call(q, k, k, {
        attnMask: torch.ones(5, 6, { dtype: 'int64' }),
      }),
    'nn.MultiheadAttention(8, 2)(q, k, k, attn_mask=torch.ones(5))': () =>
      new nn.MultiheadAttention(8, 2).call(q, k, k, { attnMask: torch.ones(5) }),
    'nn.MultiheadAttention(8, 2)(q, k, k, key_padding_mask=torch.ones(2, 5))': () =>
      new nn.MultiheadAttention(8, 2).call(q, k, k, { keyPaddingMask: torch.ones(2, 5) }),
    'nn.MultiheadAttention(8, 2)(q, k, k, key_padding_mask=torch.ones(3, 6))': () =>
      new nn.MultiheadAttention(8, 2).call(q, k, k, { keyPaddingMask: torch.ones(3, 6) }),
    'nn.MultiheadAttention(8, 2)(q, k, k, key_padding_mask=torch.ones(6))': () =>
      new nn.MultiheadAttention(8, 2).call(q, k, k, { keyPaddingMask: torch.ones(6) }),
    "nn.TransformerEncoderLayer(8, 2, activation='elu')": () =>
      new nn.TransformerEncoderLayer(8, 2, { activation: 'elu' as 'relu' }),
    'nn.Transformer(8, 2, 1, 1, 8)(q, torch.ones(5, 3, 8))': () =>
      new nn.Transformer({
        dModel: 8,
        nhead: 2,
        numEncoderLayers: 1,
        numDecoderLayers: 1,
        dimFeedforward: 8,
      }).call(q, torch.ones(5, 3, 8)),
    'nn.Transformer(8, 2, 1, 1, 8)(q, torch.ones(5, 2, 4))': () =>
      new nn.Transformer({
        dModel: 8,
        nhead: 2,
        numEncoderLayers: 1,
        numDecoderLayers: 1,
        dimFeedforward: 8,
      }).call(q, torch.ones(5, 2, 4)),
  },
  setUp,
);

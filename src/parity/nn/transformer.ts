import * as torch from 'tandem-torch';
import type { Case } from './case';

const { nn } = torch;
const causal = nn.Transformer.generateSquareSubsequentMask;

const layer = (
  python: string,
  make: () => torch.nn.Module,
  inputs: string,
  draw: () => readonly unknown[],
  keywords?: string,
): Case => ({
  kind: 'layer',
  python,
  inputs,
  typescript: () => ({ module: make(), inputs: draw }),
  ...(keywords && { keywords }),
});

/** Three of the same tensor, `[5, 2, 8]`: self-attention. */
const self = '(torch.randn(5, 2, 8),) * 3';
const drawSelf = (options?: object) => {
  const x = torch.randn(5, 2, 8);
  return [x, x, x, options];
};
const cross = '(torch.randn(5, 2, 8), *((torch.randn(6, 2, 8),) * 2))';
const drawCross = () => {
  const [query, key] = [torch.randn(5, 2, 8), torch.randn(6, 2, 8)];
  return [query, key, key];
};
const three = '(torch.randn(5, 2, 8), torch.randn(6, 2, 8), torch.randn(6, 2, 8))';
const drawThree = () => [torch.randn(5, 2, 8), torch.randn(6, 2, 8), torch.randn(6, 2, 8)];
const pythonCausal = 'nn.Transformer.generate_square_subsequent_mask';
/** True where a batch of 2 is padded: the second after 3 of `length` places. */
const padding = (length: number) => torch.arange(length).ge(torch.tensor([[length], [3]]));
const pythonPadding = (length: number) =>
  `torch.arange(${length}) >= torch.tensor([[${length}], [3]])`;

const attention: readonly Case[] = [
  layer(
    'nn.MultiheadAttention(8, 2)',
    () => new nn.MultiheadAttention(8, 2),
    self,
    () => drawSelf(),
  ),
  layer(
    'nn.MultiheadAttention(8, 4, dropout=0.3, bias=False)',
    () => new nn.MultiheadAttention(8, 4, { dropout: 0.3, bias: false }),
    cross,
    () => drawCross(),
  ),
  layer(
    'nn.MultiheadAttention(8, 2, dropout=0.2, batch_first=True)',
    () => new nn.MultiheadAttention(8, 2, { dropout: 0.2, batchFirst: true }),
    '(torch.randn(2, 5, 8),) * 3',
    () => {
      const x = torch.randn(2, 5, 8);
      return [x, x, x, { needWeights: false }];
    },
    'dict(need_weights=False)',
  ),
  layer(
    'nn.MultiheadAttention(8, 2, batch_first=True)',
    () => new nn.MultiheadAttention(8, 2, { batchFirst: true }),
    '(torch.randn(2, 5, 8),) * 3',
    () => {
      const x = torch.randn(2, 5, 8);
      return [x, x, x, { averageAttnWeights: false, keyPaddingMask: padding(5) }];
    },
    `dict(average_attn_weights=False, key_padding_mask=${pythonPadding(5)})`,
  ),
  layer(
    'nn.MultiheadAttention(8, 4, batch_first=True)',
    () => new nn.MultiheadAttention(8, 4, { batchFirst: true }),
    '(torch.randn(2, 5, 8),) * 3',
    () => {
      const x = torch.randn(2, 5, 8);
      const attnMask = torch.ones(5, 5, { dtype: 'bool' }).triu(1);
      return [x, x, x, { attnMask, keyPaddingMask: padding(5) }];
    },
    `dict(attn_mask=torch.ones(5, 5, dtype=torch.bool).triu(1), key_padding_mask=${pythonPadding(5)})`,
  ),
  layer(
    'nn.MultiheadAttention(8, 2)',
    () => new nn.MultiheadAttention(8, 2),
    self,
    () => drawSelf({ attnMask: causal(5), isCausal: true, needWeights: false }),
    `dict(attn_mask=${pythonCausal}(5), is_causal=True, need_weights=False)`,
  ),
  layer(
    'nn.MultiheadAttention(8, 2, add_bias_kv=True, add_zero_attn=True)',
    () => new nn.MultiheadAttention(8, 2, { addBiasKv: true, addZeroAttn: true }),
    three,
    () => [...drawThree(), { attnMask: torch.randn(5, 6), keyPaddingMask: torch.randn(2, 6) }],
    'dict(attn_mask=torch.randn(5, 6), key_padding_mask=torch.randn(2, 6))',
  ),
  layer(
    'nn.MultiheadAttention(8, 2, add_zero_attn=True)',
    () => new nn.MultiheadAttention(8, 2, { addZeroAttn: true }),
    three,
    () => [...drawThree(), { needWeights: false, attnMask: torch.randn(4, 5, 6) }],
    'dict(need_weights=False, attn_mask=torch.randn(4, 5, 6))',
  ),
  layer(
    'nn.MultiheadAttention(8, 2, kdim=4, vdim=6)',
    () => new nn.MultiheadAttention(8, 2, { kdim: 4, vdim: 6 }),
    '(torch.randn(5, 2, 8), torch.randn(6, 2, 4), torch.randn(6, 2, 6))',
    () => [torch.randn(5, 2, 8), torch.randn(6, 2, 4), torch.randn(6, 2, 6)],
  ),
  layer(
    'nn.MultiheadAttention(8, 2)',
    () => new nn.MultiheadAttention(8, 2),
    '(torch.randn(5, 8), torch.randn(6, 8), torch.randn(6, 8))',
    () => [torch.randn(5, 8), torch.randn(6, 8), torch.randn(6, 8), { averageAttnWeights: false }],
    'dict(average_attn_weights=False)',
  ),
];

const batch = '(torch.randn(2, 5, 8),)';
const drawBatch = (options?: object) => [torch.randn(2, 5, 8), options];

const encoders: readonly Case[] = [
  layer(
    'nn.TransformerEncoderLayer(8, 2, dim_feedforward=16)',
    () => new nn.TransformerEncoderLayer(8, 2, { dimFeedforward: 16 }),
    '(torch.randn(5, 2, 8),)',
    () => [torch.randn(5, 2, 8)],
  ),
  layer(
    "nn.TransformerEncoderLayer(8, 2, dim_feedforward=16, activation='gelu', batch_first=True, norm_first=True)",
    () =>
      new nn.TransformerEncoderLayer(8, 2, {
        dimFeedforward: 16,
        activation: 'gelu',
        batchFirst: true,
        normFirst: true,
      }),
    batch,
    () => drawBatch(),
  ),
  layer(
    'nn.TransformerEncoderLayer(8, 2, dim_feedforward=16, batch_first=True)',
    () => new nn.TransformerEncoderLayer(8, 2, { dimFeedforward: 16, batchFirst: true }),
    batch,
    () => drawBatch({ srcMask: causal(5), isCausal: true }),
    `dict(src_mask=${pythonCausal}(5), is_causal=True)`,
  ),
  layer(
    'nn.TransformerEncoderLayer(8, 2, dim_feedforward=16, dropout=0.0, activation=nn.GELU(), batch_first=True)',
    () =>
      new nn.TransformerEncoderLayer(8, 2, {
        dimFeedforward: 16,
        dropout: 0,
        activation: new nn.GELU(),
        batchFirst: true,
      }),
    batch,
    () => drawBatch({ srcKeyPaddingMask: padding(5) }),
    `dict(src_key_padding_mask=${pythonPadding(5)})`,
  ),
  layer(
    'nn.TransformerEncoderLayer(8, 1, dim_feedforward=16, activation=F.silu, layer_norm_eps=0.001, bias=False)',
    () =>
      new nn.TransformerEncoderLayer(8, 1, {
        dimFeedforward: 16,
        activation: nn.functional.silu,
        layerNormEps: 0.001,
        bias: false,
      }),
    '(torch.randn(5, 8),)',
    () => [torch.randn(5, 8)],
  ),
  layer(
    'nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, dim_feedforward=16, batch_first=True), 3)',
    () =>
      new nn.TransformerEncoder(
        new nn.TransformerEncoderLayer(8, 2, { dimFeedforward: 16, batchFirst: true }),
        3,
      ),
    batch,
    () => drawBatch({ srcKeyPaddingMask: padding(5) }),
    `dict(src_key_padding_mask=${pythonPadding(5)})`,
  ),
  layer(
    'nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, dim_feedforward=16, batch_first=True), 2, nn.LayerNorm(8), enable_nested_tensor=False)',
    () =>
      new nn.TransformerEncoder(
        new nn.TransformerEncoderLayer(8, 2, { dimFeedforward: 16, batchFirst: true }),
        2,
        new nn.LayerNorm(8),
        { enableNestedTensor: false },
      ),
    batch,
    () => drawBatch({ srcKeyPaddingMask: padding(5) }),
    `dict(src_key_padding_mask=${pythonPadding(5)})`,
  ),
  layer(
    'nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, dim_feedforward=16), 2, nn.LayerNorm(8))',
    () =>
      new nn.TransformerEncoder(
        new nn.TransformerEncoderLayer(8, 2, { dimFeedforward: 16 }),
        2,
        new nn.LayerNorm(8),
      ),
    '(torch.randn(5, 2, 8),)',
    () => [torch.randn(5, 2, 8), { mask: causal(5) }],
    `dict(mask=${pythonCausal}(5))`,
  ),
];

const pair = '(torch.randn(5, 2, 8), torch.randn(6, 2, 8))';
const drawPair = () => [torch.randn(5, 2, 8), torch.randn(6, 2, 8)];

const decoders: readonly Case[] = [
  layer(
    'nn.TransformerDecoderLayer(8, 2, dim_feedforward=16)',
    () => new nn.TransformerDecoderLayer(8, 2, { dimFeedforward: 16 }),
    pair,
    () => drawPair(),
  ),
  layer(
    "nn.TransformerDecoderLayer(8, 4, dim_feedforward=16, activation='gelu', norm_first=True, bias=False)",
    () =>
      new nn.TransformerDecoderLayer(8, 4, {
        dimFeedforward: 16,
        activation: 'gelu',
        normFirst: true,
        bias: false,
      }),
    pair,
    () => [
      ...drawPair(),
      {
        tgtMask: causal(5),
        tgtIsCausal: true,
        memoryMask: torch.randn(5, 6),
        memoryKeyPaddingMask: torch.randn(2, 6),
      },
    ],
    `dict(tgt_mask=${pythonCausal}(5), tgt_is_causal=True, memory_mask=torch.randn(5, 6), memory_key_padding_mask=torch.randn(2, 6))`,
  ),
  layer(
    'nn.TransformerDecoder(nn.TransformerDecoderLayer(8, 2, dim_feedforward=16), 2, nn.LayerNorm(8))',
    () =>
      new nn.TransformerDecoder(
        new nn.TransformerDecoderLayer(8, 2, { dimFeedforward: 16 }),
        2,
        new nn.LayerNorm(8),
      ),
    pair,
    () => [...drawPair(), { tgtMask: causal(5) }],
    `dict(tgt_mask=${pythonCausal}(5))`,
  ),
];

const transformers: readonly Case[] = [
  layer(
    'nn.Transformer(8, 2, num_encoder_layers=2, num_decoder_layers=1, dim_feedforward=16)',
    () =>
      new nn.Transformer({
        dModel: 8,
        nhead: 2,
        numEncoderLayers: 2,
        numDecoderLayers: 1,
        dimFeedforward: 16,
      }),
    '(torch.randn(6, 2, 8), torch.randn(5, 2, 8))',
    () => [torch.randn(6, 2, 8), torch.randn(5, 2, 8), { tgtMask: causal(5) }],
    `dict(tgt_mask=${pythonCausal}(5))`,
  ),
  layer(
    "nn.Transformer(8, 4, 1, 2, 16, dropout=0.2, activation='gelu', batch_first=True, norm_first=True)",
    () =>
      new nn.Transformer({
        dModel: 8,
        nhead: 4,
        numEncoderLayers: 1,
        numDecoderLayers: 2,
        dimFeedforward: 16,
        dropout: 0.2,
        activation: 'gelu',
        batchFirst: true,
        normFirst: true,
      }),
    '(torch.randn(2, 6, 8), torch.randn(2, 5, 8))',
    () => [
      torch.randn(2, 6, 8),
      torch.randn(2, 5, 8),
      {
        tgtMask: causal(5),
        tgtIsCausal: true,
        srcKeyPaddingMask: torch.zeros(2, 6),
        memoryKeyPaddingMask: torch.zeros(2, 6),
      },
    ],
    `dict(tgt_mask=${pythonCausal}(5), tgt_is_causal=True, src_key_padding_mask=torch.zeros(2, 6), memory_key_padding_mask=torch.zeros(2, 6))`,
  ),
];

/** Attention and the layers built from it. */
export const transformer: readonly Case[] = [
  ...attention,
  ...encoders,
  ...decoders,
  ...transformers,
];

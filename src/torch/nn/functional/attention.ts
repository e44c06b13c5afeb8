/** Attention (Vaswani et al. 2017, arXiv:1706.03762). */

import { named } from '../../arguments';
import { TorchError } from '../../errors';
import * as f from '../../generated/functions';
import { linear, pad, scaledDotProductAttention } from '../../generated/nn';
import type { Tensor } from '../../tensor';
import { shapeText } from '../repr';
import { tuple } from '../sizes';
import { canonicalMask } from './attention-mask';

type Optional = Tensor | null;

const refuse = (message: string, code = 'AssertionError') => new TorchError(message, code);

/** Query, key and value times the three parts of one weight `[3 E, E]`; fewer products where they are one. */
function projectPacked(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  weight: Tensor,
  bias: Optional,
): [Tensor, Tensor, Tensor] {
  const size = query.size(-1);
  const parts = (projected: Tensor, count: number) =>
    projected
      .unflatten(-1, [count, size])
      .unsqueeze(0)
      .transpose(0, -2)
      .squeeze(-2)
      .contiguous()
      .unbind(0);
  if (key === value && query === key) {
    return parts(linear(query, weight, bias), 3) as [Tensor, Tensor, Tensor];
  }
  if (key === value) {
    const [queryWeight, rest] = weight.split([size, 2 * size]) as [Tensor, Tensor];
    const [queryBias, restBias] = bias?.split([size, 2 * size]) ?? [null, null];
    const q = linear(query, queryWeight, queryBias);
    const [k, v] = parts(linear(key, rest, restBias), 2) as [Tensor, Tensor];
    return [q, k, v];
  }
  return projectEach([query, key, value], weight.chunk(3), bias);
}

function projectEach(
  inputs: readonly Tensor[],
  weights: readonly Tensor[],
  bias: Optional,
): [Tensor, Tensor, Tensor] {
  const biases = bias?.chunk(3) ?? [];
  return inputs.map((input, i) => linear(input, weights[i]!, biases[i] ?? null)) as never;
}

function checkShapes(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  padding: Optional,
  mask: Optional,
  heads: number,
): void {
  const rank = query.ndim;
  if (rank !== 2 && rank !== 3) {
    throw refuse(
      `query should be unbatched 2D or batched 3D tensor but received ${rank}-D query tensor`,
    );
  }
  const what = rank === 3 ? 'For batched (3-D) `query`' : 'For unbatched (2-D) `query`';
  if (key.ndim !== rank || value.ndim !== rank) {
    throw refuse(
      `${what}, expected \`key\` and \`value\` to be ${rank}-D but found ${key.ndim}-D and ${value.ndim}-D tensors respectively`,
    );
  }
  if (padding && padding.ndim !== rank - 1) {
    throw refuse(
      `${what}, expected \`key_padding_mask\` to be \`None\` or ${rank - 1}-D but found ${padding.ndim}-D tensor instead`,
    );
  }
  if (mask && mask.ndim !== 2 && mask.ndim !== 3) {
    throw refuse(
      `${what}, expected \`attn_mask\` to be \`None\`, 2-D or 3-D but found ${mask.ndim}-D tensor instead`,
    );
  }
  if (rank === 2 && mask?.ndim === 3) {
    const expected = [heads, query.size(0), key.size(0)];
    if (String(mask.shape) !== String(expected)) {
      throw refuse(
        `Expected \`attn_mask\` shape to be ${tuple(expected)} but got ${shapeText(mask.shape)}`,
      );
    }
  }
}

/** An attention mask as `[1 or N · heads, L, S]`. */
function maskOfRank3(mask: Tensor, batch: number, heads: number, l: number, s: number): Tensor {
  const expected = mask.ndim === 2 ? [l, s] : [batch * heads, l, s];
  if (String(mask.shape) !== String(expected)) {
    throw refuse(
      `The shape of the ${mask.ndim}D attn_mask is ${shapeText(mask.shape)}, but should be ${tuple(expected)}.`,
      'RuntimeError',
    );
  }
  return mask.ndim === 2 ? mask.unsqueeze(0) : mask;
}

interface AttentionNeeded {
  query: Tensor;
  key: Tensor;
  value: Tensor;
  embedDimToCheck: number;
  numHeads: number;
  inProjWeight: Optional;
  inProjBias: Optional;
  biasK: Optional;
  biasV: Optional;
  addZeroAttn: boolean;
  dropoutP: number;
  outProjWeight: Tensor;
  outProjBias: Optional;
}

export interface MultiHeadAttentionOptions {
  /** Apply dropout. Default true. */
  training?: boolean;
  /** Which keys to leave out, `[N, S]` or `[S]`: true or −∞ there. */
  keyPaddingMask?: Optional;
  /** Give the attention weights as well. Default true. */
  needWeights?: boolean;
  /** What each query may not see, `[L, S]` or `[N · heads, L, S]`: true or −∞ there. */
  attnMask?: Optional;
  /** Use the three weights below in place of `inProjWeight`. */
  useSeparateProjWeight?: boolean;
  qProjWeight?: Optional;
  kProjWeight?: Optional;
  vProjWeight?: Optional;
  /** Keys by head `[N · heads, S, E / heads]`, in place of the projected ones. */
  staticK?: Optional;
  /** Values by head, likewise. */
  staticV?: Optional;
  /** Give the mean of the heads' weights. Default true. */
  averageAttnWeights?: boolean;
  /** Say that `attnMask` is the causal one. */
  isCausal?: boolean;
}

/**
 * Attention of several heads (`torch.nn.functional.multi_head_attention_forward`): what
 * `nn.MultiheadAttention` computes. Query `[L, N, E]` and key and value `[S, N, E]`, or without `N`,
 * give the output `[L, N, E]` and the weights `[N, L, S]`, or `[N, heads, L, S]` where they are not
 * averaged, or null. Throws TorchError for shapes that don't fit.
 */
export const multiHeadAttentionForward = named<
  'multi_head_attention_forward',
  AttentionNeeded,
  MultiHeadAttentionOptions,
  [Tensor, Tensor | null]
>('multi_head_attention_forward', forward);

function forward(
  queryGiven: Tensor,
  keyGiven: Tensor,
  valueGiven: Tensor,
  embedDim: number,
  heads: number,
  inProjWeight: Optional,
  inProjBias: Optional,
  biasK: Optional,
  biasV: Optional,
  addZeroAttn: boolean,
  dropoutP: number,
  outProjWeight: Tensor,
  outProjBias: Optional,
  training: boolean,
  keyPaddingMask: Optional,
  needWeights: boolean,
  attnMask: Optional,
  useSeparateProjWeight: boolean,
  qProjWeight: Optional,
  kProjWeight: Optional,
  vProjWeight: Optional,
  staticK: Optional,
  staticV: Optional,
  averageAttnWeights: boolean,
  isCausalGiven: boolean,
): [Tensor, Tensor | null] {
  let [query, key, value] = [queryGiven, keyGiven, valueGiven];
  checkShapes(query, key, value, keyPaddingMask, attnMask, heads);
  const batched = query.ndim === 3;
  let padding = keyPaddingMask;
  if (!batched) {
    [query, key, value] = [query, key, value].map((tensor) => tensor.unsqueeze(1)) as [
      Tensor,
      Tensor,
      Tensor,
    ];
    padding = padding?.unsqueeze(0) ?? null;
  }
  const [l, batch, size] = query.shape as [number, number, number];
  const { dtype } = query;
  padding = canonicalMask(padding, 'key_padding_mask', dtype, {
    mask: attnMask,
    name: 'attn_mask',
  });
  if (isCausalGiven && !attnMask) {
    throw refuse(
      'Need attn_mask if specifying the is_causal hint. You may use the Transformer module method ' +
        '`generate_square_subsequent_mask` to create this mask.',
      'RuntimeError',
    );
  }
  // A causal mask that nothing is merged into is left to the kernel.
  const isCausal = isCausalGiven && !padding;
  let mask = isCausal && !needWeights ? null : canonicalMask(attnMask, 'attn_mask', dtype);
  if (size !== embedDim) {
    throw refuse(`was expecting embedding dimension of ${embedDim}, but got ${size}`);
  }
  const headDim = Math.floor(size / heads);
  if (headDim * heads !== size) {
    throw refuse(`embed_dim ${size} not divisible by num_heads ${heads}`);
  }
  let [q, k, v] = useSeparateProjWeight
    ? projectSeparately(query, key, value, [qProjWeight!, kProjWeight!, vProjWeight!], inProjBias)
    : projectTogether(query, key, value, inProjWeight!, inProjBias);
  if (mask) mask = maskOfRank3(mask, batch, heads, l, key.size(0));
  const widen = () => {
    mask = mask && pad(mask, [0, 1]);
    padding = padding && pad(padding, [0, 1]);
  };
  if (biasK && biasV) {
    k = f.cat([k, biasK.repeat(1, batch, 1)]);
    v = f.cat([v, biasV.repeat(1, batch, 1)]);
    widen();
  }
  const headsFirst = (tensor: Tensor) =>
    tensor.view(tensor.size(0), batch * heads, headDim).transpose(0, 1);
  [q, k, v] = [headsFirst(q), staticK ?? headsFirst(k), staticV ?? headsFirst(v)];
  if (addZeroAttn) {
    const zeros = () => f.zeros([batch * heads, 1, headDim], { dtype: k.dtype, device: k.device });
    k = f.cat([k, zeros()], 1);
    v = f.cat([v, zeros()], 1);
    widen();
  }
  const s = k.size(1);
  if (padding) {
    checkPadding(padding, batch, s);
    const wide = padding
      .view(batch, 1, 1, s)
      .expand(-1, heads, -1, -1)
      .reshape(batch * heads, 1, s);
    mask = mask ? mask.add(wide) : wide;
  }
  const p = training ? dropoutP : 0;
  const project = (attended: Tensor) => {
    const output = linear(attended, outProjWeight, outProjBias);
    const shaped = output.view(l, batch, output.size(1));
    return batched ? shaped : shaped.squeeze(1);
  };
  if (!needWeights) {
    const wide =
      mask &&
      (mask.ndim === 3 && mask.size(0) === 1 ? mask.unsqueeze(0) : mask.view(batch, heads, -1, s));
    const split = (tensor: Tensor, length: number) => tensor.view(batch, heads, length, headDim);
    const attended = scaledDotProductAttention(
      split(q, l),
      split(k, s),
      split(v, s),
      wide,
      p,
      isCausal,
    );
    return [project(attended.permute(2, 0, 1, 3).reshape(batch * l, size)), null];
  }
  const scaled = q.mul(Math.sqrt(1 / headDim));
  const scores = mask
    ? f.baddbmm(mask, scaled, k.transpose(-2, -1))
    : f.bmm(scaled, k.transpose(-2, -1));
  const certain = f.softmax(scores, -1);
  const weights = p > 0 ? f.dropout(certain, p, true) : certain;
  const output = project(
    f
      .bmm(weights, v)
      .transpose(0, 1)
      .reshape(l * batch, size),
  );
  const byHead = weights.view(batch, heads, l, s);
  const shown = averageAttnWeights ? byHead.mean(1) : byHead;
  return [output, batched ? shown : shown.squeeze(0)];
}

function projectTogether(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  weight: Tensor,
  bias: Optional,
): [Tensor, Tensor, Tensor] {
  if (String(key.shape) !== String(value.shape)) {
    throw refuse(
      `key shape ${shapeText(key.shape)} does not match value shape ${shapeText(value.shape)}`,
    );
  }
  return projectPacked(query, key, value, weight, bias);
}

function projectSeparately(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  weights: readonly Tensor[],
  bias: Optional,
): [Tensor, Tensor, Tensor] {
  const [a, b] = [key.shape.slice(0, 2), value.shape.slice(0, 2)];
  if (String(a) !== String(b)) {
    throw refuse(
      `key's sequence and batch dims ${shapeText(a)} do not match value's ${shapeText(b)}`,
    );
  }
  return projectEach([query, key, value], weights, bias);
}

function checkPadding(padding: Tensor, batch: number, s: number): void {
  [batch, s].forEach((size, i) => {
    if (padding.size(i) !== size) {
      throw refuse(
        `Expected key_padded_mask.shape[${i}] to be ${size}, but got ${padding.size(i)}`,
      );
    }
  });
}

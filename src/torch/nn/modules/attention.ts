import { type Args, type Bound, bind } from '../../arguments';
import { isGradEnabled } from '../../autograd';
import { operator } from '../../dispatch';
import { TorchError } from '../../errors';
import { empty } from '../../generated/functions';
import type { Tensor } from '../../tensor';
import type { FactoryOptions } from '../../types';
import { multiHeadAttentionForward } from '../functional/attention';
import { canonicalMask } from '../functional/attention-mask';
import { guard } from '../guard';
import { xavierNormal_, xavierUniform_, zeros_ } from '../init';
import { Module } from '../module';
import { Parameter } from '../parameter';
import { Linear } from './linear';

/** The output's projection, which PyTorch gives a class of its own. */
export class NonDynamicallyQuantizableLinear extends Linear {}

/** `torch._native_multi_head_attention`: all of self-attention in one operator, without gradients. */
const nativeAttention = operator<(...args: unknown[]) => [Tensor, Tensor | null]>(
  '_native_multi_head_attention',
);

export interface MultiheadAttentionOptions extends FactoryOptions {
  /** Probability of zeroing an attention weight while training. */
  dropout?: number;
  /** Add biases to the projections. Default true. */
  bias?: boolean;
  /** Add a learnt key and value at the end. */
  addBiasKv?: boolean;
  /** Add a key and a value of zeros at the end. */
  addZeroAttn?: boolean;
  /** Features of the keys. Default `embedDim`. */
  kdim?: number | null;
  /** Features of the values. Default `embedDim`. */
  vdim?: number | null;
  /** Inputs and outputs are `[N, L, E]` in place of `[L, N, E]`. */
  batchFirst?: boolean;
}

interface Needed {
  embedDim: number;
  numHeads: number;
}

export interface AttentionCall {
  /** Which keys to leave out, `[N, S]` or `[S]`: true or −∞ there. */
  keyPaddingMask?: Tensor | null;
  /** Give the attention weights as well. Default true; false is faster. */
  needWeights?: boolean;
  /** What each query may not see, `[L, S]` or `[N · heads, L, S]`: true or −∞ there. */
  attnMask?: Tensor | null;
  /** Give the mean of the heads' weights. Default true. */
  averageAttnWeights?: boolean;
  /** Say that `attnMask` is the causal one. */
  isCausal?: boolean;
}

const stateNames: Readonly<Record<string, string>> = {
  inProjWeight: 'in_proj_weight',
  qProjWeight: 'q_proj_weight',
  kProjWeight: 'k_proj_weight',
  vProjWeight: 'v_proj_weight',
  inProjBias: 'in_proj_bias',
  outProj: 'out_proj',
  biasK: 'bias_k',
  biasV: 'bias_v',
};

const projections = [
  'inProjWeight',
  'qProjWeight',
  'kProjWeight',
  'vProjWeight',
  'inProjBias',
  'biasK',
  'biasV',
];

/**
 * Attention of several heads (`torch.nn.MultiheadAttention`; Vaswani et al. 2017). Throws TorchError
 * where the heads don't divide `embedDim`.
 */
export class MultiheadAttention extends Module {
  /** The three projections in one, `[3 E, E]`; null if keys or values have features of their own. */
  inProjWeight: Parameter | null = null;
  qProjWeight: Parameter | null = null;
  kProjWeight: Parameter | null = null;
  vProjWeight: Parameter | null = null;
  inProjBias: Parameter | null;
  readonly outProj: NonDynamicallyQuantizableLinear;
  biasK: Parameter | null;
  biasV: Parameter | null;
  readonly embedDim: number;
  readonly numHeads: number;
  readonly dropout: number;
  readonly batchFirst: boolean;
  readonly addZeroAttn: boolean;
  readonly kdim: number;
  readonly vdim: number;

  constructor(...args: Args<'MultiheadAttention', Needed, MultiheadAttentionOptions>) {
    super();
    const bound = bind<Bound<Needed, MultiheadAttentionOptions>>('MultiheadAttention', args);
    const { embedDim, numHeads, bias, addBiasKv, device, dtype } = bound;
    this.embedDim = embedDim;
    this.numHeads = numHeads;
    if (!(embedDim > 0 && numHeads > 0)) {
      throw new TorchError(
        `embed_dim and num_heads must be greater than 0, got embed_dim=${embedDim} and num_heads=${numHeads} instead`,
        'ValueError',
      );
    }
    if (embedDim % numHeads !== 0) {
      throw new TorchError('embed_dim must be divisible by num_heads', 'AssertionError');
    }
    this.dropout = bound.dropout;
    this.batchFirst = bound.batchFirst;
    this.addZeroAttn = bound.addZeroAttn;
    this.kdim = bound.kdim ?? embedDim;
    this.vdim = bound.vdim ?? embedDim;
    const parameter = (...size: number[]) => new Parameter(empty(size, { device, dtype }));
    if (this.kdim === embedDim && this.vdim === embedDim) {
      this.inProjWeight = parameter(3 * embedDim, embedDim);
    } else {
      this.qProjWeight = parameter(embedDim, embedDim);
      this.kProjWeight = parameter(embedDim, this.kdim);
      this.vProjWeight = parameter(embedDim, this.vdim);
    }
    this.inProjBias = bias ? parameter(3 * embedDim) : null;
    this.outProj = new NonDynamicallyQuantizableLinear(embedDim, embedDim, {
      bias,
      device,
      dtype,
    });
    this.biasK = addBiasKv ? parameter(1, 1, embedDim) : null;
    this.biasV = addBiasKv ? parameter(1, 1, embedDim) : null;
    guard(this, ...projections);
    this.resetParameters();
  }

  override stateName(property: string): string {
    return stateNames[property] ?? property;
  }

  /** Initialises the projections again as PyTorch does (Glorot, uniform), and zeroes the biases. */
  resetParameters(): void {
    const { inProjWeight, qProjWeight, kProjWeight, vProjWeight } = this;
    for (const weight of [inProjWeight, qProjWeight, kProjWeight, vProjWeight]) {
      if (weight) xavierUniform_(weight);
    }
    if (this.inProjBias) {
      zeros_(this.inProjBias);
      zeros_(this.outProj.bias!);
    }
    if (this.biasK) xavierNormal_(this.biasK);
    if (this.biasV) xavierNormal_(this.biasV);
  }

  /**
   * @param query `[L, N, E]`, `[N, L, E]` with `batchFirst`, or `[L, E]`.
   * @param key `[S, N, kdim]`, likewise.
   * @param value `[S, N, vdim]`, likewise.
   * @returns The output, of the query's shape, and the weights `[N, L, S]`, `[N, heads, L, S]` where
   *   they are not averaged, or null if they are not needed.
   */
  forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    options: AttentionCall = {},
  ): [Tensor, Tensor | null] {
    const { needWeights = true, averageAttnWeights = true, isCausal = false } = options;
    const given = { attn: options.attnMask ?? null, padding: options.keyPaddingMask ?? null };
    const padding = canonicalMask(given.padding, 'key_padding_mask', query.dtype, {
      mask: given.attn,
      name: 'attn_mask',
    });
    const mask = canonicalMask(given.attn, 'attn_mask', query.dtype);
    const floating = given.attn?.isFloatingPoint() || given.padding?.isFloatingPoint();
    if (!floating && query === key && key === value && this.canBeNative(query)) {
      const [merged, kind] = this.mergeMasks(mask, padding, query);
      return nativeAttention(
        query,
        key,
        value,
        this.embedDim,
        this.numHeads,
        this.inProjWeight,
        this.inProjBias,
        this.outProj.weight,
        this.outProj.bias,
        merged,
        needWeights,
        averageAttnWeights,
        kind,
      );
    }
    const turn = this.batchFirst && query.ndim === 3;
    const turned = new Map<Tensor, Tensor>();
    // One tensor stays one, since then it is projected at once.
    const lengthFirst = (tensor: Tensor) => {
      if (!turn) return tensor;
      if (!turned.has(tensor)) turned.set(tensor, tensor.transpose(1, 0));
      return turned.get(tensor)!;
    };
    const [output, weights] = multiHeadAttentionForward(
      lengthFirst(query),
      lengthFirst(key),
      lengthFirst(value),
      this.embedDim,
      this.numHeads,
      this.inProjWeight,
      this.inProjBias,
      this.biasK,
      this.biasV,
      this.addZeroAttn,
      this.dropout,
      this.outProj.weight,
      this.outProj.bias,
      {
        training: this.training,
        keyPaddingMask: padding,
        needWeights,
        attnMask: mask,
        averageAttnWeights,
        isCausal,
        ...(!this.inProjWeight && {
          useSeparateProjWeight: true,
          qProjWeight: this.qProjWeight,
          kProjWeight: this.kProjWeight,
          vProjWeight: this.vProjWeight,
        }),
      },
    );
    return [turn ? output.transpose(1, 0) : output, weights];
  }

  /** Whether PyTorch would take its operator without gradients for self-attention. */
  private canBeNative(query: Tensor): boolean {
    const { inProjWeight, inProjBias, outProj } = this;
    if (this.training || !this.batchFirst || query.ndim !== 3 || this.numHeads % 2 !== 0)
      return false;
    if (!inProjWeight || !inProjBias || this.biasK || this.addZeroAttn) return false;
    if (query.dtype !== inProjWeight.dtype || query.dtype !== inProjBias.dtype) return false;
    const tensors = [query, inProjWeight, inProjBias, outProj.weight, outProj.bias!];
    return !(isGradEnabled() && tensors.some((tensor) => tensor.requiresGrad));
  }

  /**
   * The two masks in one, and its kind as the native operators number them: 1 for padding alone, 2
   * for `[N, heads, L, L]`, null for none.
   */
  mergeMasks(
    attnMask: Tensor | null,
    keyPaddingMask: Tensor | null,
    query: Tensor,
  ): [Tensor | null, number | null] {
    if (!attnMask) return [keyPaddingMask, keyPaddingMask && 1];
    const [batch, length] = query.shape as [number, number];
    const mask =
      attnMask.ndim === 3
        ? attnMask.view(batch, -1, length, length)
        : attnMask.view(1, 1, length, length).expand(batch, this.numHeads, -1, -1);
    if (!keyPaddingMask) return [mask, 2];
    const padding = keyPaddingMask.view(batch, 1, 1, length).expand(-1, this.numHeads, -1, -1);
    return [mask.add(padding), 2];
  }
}

import { isGradEnabled } from '../../autograd';
import { operator } from '../../dispatch';
import { TorchError } from '../../errors';
import type { Tensor } from '../../tensor';
import type { DType } from '../../types';
import { gelu, relu } from '../functional/activation';
import { canonicalMask } from '../functional/attention-mask';
import { hasForwardHooks } from '../internals';
import { Module } from '../module';
import { GELU } from './activation';
import { MultiheadAttention } from './attention';
import { Dropout } from './dropout';
import { Linear } from './linear';
import { LayerNorm } from './normalization';
import { ReLU } from './rectifier';

/** `torch._transformer_encoder_layer_fwd`: a whole layer in one operator, without gradients. */
const nativeLayer = operator<(...args: unknown[]) => Tensor>('_transformer_encoder_layer_fwd');

type Activation = ((input: Tensor) => Tensor) | Module;

export interface TransformerLayerOptions {
  /** Features between the two linear layers. Default 2048. */
  dimFeedforward?: number;
  /** Default 0.1. */
  dropout?: number;
  /** What stands between the two linear layers. Default `relu`. */
  activation?: 'relu' | 'gelu' | Activation;
  /** Default 1e-5. */
  layerNormEps?: number;
  /** Inputs and outputs are `[N, L, dModel]` in place of `[L, N, dModel]`. */
  batchFirst?: boolean;
  /** Normalise before attention and the linear layers in place of after them. */
  normFirst?: boolean;
  /** Add biases everywhere. Default true. */
  bias?: boolean;
  dtype?: DType;
}

function activationOf(given: 'relu' | 'gelu' | Activation): Activation {
  if (given === 'relu') return relu;
  if (given === 'gelu') return gelu;
  if (typeof given === 'string') {
    throw new TorchError(`activation should be relu/gelu, not ${given}`, 'RuntimeError');
  }
  return given;
}

/** What the two layers share: self-attention, two linear layers, and what stands around them. */
abstract class TransformerLayer extends Module {
  protected settings(options: TransformerLayerOptions) {
    const { dimFeedforward = 2048, dropout = 0.1, layerNormEps: eps = 1e-5 } = options;
    const { batchFirst = false, bias = true, dtype } = options;
    return {
      dimFeedforward,
      dropout,
      attention: { dropout, bias, batchFirst, dtype },
      linear: { bias, dtype },
      norm: { eps, bias, dtype },
    };
  }

  override stateName(property: string): string {
    return stateNames[property] ?? property;
  }

  protected activate(activation: Activation, input: Tensor): Tensor {
    return activation instanceof Module ? activation.call(input) : activation(input);
  }
}

const stateNames: Readonly<Record<string, string>> = {
  selfAttn: 'self_attn',
  multiheadAttn: 'multihead_attn',
};

export interface EncoderLayerCall {
  /** What each place may not see, `[L, L]` or `[N · heads, L, L]`: true or −∞ there. */
  srcMask?: Tensor | null;
  /** Which places to leave out, `[N, L]` or `[L]`: true or −∞ there. */
  srcKeyPaddingMask?: Tensor | null;
  /** Say that `srcMask` is the causal one. */
  isCausal?: boolean;
}

/** One layer of a Transformer's encoder (`torch.nn.TransformerEncoderLayer`; Vaswani et al. 2017). */
export class TransformerEncoderLayer extends TransformerLayer {
  readonly selfAttn: MultiheadAttention;
  readonly linear1: Linear;
  readonly dropout: Dropout;
  readonly linear2: Linear;
  readonly norm1: LayerNorm;
  readonly norm2: LayerNorm;
  readonly dropout1: Dropout;
  readonly dropout2: Dropout;
  readonly activation: Activation;
  readonly normFirst: boolean;

  constructor(dModel: number, nhead: number, options: TransformerLayerOptions = {}) {
    super();
    const { dimFeedforward, dropout, attention, linear, norm } = this.settings(options);
    this.selfAttn = new MultiheadAttention(dModel, nhead, attention);
    this.linear1 = new Linear(dModel, dimFeedforward, linear);
    this.dropout = new Dropout(dropout);
    this.linear2 = new Linear(dimFeedforward, dModel, linear);
    this.norm1 = new LayerNorm(dModel, norm);
    this.norm2 = new LayerNorm(dModel, norm);
    this.dropout1 = new Dropout(dropout);
    this.dropout2 = new Dropout(dropout);
    this.activation = activationOf(options.activation ?? 'relu');
    this.normFirst = options.normFirst ?? false;
  }

  /** @returns The source's shape, `[L, N, dModel]`, `[N, L, dModel]` with `batchFirst`, or `[L, dModel]`. */
  forward(src: Tensor, options: EncoderLayerCall = {}): Tensor {
    const { isCausal = false, srcMask = null } = options;
    const padding = canonicalMask(
      options.srcKeyPaddingMask ?? null,
      'src_key_padding_mask',
      src.dtype,
      { mask: srcMask, name: 'src_mask' },
    );
    const mask = canonicalMask(srcMask, 'src_mask', src.dtype);
    if (this.canBeNative() && src.ndim === 3 && withoutGradients([src, ...this.weights()])) {
      return this.native(src, ...this.selfAttn.mergeMasks(mask, padding, src));
    }
    const attend = (x: Tensor) => {
      const [attended] = this.selfAttn.call(x, x, x, {
        attnMask: mask,
        keyPaddingMask: padding,
        needWeights: false,
        isCausal,
      });
      return this.dropout1.call(attended);
    };
    const feed = (x: Tensor) => {
      const hidden = this.activate(this.activation, this.linear1.call(x));
      return this.dropout2.call(this.linear2.call(this.dropout.call(hidden)));
    };
    if (this.normFirst) {
      const x = src.add(attend(this.norm1.call(src)));
      return x.add(feed(this.norm2.call(x)));
    }
    const x = this.norm1.call(src.add(attend(src)));
    return this.norm2.call(x.add(feed(x)));
  }

  /** 1 for ReLU, 2 for GELU, 0 for another activation. */
  private get activationKind(): 0 | 1 | 2 {
    if (this.activation === relu || this.activation instanceof ReLU) return 1;
    return this.activation === gelu || this.activation instanceof GELU ? 2 : 0;
  }

  /** Whether the settings allow the native operators for padded batches (`enable_nested_tensor`). */
  get isNestable(): boolean {
    const { selfAttn, norm1, norm2 } = this;
    return (
      !this.normFirst &&
      selfAttn.batchFirst &&
      selfAttn.inProjWeight !== null &&
      selfAttn.inProjBias !== null &&
      this.activationKind !== 0 &&
      norm1.eps === norm2.eps &&
      selfAttn.numHeads % 2 === 0
    );
  }

  private canBeNative(): boolean {
    const { selfAttn, norm1, norm2 } = this;
    return (
      !this.training &&
      selfAttn.batchFirst &&
      selfAttn.inProjBias !== null &&
      selfAttn.inProjWeight !== null &&
      this.activationKind !== 0 &&
      norm1.eps === norm2.eps &&
      selfAttn.numHeads % 2 === 0 &&
      !this.modules().some(hasForwardHooks)
    );
  }

  /** The weights that the native operator takes. */
  weights(): Tensor[] {
    const { selfAttn, norm1, norm2, linear1, linear2 } = this;
    const { inProjWeight, inProjBias, outProj } = selfAttn;
    const layers = [outProj, norm1, norm2, linear1, linear2];
    return [inProjWeight!, inProjBias!, ...layers.flatMap(({ weight, bias }) => [weight!, bias!])];
  }

  private native(src: Tensor, mask: Tensor | null, maskKind: number | null): Tensor {
    const { selfAttn, norm1 } = this;
    const [inWeight, inBias, outWeight, outBias, ...rest] = this.weights();
    return nativeLayer(
      src,
      selfAttn.embedDim,
      selfAttn.numHeads,
      inWeight,
      inBias,
      outWeight,
      outBias,
      this.activationKind === 2,
      this.normFirst,
      norm1.eps,
      ...rest,
      mask,
      maskKind,
    );
  }
}

/** Whether no gradient is asked of any tensor. */
export const withoutGradients = (tensors: readonly Tensor[]): boolean =>
  !isGradEnabled() || !tensors.some((tensor) => tensor.requiresGrad);

export interface DecoderCall {
  /** What each place may not see of the target, `[L, L]` or `[N · heads, L, L]`: true or −∞ there. */
  tgtMask?: Tensor | null;
  /** What each place may not see of the memory, `[L, S]` or `[N · heads, L, S]`. */
  memoryMask?: Tensor | null;
  /** Which places of the target to leave out, `[N, L]` or `[L]`. */
  tgtKeyPaddingMask?: Tensor | null;
  /** Which places of the memory to leave out, `[N, S]` or `[S]`. */
  memoryKeyPaddingMask?: Tensor | null;
  /** Say that `tgtMask` is the causal one. */
  tgtIsCausal?: boolean;
  /** Say that `memoryMask` is the causal one. */
  memoryIsCausal?: boolean;
}

/** One layer of a Transformer's decoder (`torch.nn.TransformerDecoderLayer`; Vaswani et al. 2017). */
export class TransformerDecoderLayer extends TransformerLayer {
  readonly selfAttn: MultiheadAttention;
  readonly multiheadAttn: MultiheadAttention;
  readonly linear1: Linear;
  readonly dropout: Dropout;
  readonly linear2: Linear;
  readonly norm1: LayerNorm;
  readonly norm2: LayerNorm;
  readonly norm3: LayerNorm;
  readonly dropout1: Dropout;
  readonly dropout2: Dropout;
  readonly dropout3: Dropout;
  readonly activation: Activation;
  readonly normFirst: boolean;

  constructor(dModel: number, nhead: number, options: TransformerLayerOptions = {}) {
    super();
    const { dimFeedforward, dropout, attention, linear, norm } = this.settings(options);
    this.selfAttn = new MultiheadAttention(dModel, nhead, attention);
    this.multiheadAttn = new MultiheadAttention(dModel, nhead, attention);
    this.linear1 = new Linear(dModel, dimFeedforward, linear);
    this.dropout = new Dropout(dropout);
    this.linear2 = new Linear(dimFeedforward, dModel, linear);
    this.norm1 = new LayerNorm(dModel, norm);
    this.norm2 = new LayerNorm(dModel, norm);
    this.norm3 = new LayerNorm(dModel, norm);
    this.dropout1 = new Dropout(dropout);
    this.dropout2 = new Dropout(dropout);
    this.dropout3 = new Dropout(dropout);
    this.activation = activationOf(options.activation ?? 'relu');
    this.normFirst = options.normFirst ?? false;
  }

  /**
   * @param tgt `[L, N, dModel]`, `[N, L, dModel]` with `batchFirst`, or `[L, dModel]`.
   * @param memory The encoder's output, `[S, N, dModel]`, likewise.
   * @returns The target's shape.
   */
  forward(tgt: Tensor, memory: Tensor, options: DecoderCall = {}): Tensor {
    const attendSelf = (x: Tensor) => {
      const [attended] = this.selfAttn.call(x, x, x, {
        attnMask: options.tgtMask,
        keyPaddingMask: options.tgtKeyPaddingMask,
        isCausal: options.tgtIsCausal,
        needWeights: false,
      });
      return this.dropout1.call(attended);
    };
    const attend = (x: Tensor) => {
      const [attended] = this.multiheadAttn.call(x, memory, memory, {
        attnMask: options.memoryMask,
        keyPaddingMask: options.memoryKeyPaddingMask,
        isCausal: options.memoryIsCausal,
        needWeights: false,
      });
      return this.dropout2.call(attended);
    };
    const feed = (x: Tensor) => {
      const hidden = this.activate(this.activation, this.linear1.call(x));
      return this.dropout3.call(this.linear2.call(this.dropout.call(hidden)));
    };
    if (this.normFirst) {
      const x = tgt.add(attendSelf(this.norm1.call(tgt)));
      const y = x.add(attend(this.norm2.call(x)));
      return y.add(feed(this.norm3.call(y)));
    }
    const x = this.norm1.call(tgt.add(attendSelf(tgt)));
    const y = this.norm2.call(x.add(attend(x)));
    return this.norm3.call(y.add(feed(y)));
  }
}

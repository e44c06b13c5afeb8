import { type Args, type Bound, bind } from '../../arguments';
import { operator } from '../../dispatch';
import type { Tensor } from '../../tensor';
import { gelu, relu } from '../functional/activation';
import { canonicalMask } from '../functional/attention-mask';
import { hasForwardHooks } from '../internals';
import { GELU } from './activation';
import { MultiheadAttention } from './attention';
import { Dropout } from './dropout';
import { Linear } from './linear';
import { LayerNorm } from './normalization';
import { ReLU } from './rectifier';
import {
  type Activation,
  activationOf,
  type LayerNeeded,
  TransformerLayer,
  type TransformerLayerOptions,
  withoutGradients,
} from './transformer-layer';

/** `torch._transformer_encoder_layer_fwd`: a whole layer in one operator, without gradients. */
const nativeLayer = operator<(...args: unknown[]) => Tensor>('_transformer_encoder_layer_fwd');

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

  constructor(...args: Args<'TransformerEncoderLayer', LayerNeeded, TransformerLayerOptions>) {
    super();
    const bound = bind<Bound<LayerNeeded, TransformerLayerOptions>>(
      'TransformerEncoderLayer',
      args,
    );
    const { dModel, nhead, dimFeedforward, dropout } = bound;
    const { attention, linear, norm } = this.settings(bound);
    this.selfAttn = new MultiheadAttention(dModel, nhead, attention);
    this.linear1 = new Linear(dModel, dimFeedforward, linear);
    this.dropout = new Dropout(dropout);
    this.linear2 = new Linear(dimFeedforward, dModel, linear);
    this.norm1 = new LayerNorm(dModel, norm);
    this.norm2 = new LayerNorm(dModel, norm);
    this.dropout1 = new Dropout(dropout);
    this.dropout2 = new Dropout(dropout);
    this.activation = activationOf(bound.activation);
    this.normFirst = bound.normFirst;
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

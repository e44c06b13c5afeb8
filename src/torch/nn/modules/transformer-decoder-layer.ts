import { type Args, type Bound, bind } from '../../arguments';
import type { Tensor } from '../../tensor';
import { MultiheadAttention } from './attention';
import { Dropout } from './dropout';
import { Linear } from './linear';
import { LayerNorm } from './normalization';
import {
  type Activation,
  activationOf,
  type LayerNeeded,
  TransformerLayer,
  type TransformerLayerOptions,
} from './transformer-layer';

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

  constructor(...args: Args<'TransformerDecoderLayer', LayerNeeded, TransformerLayerOptions>) {
    super();
    const bound = bind<Bound<LayerNeeded, TransformerLayerOptions>>(
      'TransformerDecoderLayer',
      args,
    );
    const { dModel, nhead, dimFeedforward, dropout } = bound;
    const { attention, linear, norm } = this.settings(bound);
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
    this.activation = activationOf(bound.activation);
    this.normFirst = bound.normFirst;
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

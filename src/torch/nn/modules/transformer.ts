import { type Args, type Bound, bind } from '../../arguments';
import { lookUp } from '../../dispatch';
import { TorchError } from '../../errors';
import type { Tensor } from '../../tensor';
import type { Device, DType } from '../../types';
import { canonicalMask, causalMask, isCausalMask } from '../functional/attention-mask';
import { xavierUniform_ } from '../init';
import { Module } from '../module';
import { ModuleList } from './container';
import { LayerNorm } from './normalization';
import { type DecoderCall, TransformerDecoderLayer } from './transformer-decoder-layer';
import { TransformerEncoderLayer } from './transformer-encoder-layer';
import { type TransformerLayerOptions, withoutGradients } from './transformer-layer';

const isLeftAligned = lookUp('_nested_tensor_from_mask_left_aligned');
const nestedFromMask = lookUp('_nested_tensor_from_mask');
const toPadded = lookUp('to_padded_tensor');

const clones = <T extends Module>(layer: T, count: number) =>
  new ModuleList(Array.from({ length: count }, () => layer.deepcopy()));

/** Places in the sequences of a batch. */
const lengthOf = ({ shape }: Tensor, batchFirst: boolean): number =>
  shape.length === 2 ? shape[0]! : shape[batchFirst ? 1 : 0]!;

export interface EncoderCall {
  /** What each place may not see, `[L, L]` or `[N · heads, L, L]`: true or −∞ there. */
  mask?: Tensor | null;
  /** Which places to leave out, `[N, L]` or `[L]`: true or −∞ there. */
  srcKeyPaddingMask?: Tensor | null;
  /** Say whether `mask` is the causal one; looked up in it by default. */
  isCausal?: boolean | null;
}

interface NormOptions {
  /** Applied at the end. */
  norm?: Module | null;
}
interface EncoderNeeded {
  encoderLayer: TransformerEncoderLayer;
  numLayers: number;
}
interface EncoderOptions extends NormOptions {
  /** Without gradients, skip the padding of a batch. Default true. */
  enableNestedTensor?: boolean;
  /** Check first that the padding stands at the end. Default true. */
  maskCheck?: boolean;
}

/** Layers of an encoder, each with a copy of the given one's weights (`torch.nn.TransformerEncoder`). */
export class TransformerEncoder extends Module {
  readonly layers: ModuleList<TransformerEncoderLayer>;
  readonly norm: Module | null;
  readonly numLayers: number;
  readonly enableNestedTensor: boolean;
  readonly maskCheck: boolean;

  constructor(...args: Args<'TransformerEncoder', EncoderNeeded, EncoderOptions>) {
    super();
    const { encoderLayer, numLayers, norm, enableNestedTensor, maskCheck } = bind<
      Bound<EncoderNeeded, EncoderOptions>
    >('TransformerEncoder', args);
    this.layers = clones(encoderLayer, numLayers);
    this.numLayers = numLayers;
    this.norm = norm;
    this.enableNestedTensor = enableNestedTensor;
    this.maskCheck = maskCheck;
  }

  /** @returns The source's shape, `[L, N, dModel]`, `[N, L, dModel]` with `batchFirst`, or `[L, dModel]`. */
  forward(src: Tensor, options: EncoderCall = {}): Tensor {
    const { isCausal = null } = options;
    const given = options.mask ?? null;
    const padding = canonicalMask(
      options.srcKeyPaddingMask ?? null,
      'src_key_padding_mask',
      src.dtype,
      { mask: given, name: 'mask' },
    );
    const mask = canonicalMask(given, 'mask', src.dtype);
    const first = this.layers[0]!;
    const nested = padding && !mask ? this.nest(src, padding, first) : null;
    const call = {
      srcMask: mask,
      srcKeyPaddingMask: nested ? null : padding,
      isCausal: isCausalMask(mask, isCausal, lengthOf(src, first.selfAttn.batchFirst)),
    };
    let output = nested ?? src;
    for (const layer of this.layers) output = layer.call(output, call);
    if (nested) output = toPadded([output, { float: 0 }, src.shape]) as Tensor;
    return this.norm ? this.norm.call(output) : output;
  }

  /** The batch without its padding, where PyTorch takes it so; null elsewhere. */
  private nest(src: Tensor, padding: Tensor, first: TransformerEncoderLayer): Tensor | null {
    if (!this.enableNestedTensor || !first.isNestable || first.training || src.ndim !== 3)
      return null;
    const kept = padding.logicalNot();
    if (this.maskCheck && !isLeftAligned([src, kept])) return null;
    if (!withoutGradients([src, ...first.weights()])) return null;
    return nestedFromMask([src, kept, false]) as Tensor;
  }
}

interface DecoderNeeded {
  decoderLayer: TransformerDecoderLayer;
  numLayers: number;
}

/** Layers of a decoder, each with a copy of the given one's weights (`torch.nn.TransformerDecoder`). */
export class TransformerDecoder extends Module {
  readonly layers: ModuleList<TransformerDecoderLayer>;
  readonly numLayers: number;
  readonly norm: Module | null;

  constructor(...args: Args<'TransformerDecoder', DecoderNeeded, NormOptions>) {
    super();
    const { decoderLayer, numLayers, norm } = bind<Bound<DecoderNeeded, NormOptions>>(
      'TransformerDecoder',
      args,
    );
    this.layers = clones(decoderLayer, numLayers);
    this.numLayers = numLayers;
    this.norm = norm;
  }

  /**
   * @param tgt `[L, N, dModel]`, `[N, L, dModel]` with `batchFirst`, or `[L, dModel]`.
   * @param memory The encoder's output, `[S, N, dModel]`, likewise.
   * @param options `tgtIsCausal` is looked up in `tgtMask` by default.
   */
  forward(
    tgt: Tensor,
    memory: Tensor,
    options: Omit<DecoderCall, 'tgtIsCausal'> & { tgtIsCausal?: boolean | null } = {},
  ): Tensor {
    const length = lengthOf(tgt, this.layers[0]!.selfAttn.batchFirst);
    const { tgtMask = null, tgtIsCausal = null } = options;
    const call = { ...options, tgtIsCausal: isCausalMask(tgtMask, tgtIsCausal, length) };
    let output = tgt;
    for (const layer of this.layers) output = layer.call(output, memory, call);
    return this.norm ? this.norm.call(output) : output;
  }
}

export interface TransformerOptions extends TransformerLayerOptions {
  /** Features of each place. Default 512. */
  dModel?: number;
  /** Heads of attention. Default 8. */
  nhead?: number;
  /** Default 6. */
  numEncoderLayers?: number;
  /** Default 6. */
  numDecoderLayers?: number;
  /** In place of PyTorch's encoder. */
  customEncoder?: Module | null;
  /** In place of PyTorch's decoder. */
  customDecoder?: Module | null;
}

export interface TransformerCall extends Omit<DecoderCall, 'tgtIsCausal'> {
  srcMask?: Tensor | null;
  srcKeyPaddingMask?: Tensor | null;
  srcIsCausal?: boolean | null;
  tgtIsCausal?: boolean | null;
}

/** Encoder and decoder (`torch.nn.Transformer`; Vaswani et al. 2017, arXiv:1706.03762). */
export class Transformer extends Module {
  readonly encoder: Module;
  readonly decoder: Module;
  readonly dModel: number;
  readonly nhead: number;
  readonly batchFirst: boolean;

  constructor(...args: Args<'Transformer', unknown, TransformerOptions>) {
    super();
    const { numEncoderLayers, numDecoderLayers, customEncoder, customDecoder, ...layer } = bind<
      Bound<TransformerOptions>
    >('Transformer', args);
    const { dModel, nhead, layerNormEps: eps, bias, device, dtype } = layer;
    const norm = () => new LayerNorm(dModel, { eps, bias, device, dtype });
    this.encoder =
      customEncoder ??
      new TransformerEncoder(new TransformerEncoderLayer(layer), numEncoderLayers, norm());
    this.decoder =
      customDecoder ??
      new TransformerDecoder(new TransformerDecoderLayer(layer), numDecoderLayers, norm());
    this.dModel = dModel;
    this.nhead = nhead;
    this.batchFirst = layer.batchFirst;
    this.resetParameters();
  }

  /** Initialises all matrices again as PyTorch does (Glorot, uniform). */
  resetParameters(): void {
    for (const parameter of this.parameters()) if (parameter.ndim > 1) xavierUniform_(parameter);
  }

  /**
   * @param src `[S, N, dModel]`, `[N, S, dModel]` with `batchFirst`, or `[S, dModel]`.
   * @param tgt `[L, N, dModel]`, likewise.
   * @returns The target's shape. Throws TorchError if batches or features don't fit.
   */
  forward(src: Tensor, tgt: Tensor, options: TransformerCall = {}): Tensor {
    const batchDim = this.batchFirst ? 0 : 1;
    if (src.ndim === 3 && src.size(batchDim) !== tgt.size(batchDim)) {
      throw new TorchError('the batch number of src and tgt must be equal', 'RuntimeError');
    }
    if (src.size(-1) !== this.dModel || tgt.size(-1) !== this.dModel) {
      throw new TorchError(
        'the feature number of src and tgt must be equal to d_model',
        'RuntimeError',
      );
    }
    const { srcMask, srcKeyPaddingMask, srcIsCausal, ...rest } = options;
    const memory: Tensor = this.encoder.call(src, {
      mask: srcMask,
      srcKeyPaddingMask,
      isCausal: srcIsCausal,
    });
    return this.decoder.call(tgt, memory, rest);
  }

  /** The mask `[size, size]` that hides from each place all those after it. */
  static generateSquareSubsequentMask(
    size: number,
    options: { dtype?: DType | null; device?: Device | null } = {},
  ): Tensor {
    return causalMask(size, options);
  }
}

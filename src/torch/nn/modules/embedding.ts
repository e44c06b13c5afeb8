import { noGrad } from '../../autograd';
import { TorchError } from '../../errors';
import { empty } from '../../generated/functions';
import type { Tensor } from '../../tensor';
import type { DType } from '../../types';
import type { EmbeddingBagSettings, EmbeddingSettings } from '../functional';
import * as F from '../functional';
import { normal_ } from '../init';
import { Module } from '../module';
import { Parameter } from '../parameter';
import { bool, float } from '../repr';

/** Vectors to start from, in place of drawn ones. */
interface Given {
  _weight?: Tensor;
  _freeze?: boolean;
}

/** What both tables have: rows drawn from the normal distribution, one of them zero for padding. */
abstract class Table extends Module {
  weight: Parameter;
  readonly paddingIdx: number | null;
  readonly maxNorm: number | null;
  readonly normType: number;
  readonly scaleGradByFreq: boolean;
  readonly sparse: boolean;

  constructor(
    readonly numEmbeddings: number,
    readonly embeddingDim: number,
    options: EmbeddingSettings & { dtype?: DType } & Given,
    paddingName: string,
  ) {
    super();
    const { paddingIdx = null, dtype, _weight, _freeze = false } = options;
    if (
      paddingIdx !== null &&
      (paddingIdx < -numEmbeddings || paddingIdx >= Math.max(numEmbeddings, 1))
    ) {
      throw new TorchError(`${paddingName} must be within num_embeddings`, 'AssertionError');
    }
    const fromEnd = paddingIdx !== null && paddingIdx < 0;
    this.paddingIdx = fromEnd ? numEmbeddings + paddingIdx : paddingIdx;
    this.maxNorm = options.maxNorm ?? null;
    this.normType = options.normType ?? 2;
    this.scaleGradByFreq = options.scaleGradByFreq ?? false;
    this.sparse = options.sparse ?? false;
    this.weight = new Parameter(
      _weight ?? empty([numEmbeddings, embeddingDim], { dtype }),
      !_freeze,
    );
    if (!_weight) this.resetParameters();
  }

  /** Draws new vectors; the padding's is zero. */
  resetParameters(): void {
    normal_(this.weight);
    const { paddingIdx } = this;
    if (paddingIdx !== null) noGrad(() => this.weight.select(0, paddingIdx).fill_(0));
  }

  /** The settings that are not as usual. */
  protected settings(): string[] {
    const { maxNorm, normType, scaleGradByFreq } = this;
    const parts = [`${this.numEmbeddings}, ${this.embeddingDim}`];
    if (maxNorm !== null) parts.push(`max_norm=${float(maxNorm)}`);
    if (normType !== 2) parts.push(`norm_type=${float(normType)}`);
    if (scaleGradByFreq) parts.push(`scale_grad_by_freq=${bool(scaleGradByFreq)}`);
    return parts;
  }
}

/** Rows and columns of vectors that were learnt elsewhere. */
function sizeOf(embeddings: Tensor): [number, number] {
  if (embeddings.ndim !== 2) {
    throw new TorchError('Embeddings parameter is expected to be 2-dimensional', 'AssertionError');
  }
  return embeddings.shape as [number, number];
}

export interface EmbeddingOptions extends EmbeddingSettings {
  dtype?: DType;
}

/** A table of vectors, read by indices int64 `[*]` to `[*, embeddingDim]` (`torch.nn.Embedding`). */
export class Embedding extends Table {
  constructor(numEmbeddings: number, embeddingDim: number, options: EmbeddingOptions = {}) {
    super(numEmbeddings, embeddingDim, options, 'Padding_idx');
  }

  /** A table of the vectors `[V, D]`, which learn nothing unless `freeze` is false. */
  static fromPretrained(
    embeddings: Tensor,
    options: EmbeddingSettings & { freeze?: boolean } = {},
  ): Embedding {
    const { freeze = true, ...settings } = options;
    const given: EmbeddingOptions & Given = { ...settings, _weight: embeddings, _freeze: freeze };
    return new Embedding(...sizeOf(embeddings), given);
  }

  forward(indices: Tensor): Tensor {
    const { weight, paddingIdx, maxNorm, normType, scaleGradByFreq, sparse } = this;
    return F.embedding(indices, weight, paddingIdx, maxNorm, normType, scaleGradByFreq, sparse);
  }

  override extraRepr(): string {
    const [size, ...others] = this.settings() as [string, ...string[]];
    const padding = this.paddingIdx === null ? [] : [`padding_idx=${this.paddingIdx}`];
    return [size, ...padding, ...others, ...(this.sparse ? ['sparse=True'] : [])].join(', ');
  }
}

export interface EmbeddingBagOptions
  extends Omit<EmbeddingBagSettings, 'offsets' | 'perSampleWeights'> {
  dtype?: DType;
}

/** A table of vectors, read by bags of indices; see `F.embeddingBag` (`torch.nn.EmbeddingBag`). */
export class EmbeddingBag extends Table {
  readonly mode: 'sum' | 'mean' | 'max';
  readonly includeLastOffset: boolean;

  constructor(numEmbeddings: number, embeddingDim: number, options: EmbeddingBagOptions = {}) {
    super(numEmbeddings, embeddingDim, options, 'padding_idx');
    this.mode = options.mode ?? 'mean';
    this.includeLastOffset = options.includeLastOffset ?? false;
  }

  /** A table of the vectors `[V, D]`, which learn nothing unless `freeze` is false. */
  static fromPretrained(
    embeddings: Tensor,
    options: Omit<EmbeddingBagOptions, 'dtype'> & { freeze?: boolean } = {},
  ): EmbeddingBag {
    const { freeze = true, ...settings } = options;
    const given: EmbeddingBagOptions & Given = {
      ...settings,
      _weight: embeddings,
      _freeze: freeze,
    };
    return new EmbeddingBag(...sizeOf(embeddings), given);
  }

  forward(
    indices: Tensor,
    offsets: Tensor | null = null,
    perSampleWeights: Tensor | null = null,
  ): Tensor {
    const { maxNorm, normType, scaleGradByFreq, mode, sparse, includeLastOffset, paddingIdx } =
      this;
    return F.embeddingBag(indices, this.weight, offsets, {
      maxNorm,
      normType,
      scaleGradByFreq,
      mode,
      sparse,
      perSampleWeights,
      includeLastOffset,
      paddingIdx,
    });
  }

  override extraRepr(): string {
    const padding = this.paddingIdx === null ? [] : [`padding_idx=${this.paddingIdx}`];
    return [...this.settings(), `mode='${this.mode}'`, ...padding].join(', ');
  }
}

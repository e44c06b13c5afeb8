import { type Args, type Bound, bind } from '../../arguments';
import { noGrad } from '../../autograd';
import { TorchError } from '../../errors';
import { empty } from '../../generated/functions';
import type { Tensor } from '../../tensor';
import type { FactoryOptions } from '../../types';
import type { EmbeddingBagSettings, EmbeddingSettings } from '../functional';
import * as F from '../functional';
import { guard } from '../guard';
import { normal_ } from '../init';
import { Module } from '../module';
import { Parameter } from '../parameter';
import { bool, float } from '../repr';

interface Needed {
  numEmbeddings: number;
  embeddingDim: number;
}

/** What the tables of both kinds are made of. */
type Settings = Bound<Needed, Omit<EmbeddingOptions, '_freeze'>> & { _freeze?: boolean };

/** What both tables have: rows drawn from the normal distribution, one of them zero for padding. */
abstract class Table extends Module {
  weight: Parameter;
  readonly numEmbeddings: number;
  readonly embeddingDim: number;
  readonly paddingIdx: number | null;
  readonly maxNorm: number | null;
  readonly normType: number;
  readonly scaleGradByFreq: boolean;
  readonly sparse: boolean;

  constructor(settings: Settings, paddingName: string) {
    super();
    const { numEmbeddings, embeddingDim, paddingIdx, device, dtype, _weight, _freeze } = settings;
    this.numEmbeddings = numEmbeddings;
    this.embeddingDim = embeddingDim;
    if (
      paddingIdx !== null &&
      (paddingIdx < -numEmbeddings || paddingIdx >= Math.max(numEmbeddings, 1))
    ) {
      throw new TorchError(`${paddingName} must be within num_embeddings`, 'AssertionError');
    }
    const fromEnd = paddingIdx !== null && paddingIdx < 0;
    this.paddingIdx = fromEnd ? numEmbeddings + paddingIdx : paddingIdx;
    this.maxNorm = settings.maxNorm;
    this.normType = settings.normType;
    this.scaleGradByFreq = settings.scaleGradByFreq;
    this.sparse = settings.sparse;
    const shape = [numEmbeddings, embeddingDim];
    if (_weight && String(_weight.shape) !== String(shape)) {
      throw new TorchError(
        'Shape of weight does not match num_embeddings and embedding_dim',
        'AssertionError',
      );
    }
    this.weight = new Parameter(_weight ?? empty(shape, { device, dtype }), !_freeze);
    guard(this, 'weight');
    if (!_weight) this.resetParameters();
  }

  /** Initialises the vectors; the padding's is zero. */
  resetParameters(): void {
    normal_(this.weight);
    const { paddingIdx } = this;
    if (paddingIdx !== null) noGrad(() => this.weight.select(0, paddingIdx).fill_(0));
  }

  /** The settings that differ from their defaults. */
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

export interface EmbeddingOptions extends EmbeddingSettings, FactoryOptions {
  /** Vectors to start from, in place of drawn ones. */
  _weight?: Tensor | null;
  /** Whether they learn nothing. */
  _freeze?: boolean;
}

interface Pretrained extends EmbeddingSettings {
  /** Default true. */
  freeze?: boolean;
}

/** A table of vectors, read by indices int64 `[*]` to `[*, embeddingDim]` (`torch.nn.Embedding`). */
export class Embedding extends Table {
  constructor(...args: Args<'Embedding', Needed, EmbeddingOptions>) {
    super(bind('Embedding', args), 'Padding_idx');
  }

  /** A table of the vectors `[V, D]`, which learn nothing unless `freeze` is false. */
  static fromPretrained(
    ...args: Args<'Embedding.from_pretrained', { embeddings: Tensor }, Pretrained>
  ): Embedding {
    const { embeddings, freeze, ...settings } = bind<Bound<{ embeddings: Tensor }, Pretrained>>(
      'Embedding.from_pretrained',
      args,
    );
    const given = { ...settings, _weight: embeddings, _freeze: freeze };
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
  extends Omit<EmbeddingBagSettings, 'offsets' | 'perSampleWeights'>,
    FactoryOptions {
  /** Vectors to start from, in place of drawn ones. */
  _weight?: Tensor | null;
}

interface PretrainedBag extends Omit<EmbeddingBagOptions, '_weight' | 'device' | 'dtype'> {
  /** Default true. */
  freeze?: boolean;
}

/** A table of vectors, read by bags of indices; see `F.embeddingBag` (`torch.nn.EmbeddingBag`). */
export class EmbeddingBag extends Table {
  readonly mode: 'sum' | 'mean' | 'max';
  readonly includeLastOffset: boolean;

  constructor(...args: Args<'EmbeddingBag', Needed, EmbeddingBagOptions>) {
    const bound = bind<Bound<Needed, EmbeddingBagOptions>>('EmbeddingBag', args);
    super(bound, 'padding_idx');
    this.mode = bound.mode;
    this.includeLastOffset = bound.includeLastOffset;
  }

  /** A table of the vectors `[V, D]`, which learn nothing unless `freeze` is false. */
  static fromPretrained(
    ...args: Args<'EmbeddingBag.from_pretrained', { embeddings: Tensor }, PretrainedBag>
  ): EmbeddingBag {
    const { embeddings, freeze, ...settings } = bind<Bound<{ embeddings: Tensor }, PretrainedBag>>(
      'EmbeddingBag.from_pretrained',
      args,
    );
    const bag = new EmbeddingBag(...sizeOf(embeddings), { ...settings, _weight: embeddings });
    bag.weight.requiresGrad_(!freeze);
    return bag;
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

/** Tables of vectors, read by indices. */

import { named } from '../../arguments';
import { TorchError } from '../../errors';
import * as f from '../../generated/functions';
import type { Tensor } from '../../tensor';
import { shapeText } from '../repr';

export interface EmbeddingSettings {
  /** An index whose row learns nothing; from the end where negative. */
  paddingIdx?: number | null;
  /** Rows that are read and longer than this are shortened in place. */
  maxNorm?: number | null;
  /** Which norm `maxNorm` means. Default 2. */
  normType?: number;
  /** Divide a row's gradient by how often the batch read it. */
  scaleGradByFreq?: boolean;
  /** Make the weight's gradient a sparse tensor. */
  sparse?: boolean;
}

/** Rows of `weight` `[V, D]` at indices int64 `[*]`, `[*, D]` (`torch.nn.functional.embedding`). */
export const embedding = named<'embedding', { input: Tensor; weight: Tensor }, EmbeddingSettings>(
  'embedding',
  (
    input: Tensor,
    weight: Tensor,
    paddingIdx: number | null,
    maxNorm: number | null,
    normType: number,
    scaleGradByFreq: boolean,
    sparse: boolean,
  ) => {
    const rows = weight.shape[0]!;
    if (paddingIdx !== null && (paddingIdx < -rows || paddingIdx >= Math.max(rows, 1))) {
      throw new TorchError(
        'Padding_idx must be within num_embeddings',
        'AssertionError',
        'embedding',
      );
    }
    let indices = input;
    if (maxNorm !== null) {
      indices = input.contiguous();
      f.embeddingRenorm_(weight.detach(), indices, maxNorm, normType);
    }
    const padding = paddingIdx !== null && paddingIdx < 0 ? rows + paddingIdx : (paddingIdx ?? -1);
    return f.embedding(weight, indices, padding, scaleGradByFreq, sparse);
  },
);

const modes = { sum: 0, mean: 1, max: 2 } as const;

export interface EmbeddingBagSettings {
  /** Where each bag starts in indices of one dimension. */
  offsets?: Tensor | null;
  maxNorm?: number | null;
  normType?: number;
  scaleGradByFreq?: boolean;
  /** How a bag is reduced. Default mean. */
  mode?: keyof typeof modes;
  sparse?: boolean;
  /** A weight for each index, in mode sum. */
  perSampleWeights?: Tensor | null;
  /** Whether the last offset is the end of the last bag. */
  includeLastOffset?: boolean;
  paddingIdx?: number | null;
}

/**
 * Sums, means or maxima over bags of rows of `weight` `[V, D]`, without their rows in between
 * (`torch.nn.functional.embedding_bag`): indices `[B, N]`, or `[N]` with offsets `[B]`, give `[B, D]`.
 */
export const embeddingBag = named<
  'embedding_bag',
  { input: Tensor; weight: Tensor },
  EmbeddingBagSettings
>(
  'embedding_bag',
  (
    input: Tensor,
    weight: Tensor,
    offsets: Tensor | null,
    maxNorm: number | null,
    normType: number,
    scaleGradByFreq: boolean,
    mode: keyof typeof modes,
    sparse: boolean,
    perSampleWeights: Tensor | null,
    includeLastOffset: boolean,
    paddingIdx: number | null,
  ) => {
    const fail = (message: string, code = 'ValueError') =>
      new TorchError(message, code, 'embedding_bag');
    if (perSampleWeights && String(perSampleWeights.shape) !== String(input.shape)) {
      throw fail(
        `embedding_bag: If per_sample_weights (${shapeText(perSampleWeights.shape)}) is not None, ` +
          `then it must have the same shape as the input (${shapeText(input.shape)})`,
      );
    }
    if (weight.ndim !== 2) {
      throw fail(`weight has to be a 2D Tensor, but got Tensor of dimension ${weight.ndim}`);
    }
    const bags = inBags(input, offsets, fail);
    const modeNumber = modes[mode];
    if (modeNumber === undefined) throw fail('mode has to be one of sum, mean or max');
    if (mode === 'max' && scaleGradByFreq) {
      throw fail('max mode does not support scaling the gradient by the frequency');
    }
    if (mode === 'max' && sparse) throw fail('max mode does not support sparse weights');
    if (maxNorm !== null) f.embeddingRenorm_(weight.detach(), bags.indices, maxNorm, normType);
    if (perSampleWeights && mode !== 'sum') {
      throw fail(
        'embedding_bag: per_sample_weights was not None. per_sample_weights is only supported ' +
          `for mode='sum' (got mode='${mode}'). Please open a feature request on GitHub.`,
        'NotImplementedError',
      );
    }
    const [result] = f.embeddingBag(
      weight,
      bags.indices,
      bags.offsets,
      scaleGradByFreq,
      modeNumber,
      sparse,
      input.ndim === 2 ? (perSampleWeights?.reshape(-1) ?? null) : perSampleWeights,
      input.ndim === 2 ? false : includeLastOffset,
      paddingIdx,
    );
    return result;
  },
);

/** Indices in one dimension, and where each bag starts. */
function inBags(
  input: Tensor,
  offsets: Tensor | null,
  fail: (message: string) => TorchError,
): { indices: Tensor; offsets: Tensor } {
  if (input.ndim === 2) {
    if (offsets) {
      throw fail(
        'if input is 2D, then offsets has to be None, as input is treated is a mini-batch of fixed ' +
          "length sequences. However, found offsets of type <class 'torch.Tensor'>",
      );
    }
    const { dtype } = input;
    return {
      indices: input.reshape(-1),
      offsets: f.arange(0, input.numel(), input.shape[1]!, { dtype }),
    };
  }
  if (input.ndim !== 1) {
    throw fail(`input has to be 1D or 2D Tensor, but got Tensor of dimension ${input.ndim}`);
  }
  if (!offsets) throw fail('offsets has to be a 1D Tensor but got None');
  if (offsets.ndim !== 1) throw fail('offsets has to be a 1D Tensor');
  return { indices: input, offsets };
}

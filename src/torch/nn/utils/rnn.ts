import { named } from '../../arguments';
/** `torch.nn.utils.rnn`: sequences of unequal length, packed and padded. */
import { tensor } from '../../creation';
import { lookUp } from '../../dispatch';
import { TorchError } from '../../errors';
import { arange, emptyLike, sort } from '../../generated/functions';
import * as nn from '../../generated/nn';
import { Tensor } from '../../tensor';

/**
 * Sequences of unequal length, step by step without padding (`torch.nn.utils.rnn.PackedSequence`).
 * {@link packPaddedSequence} and {@link packSequence} make one; all recurrent modules take it.
 */
export class PackedSequence {
  constructor(
    /** The elements of step 0 of all sequences, then those of step 1, …: `[elements, *]`. */
    readonly data: Tensor,
    /** How many sequences reach each step, int64 `[steps]`. */
    readonly batchSizes: Tensor,
    /** Places that the sequences, longest first, had before; null if they came sorted. */
    readonly sortedIndices: Tensor | null = null,
    readonly unsortedIndices: Tensor | null = invertPermutation(sortedIndices),
  ) {}
}

/** The permutation that undoes another, int64 `[N]` (`torch.nn.utils.rnn.invert_permutation`). */
export function invertPermutation<T extends Tensor | null>(permutation: T): T {
  if (!permutation) return permutation;
  const places = arange(0, permutation.numel(), { device: permutation.device });
  return emptyLike(permutation).scatter_(0, permutation, places) as T;
}

const pack = lookUp('_pack_padded_sequence');
const padPacked = lookUp('_pad_packed_sequence');

const batchDim = (batchFirst: boolean) => (batchFirst ? 0 : 1);

/**
 * Packs padded sequences `[T, B, *]`, or `[B, T, *]` with `batchFirst`, of the given lengths
 * (`torch.nn.utils.rnn.pack_padded_sequence`). They must come longest first, unless
 * `enforceSorted` is false. Throws TorchError if they don't or if a length is not positive.
 */
export const packPaddedSequence = named<
  'pack_padded_sequence',
  { input: Tensor; lengths: Tensor | readonly number[] },
  { batchFirst?: boolean; enforceSorted?: boolean },
  PackedSequence
>('pack_padded_sequence', packPadded);

function packPadded(
  input: Tensor,
  lengths: Tensor | readonly number[],
  batchFirst: boolean,
  enforceSorted: boolean,
): PackedSequence {
  let sizes = lengths instanceof Tensor ? lengths.long() : tensor(lengths, { dtype: 'int64' });
  let sorted = input;
  let indices: Tensor | null = null;
  if (!enforceSorted) {
    [sizes, indices] = sort(sizes, { descending: true });
    sorted = input.indexSelect(batchDim(batchFirst), indices);
  }
  const [data, batchSizes] = pack([sorted, sizes, batchFirst]) as [Tensor, Tensor];
  return new PackedSequence(data, batchSizes, indices);
}

/**
 * Pads a packed sequence again (`torch.nn.utils.rnn.pad_packed_sequence`): the sequences `[T, B, *]`,
 * or `[B, T, *]` with `batchFirst`, in their order before packing, and their lengths, int64 `[B]`.
 * Throws TorchError if `totalLength` is less than the longest.
 */
export const padPackedSequence = named<
  'pad_packed_sequence',
  { sequence: PackedSequence },
  { batchFirst?: boolean; paddingValue?: number; totalLength?: number | null },
  [Tensor, Tensor]
>('pad_packed_sequence', unpack);

function unpack(
  sequence: PackedSequence,
  batchFirst: boolean,
  paddingValue: number,
  totalLength: number | null,
): [Tensor, Tensor] {
  const longest = sequence.batchSizes.size(0);
  if (totalLength !== null && totalLength < longest) {
    throw new TorchError(
      'Expected total_length to be at least the length of the longest sequence in input, but got ' +
        `total_length=${totalLength} and max sequence length being ${longest}`,
      'ValueError',
    );
  }
  const { data, batchSizes, unsortedIndices } = sequence;
  const [padded, lengths] = padPacked([
    data,
    batchSizes,
    batchFirst,
    { float: paddingValue },
    totalLength ?? longest,
  ]) as [Tensor, Tensor];
  if (!unsortedIndices) return [padded, lengths];
  return [
    padded.indexSelect(batchDim(batchFirst), unsortedIndices),
    lengths.indexSelect(0, unsortedIndices),
  ];
}

/**
 * Stacks sequences `[L, *]` to `[T, B, *]`, or `[B, T, *]` with `batchFirst`, padded to the longest
 * (`torch.nn.utils.rnn.pad_sequence`).
 */
export const padSequence = named<
  'pad_sequence',
  { sequences: readonly Tensor[] },
  { batchFirst?: boolean; paddingValue?: number; paddingSide?: 'left' | 'right' }
>('pad_sequence', nn.padSequence);

/** The sequences of padded ones, without their padding (`torch.nn.utils.rnn.unpad_sequence`). */
export const unpadSequence = named<
  'unpad_sequence',
  { paddedSequences: Tensor; lengths: Tensor | readonly number[] },
  { batchFirst?: boolean },
  Tensor[]
>('unpad_sequence', (padded: Tensor, lengths: Tensor | readonly number[], batchFirst: boolean) => {
  const sizes: readonly number[] =
    lengths instanceof Tensor ? (lengths.toArray() as number[]) : lengths;
  const sequences = batchFirst ? padded : padded.transpose(0, 1);
  return Array.from(sequences, (sequence, i) => sequence.narrow(0, 0, sizes[i]!));
});

/** Packs sequences `[L, *]`, longest first by default (`torch.nn.utils.rnn.pack_sequence`). */
export const packSequence = named<
  'pack_sequence',
  { sequences: readonly Tensor[] },
  { enforceSorted?: boolean },
  PackedSequence
>('pack_sequence', (sequences: readonly Tensor[], enforceSorted: boolean) => {
  const lengths = sequences.map((sequence) => sequence.size(0));
  return packPadded(padSequence(sequences), lengths, false, enforceSorted);
});

/** The sequences of a packed one, each `[L, *]` (`torch.nn.utils.rnn.unpack_sequence`). */
export function unpackSequence(packed: PackedSequence): Tensor[] {
  const [padded, lengths] = padPackedSequence(packed, { batchFirst: true });
  return unpadSequence(padded, lengths, { batchFirst: true });
}

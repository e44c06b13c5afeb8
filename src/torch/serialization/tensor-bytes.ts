import { empty } from '../generated/functions';
import { native } from '../native';
import type { Tensor } from '../tensor';

/** A tensor on the CPU on all bytes of a tensor's storage, wherever that is: itself there, else a copy. */
export function storageOnCpu(tensor: Tensor): Tensor {
  const { device } = tensor;
  if (device.type === 'cpu') return tensor;
  const size = native.storageSize(tensor.handle);
  return empty([0], { dtype: 'uint8', device }).set_(tensor.detach(), 0, [size], [1]).cpu();
}

/** As long as one part of a storage is: Linux reads and writes at most 2 GB a call. */
export const longestPart = 1 << 30;

/** The bytes of a file's record, in parts that are short enough for one call of anything. */
export type Parts = Iterable<Uint8Array>;

/**
 * The memory of a tensor's storage from `begin` to `end`, by default all of it, part by part: what is
 * written to a part is written to the tensor.
 */
export function* storageParts(
  tensor: Tensor,
  begin = 0,
  end = native.storageSize(tensor.handle),
): Generator<Uint8Array> {
  for (let at = begin; at < end; at += longestPart) {
    const length = Math.min(longestPart, end - at);
    yield new Uint8Array(native.storageBytes(tensor.handle, at, length));
  }
}

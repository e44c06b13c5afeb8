import { TorchError } from '../../errors';
import { full, zerosLike } from '../../generated/functions';
import type { Tensor } from '../../tensor';
import type { Device, DType } from '../../types';

/**
 * A mask as numbers that are added to the scores: −∞ where a boolean mask is true. Throws TorchError
 * for other dtypes; warns, as PyTorch does, where another mask has another dtype.
 */
export function canonicalMask(
  mask: Tensor | null,
  name: string,
  dtype: DType,
  other?: { mask: Tensor | null; name: string },
): Tensor | null {
  if (!mask) return null;
  const isFloat = mask.isFloatingPoint();
  if (!isFloat && mask.dtype !== 'bool') {
    throw new TorchError(`only bool and floating types of ${name} are supported`, 'AssertionError');
  }
  if (other?.mask && other.mask.dtype !== mask.dtype) {
    process.emitWarning(
      `Support for mismatched ${name} and ${other.name} is deprecated. Use same type for both instead.`,
      'UserWarning',
    );
  }
  if (isFloat) return mask;
  return zerosLike(mask, { dtype }).maskedFill_(mask, Number.NEGATIVE_INFINITY);
}

/** The mask `[size, size]` that hides from each place all those after it. */
export function causalMask(
  size: number,
  options: { dtype?: DType | null; device?: Device | null } = {},
): Tensor {
  return full([size, size], Number.NEGATIVE_INFINITY, { dtype: 'float32', ...options }).triu(1);
}

/** Whether a mask hides what comes after; looked up in it where nobody says so. */
export function isCausalMask(mask: Tensor | null, said: boolean | null, size: number): boolean {
  if (said !== null || !mask) return said === true;
  const causal = causalMask(size, { dtype: mask.dtype, device: mask.device });
  return String(mask.shape) === String(causal.shape) && Boolean(mask.eq(causal).all().item());
}

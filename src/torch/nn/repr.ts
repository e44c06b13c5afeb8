/** How Python writes settings, for what modules print and for its own messages. */

import { takes } from '../arguments';

/** A float: `1.0`, `0.25`, `1e-05`. */
export function float(value: number): string {
  if (value === Infinity) return 'inf';
  if (value === -Infinity) return '-inf';
  if (Number.isNaN(value)) return 'nan';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

export const bool = (value: boolean): string => (value ? 'True' : 'False');

/** What a normalisation prints of its shift: since PyTorch 2.12, where all of them may leave it out. */
export const biasText = (bias: unknown): string =>
  takes('GroupNorm', 'bias') ? `, bias=${bool(bias !== null)}` : '';

/** A shape as `torch.Size` prints it. */
export const shapeText = (shape: readonly number[]): string => `torch.Size([${shape.join(', ')}])`;

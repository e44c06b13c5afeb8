/** Image operations: shuffles, grids and affine views. */

import { named } from '../../arguments';
import { TorchError } from '../../errors';
import * as f from '../../generated/functions';
import type { Tensor } from '../../tensor';
import { shapeText } from '../repr';
import { warn } from './warning';

export {
  channelShuffle,
  nativeChannelShuffle,
  pixelShuffle,
  pixelUnshuffle,
} from '../../generated/functions';

/** Edges at −1 and 1 unless said otherwise, which PyTorch warns of. */
function cornersOf(alignCorners: boolean | null): boolean {
  if (alignCorners === null) {
    warn(
      'Default grid_sample and affine_grid behavior has changed to align_corners=False since 1.3.0. ' +
        'Please specify align_corners=True if the old behavior is desired. See the documentation of ' +
        'grid_sample for details.',
    );
  }
  return alignCorners ?? false;
}

const modes = { bilinear: 0, nearest: 1, bicubic: 2 } as const;
const paddings = { zeros: 0, border: 1, reflection: 2 } as const;

export interface GridSampleOptions {
  mode?: keyof typeof modes;
  /** What lies outside the image. */
  paddingMode?: keyof typeof paddings;
  /** Whether −1 and 1 are the centres of the outermost pixels and not their edges. */
  alignCorners?: boolean | null;
}

/**
 * The image `[N, C, H, W]` at the places of a grid `[N, H′, W′, 2]`, whose coordinates x, y run from
 * −1 to 1; with one dimension more likewise (`torch.nn.functional.grid_sample`).
 */
export const gridSample = named<'grid_sample', { input: Tensor; grid: Tensor }, GridSampleOptions>(
  'grid_sample',
  (
    input: Tensor,
    grid: Tensor,
    mode: keyof typeof modes,
    paddingMode: keyof typeof paddings,
    alignCorners: boolean | null,
  ) => {
    const fail = (what: string) =>
      new TorchError(`nn.functional.grid_sample(): expected ${what}`, 'ValueError', 'grid_sample');
    if (!(mode in modes)) {
      throw fail(`mode to be 'bilinear', 'nearest' or 'bicubic', but got: '${mode}'`);
    }
    if (!(paddingMode in paddings)) {
      throw fail(
        `padding_mode to be 'zeros', 'border', or 'reflection', but got: '${paddingMode}'`,
      );
    }
    return f.gridSampler(input, grid, modes[mode], paddings[paddingMode], cornersOf(alignCorners));
  },
);

/**
 * The grid of an affine view (`torch.nn.functional.affine_grid`): `theta` `[N, 2, 3]` with size
 * `[N, C, H, W]` gives `[N, H, W, 2]`, `[N, 3, 4]` with `[N, C, D, H, W]` gives `[N, D, H, W, 3]`.
 */
export const affineGrid = named<
  'affine_grid',
  { theta: Tensor; size: readonly number[] },
  { alignCorners?: boolean | null }
>('affine_grid', (theta: Tensor, size: readonly number[], alignCorners: boolean | null) => {
  const fail = (message: string, code = 'ValueError') =>
    new TorchError(message, code, 'affine_grid');
  const corners = cornersOf(alignCorners);
  const sizeText = `[${size.join(', ')}]`;
  if (!theta.isFloatingPoint()) {
    throw fail(`Expected theta to have floating point type, but got torch.${theta.dtype}`);
  }
  const dims = size.length - 2;
  if (dims !== 2 && dims !== 3) {
    throw fail(
      'affine_grid only supports 4D and 5D sizes, for 2D and 3D affine transforms, ' +
        `respectively. Got size ${sizeText}.`,
      'NotImplementedError',
    );
  }
  const [, rows, columns] = theta.shape;
  if (theta.ndim !== 3 || rows !== dims || columns !== dims + 1) {
    throw fail(
      `Expected a batch of ${dims}D affine matrices of shape Nx${dims}x${dims + 1} for size ` +
        `${sizeText}. Got ${shapeText(theta.shape)}.`,
    );
  }
  const unit = corners && Math.min(...size.slice(2)) === 1;
  if (!unit && Math.min(...size) <= 0) {
    throw fail(`Expected non-zero, positive output size. Got ${sizeText}`);
  }
  return f.affineGridGenerator(theta, size, corners);
});

/** Convolutions, and their windows as columns. */

import { named } from '../../arguments';
import * as n from '../../generated/nn';
import type { Tensor } from '../../tensor';
import { expand, type Size } from '../sizes';

export {
  conv1d,
  conv2d,
  conv3d,
  convTbc,
  convTranspose1d,
  convTranspose2d,
  convTranspose3d,
} from '../../generated/functions';

export interface WindowOptions {
  dilation?: Size<2>;
  padding?: Size<2>;
  stride?: Size<2>;
}

/**
 * The windows of `[N, C, H, W]` as columns, `[N, C · kernel, L]` (`torch.nn.functional.unfold`).
 */
export const unfold = named<'unfold', { input: Tensor; kernelSize: Size<2> }, WindowOptions>(
  'unfold',
  (input: Tensor, kernelSize: Size<2>, dilation: Size<2>, padding: Size<2>, stride: Size<2>) =>
    n.im2col(
      input,
      expand(kernelSize, 2),
      expand(dilation, 2),
      expand(padding, 2),
      expand(stride, 2),
    ),
);

/**
 * Sums columns `[N, C · kernel, L]` back into their places, `[N, C, H, W]`
 * (`torch.nn.functional.fold`).
 */
export const fold = named<
  'fold',
  { input: Tensor; outputSize: Size<2>; kernelSize: Size<2> },
  WindowOptions
>(
  'fold',
  (
    input: Tensor,
    outputSize: Size<2>,
    kernelSize: Size<2>,
    dilation: Size<2>,
    padding: Size<2>,
    stride: Size<2>,
  ) =>
    n.col2im(
      input,
      expand(outputSize, 2),
      expand(kernelSize, 2),
      expand(dilation, 2),
      expand(padding, 2),
      expand(stride, 2),
    ),
);

import { noGrad } from '../../autograd';
import { TorchError } from '../../errors';
import { eye } from '../../generated/functions';
import type { Generator } from '../../random';
import type { Tensor } from '../../tensor';

export interface RandomOptions {
  generator?: Generator | null;
}

/** Fills with numbers drawn evenly from `[a, b)` (`torch.nn.init.uniform_`). */
export function uniform_(tensor: Tensor, a = 0, b = 1, options: RandomOptions = {}): Tensor {
  return noGrad(() => tensor.uniform_(a, b, options));
}

/** Fills with normally distributed numbers (`torch.nn.init.normal_`). */
export function normal_(tensor: Tensor, mean = 0, std = 1, options: RandomOptions = {}): Tensor {
  return noGrad(() => tensor.normal_(mean, std, options));
}

/** Fills with one value (`torch.nn.init.constant_`). */
export function constant_(tensor: Tensor, value: number): Tensor {
  return noGrad(() => tensor.fill_(value));
}
export const ones_ = (tensor: Tensor): Tensor => constant_(tensor, 1);
export const zeros_ = (tensor: Tensor): Tensor => noGrad(() => tensor.zero_());

/** Makes a matrix `[n, m]` the identity (`torch.nn.init.eye_`). Throws TorchError for other ranks. */
export function eye_(tensor: Tensor): Tensor {
  if (tensor.ndim !== 2) {
    throw new TorchError('Only tensors with 2 dimensions are supported', 'ValueError');
  }
  const [rows, columns] = tensor.shape as [number, number];
  return noGrad(() => tensor.copy_(eye(rows, columns)));
}

/**
 * Makes a convolution `[out, in, …kernel]` of 1 to 3 dimensions pass its channels on unchanged, as
 * many as there are, in each of `groups` (`torch.nn.init.dirac_`). Throws TorchError where the
 * groups don't divide the output channels.
 */
export function dirac_(tensor: Tensor, groups = 1): Tensor {
  if (tensor.ndim < 3 || tensor.ndim > 5) {
    throw new TorchError('Only tensors with 3, 4, or 5 dimensions are supported', 'ValueError');
  }
  const [out, into, ...kernel] = tensor.shape as number[] as [number, number, ...number[]];
  if (out % groups !== 0) {
    throw new TorchError('dim 0 must be divisible by groups', 'ValueError');
  }
  const channels = out / groups;
  const centre = kernel.map((size) => Math.floor(size / 2));
  return noGrad(() => {
    tensor.zero_();
    for (let group = 0; group < groups; group++) {
      for (let d = 0; d < Math.min(channels, into); d++) {
        tensor.indexSet([group * channels + d, d, ...centre], 1);
      }
    }
    return tensor;
  });
}

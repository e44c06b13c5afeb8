import { named } from '../../arguments';
import { noGrad } from '../../autograd';
import { TorchError } from '../../errors';
import { eye } from '../../generated/functions';
import type { Generator } from '../../random';
import type { Tensor } from '../../tensor';

export interface RandomOptions {
  generator?: Generator | null;
}

/** The argument of every initialiser: the tensor that it fills and returns. */
export interface Filled {
  tensor: Tensor;
}

/** Fills with numbers drawn evenly from `[a, b)` (`torch.nn.init.uniform_`). */
export const uniform_ = named<'uniform_', Filled, RandomOptions & { a?: number; b?: number }>(
  'uniform_',
  (tensor: Tensor, a: number, b: number, generator: Generator | null) =>
    noGrad(() => tensor.uniform_(a, b, { generator })),
);

/** Fills with normally distributed numbers (`torch.nn.init.normal_`). */
export const normal_ = named<'normal_', Filled, RandomOptions & { mean?: number; std?: number }>(
  'normal_',
  (tensor: Tensor, mean: number, std: number, generator: Generator | null) =>
    noGrad(() => tensor.normal_(mean, std, { generator })),
);

/** Fills with one value (`torch.nn.init.constant_`). */
export const constant_ = named<'constant_', Filled & { val: number }>(
  'constant_',
  (tensor: Tensor, val: number) => noGrad(() => tensor.fill_(val)),
);
/** Fills with ones (`torch.nn.init.ones_`). */
export const ones_ = named<'ones_', Filled>('ones_', (tensor: Tensor) =>
  noGrad(() => tensor.fill_(1)),
);
/** Fills with zeros (`torch.nn.init.zeros_`). */
export const zeros_ = named<'zeros_', Filled>('zeros_', (tensor: Tensor) =>
  noGrad(() => tensor.zero_()),
);

/** Makes a matrix `[n, m]` the identity (`torch.nn.init.eye_`). Throws TorchError for other ranks. */
export const eye_ = named<'eye_', Filled>('eye_', (tensor: Tensor) => {
  if (tensor.ndim !== 2) {
    throw new TorchError('Only tensors with 2 dimensions are supported', 'ValueError');
  }
  const [rows, columns] = tensor.shape as [number, number];
  return noGrad(() => tensor.copy_(eye(rows, columns)));
});

/**
 * Makes a convolution `[out, in, …kernel]` of 1 to 3 dimensions pass its channels on unchanged, as
 * many as there are, in each of `groups` (`torch.nn.init.dirac_`). Throws TorchError if the
 * groups don't divide the output channels.
 */
export const dirac_ = named<'dirac_', Filled, { groups?: number }>(
  'dirac_',
  (tensor: Tensor, groups: number) => {
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
  },
);

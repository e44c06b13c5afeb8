import { named } from '../../arguments';
import { noGrad } from '../../autograd';
import { TorchError } from '../../errors';
import { diag, randperm } from '../../generated/functions';
import { qr } from '../../generated/linalg';
import type { Generator } from '../../random';
import type { Tensor } from '../../tensor';
import { slice } from '../../types';
import type { Filled, RandomOptions } from './fill';

/**
 * Makes the rows of `[rows, …]`, or its columns where these are fewer, orthogonal to one another and
 * as long as `gain` (`torch.nn.init.orthogonal_`; Saxe et al. 2013).
 */
export const orthogonal_ = named<'orthogonal_', Filled, RandomOptions & { gain?: number }>(
  'orthogonal_',
  (tensor: Tensor, gain: number, generator: Generator | null) => {
    if (tensor.ndim < 2) {
      throw new TorchError('Only tensors with 2 or more dimensions are supported', 'ValueError');
    }
    if (tensor.numel() === 0) return tensor;
    const rows = tensor.size(0);
    const columns = tensor.numel() / rows;
    return noGrad(() => {
      const drawn = tensor.newEmpty([rows, columns]).normal_(0, 1, { generator });
      const [q, r] = qr(rows < columns ? drawn.t() : drawn);
      // With the signs of R's diagonal, Q is distributed evenly (Mezzadri 2006).
      const even = q.mul(diag(r, 0).sign());
      tensor.view(rows, columns).copy_(rows < columns ? even.t() : even);
      return tensor.mul_(gain);
    });
  },
);

/**
 * Fills `[rows, columns]` with normally distributed numbers, of which the share `sparsity` of each
 * column is zero (`torch.nn.init.sparse_`; Martens 2010).
 */
export const sparse_ = named<
  'sparse_',
  Filled & { sparsity: number },
  RandomOptions & { std?: number }
>('sparse_', (tensor: Tensor, sparsity: number, std: number, generator: Generator | null) => {
  if (tensor.ndim !== 2) {
    throw new TorchError('Only tensors with 2 dimensions are supported', 'ValueError');
  }
  const [rows, columns] = tensor.shape as [number, number];
  const zeros = Math.ceil(sparsity * rows);
  return noGrad(() => {
    tensor.normal_(0, std, { generator });
    for (let column = 0; column < columns; column++) {
      tensor.indexSet([randperm(rows).index(slice(zeros)), column], 0);
    }
    return tensor;
  });
});

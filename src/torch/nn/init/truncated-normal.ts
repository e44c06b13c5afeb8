import { named } from '../../arguments';
import { noGrad } from '../../autograd';
import { tensor as makeTensor } from '../../creation';
import { emptyLike, where } from '../../generated/functions';
import { tidy } from '../../memory';
import type { Generator } from '../../random';
import type { Tensor } from '../../tensor';
import type { Filled, RandomOptions } from './fill';

/** Probability that a standard normal number is below `x`. */
const normalCdf = (x: number) =>
  (1 +
    makeTensor(x / Math.sqrt(2), { dtype: 'float64' })
      .erf()
      .item()) /
  2;

/**
 * Fills with normally distributed numbers between `a` and `b` (`torch.nn.init.trunc_normal_`), drawn
 * again where they fall outside.
 */
export const truncNormal_ = named<
  'trunc_normal_',
  Filled,
  RandomOptions & { mean?: number; std?: number; a?: number; b?: number }
>(
  'trunc_normal_',
  (
    tensor: Tensor,
    mean: number,
    std: number,
    a: number,
    b: number,
    generator: Generator | null,
  ) => {
    if (mean < a - 2 * std || mean > b + 2 * std) {
      process.emitWarning(
        'mean is more than 2 std from [a, b] in nn.init.trunc_normal_. The distribution of values may be incorrect.',
        'UserWarning',
      );
    }
    tidy(() =>
      noGrad(() => {
        const share = normalCdf((b - mean) / std) - normalCdf((a - mean) / std);
        if (share > 0.3) rejectFromNormal(tensor, mean, std, a, b, { generator });
        else rejectFromUniform(tensor, mean, std, a, b, { generator });
      }),
    );
    return tensor;
  },
);

function rejectFromNormal(
  tensor: Tensor,
  mean: number,
  std: number,
  a: number,
  b: number,
  options: RandomOptions,
): void {
  // The bounds as the dtype has them.
  const bounds = makeTensor([a, b], { dtype: tensor.dtype }).toArray() as number[];
  const [low, high] = bounds.map((float) => ({ float })) as [{ float: number }, { float: number }];
  let result = tensor.normal_(mean, std, options);
  for (;;) {
    const outside = result.lt(low).bitwiseOr(result.gt(high));
    if (!outside.any().item()) break;
    result = where(outside, emptyLike(result).normal_(mean, std, options), result);
  }
  if (result !== tensor) tensor.copy_(result);
}

/** Accepts an even candidate with the probability of the density there, relative to its peak. */
function rejectFromUniform(
  tensor: Tensor,
  mean: number,
  std: number,
  a: number,
  b: number,
  options: RandomOptions,
): void {
  const mode = Math.max(a, Math.min(mean, b));
  const logPeak = -0.5 * ((mode - mean) / std) ** 2;
  const candidates = emptyLike(tensor);
  const chances = emptyLike(tensor);
  const refused = () => {
    candidates.sub_(mean).div_(std).pow_(2).mul_(-0.5).sub_(logPeak);
    return chances.uniform_(0, 1, options).log_().gt(candidates);
  };
  candidates.copy_(tensor.uniform_(a, b, options));
  let result = tensor;
  let pending = refused();
  while (pending.any().item()) {
    candidates.uniform_(a, b, options);
    result = where(pending, candidates, result);
    pending = where(pending, refused(), pending);
  }
  if (result !== tensor) tensor.copy_(result);
}

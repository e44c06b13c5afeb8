import { named } from '../../arguments';
import { noGrad } from '../../autograd';
import { tensor } from '../../creation';
import { TorchError } from '../../errors';
import { stack } from '../../generated/functions';
import { vectorNorm } from '../../generated/linalg';
import { tidy } from '../../memory';
import { Tensor } from '../../tensor';
import { float } from '../repr';

type Tensors = Tensor | Iterable<Tensor>;

const list = (tensors: Tensors): Tensor[] => (tensors instanceof Tensor ? [tensors] : [...tensors]);

const gradients = (parameters: Tensors): Tensor[] =>
  list(parameters).flatMap(({ grad }) => (grad ? [grad] : []));

export interface NormOptions {
  /** 2 for the Euclidean norm, Infinity for the largest element. Default 2. */
  normType?: number;
  /** Throw where the norm is no finite number. */
  errorIfNonfinite?: boolean;
  /** Whether to use PyTorch's `_foreach` operators; the result is the same. */
  foreach?: boolean | null;
}

/** The norm of all elements of some tensors (`torch.nn.utils.get_total_norm`), a scalar. */
export function getTotalNorm(tensors: Tensors, options: NormOptions = {}): Tensor {
  const { normType = 2, errorIfNonfinite = false } = options;
  const all = list(tensors);
  const total = tidy(() =>
    noGrad(() =>
      all.length === 0
        ? tensor(0, { dtype: 'float32' })
        : vectorNorm(stack(all.map((part) => vectorNorm(part, normType))), normType),
    ),
  );
  if (errorIfNonfinite && !Number.isFinite(total.item())) {
    throw new TorchError(
      `The total norm of order ${float(normType)} for gradients from \`parameters\` is non-finite, so it ` +
        'cannot be clipped. To disable this error and scale the gradients by the non-finite norm ' +
        'anyway, set `error_if_nonfinite=False`',
      'RuntimeError',
    );
  }
  return total;
}

/** Scales gradients of the given norm down to `maxNorm`, in place (`torch.nn.utils.clip_grads_with_norm_`). */
export function clipGradsWithNorm_(parameters: Tensors, maxNorm: number, totalNorm: Tensor): void {
  tidy(() =>
    noGrad(() => {
      const scale = totalNorm.add(1e-6).reciprocal().mul(maxNorm).clamp({ max: 1 });
      for (const gradient of gradients(parameters)) gradient.mul_(scale);
    }),
  );
}

/**
 * Scales all gradients together, in place, so that their norm is at most `maxNorm`
 * (`torch.nn.utils.clip_grad_norm_`). Returns the norm that they had, a scalar.
 */
export const clipGradNorm_ = named<
  'clip_grad_norm_',
  { parameters: Tensors; maxNorm: number },
  NormOptions
>(
  'clip_grad_norm_',
  (parameters: Tensors, maxNorm: number, normType: number, errorIfNonfinite: boolean) => {
    const all = list(parameters);
    const total = getTotalNorm(gradients(all), { normType, errorIfNonfinite });
    clipGradsWithNorm_(all, maxNorm, total);
    return total;
  },
);

/** Limits each element of the gradients to ±`clipValue`, in place (`torch.nn.utils.clip_grad_value_`). */
export const clipGradValue_ = named<
  'clip_grad_value_',
  { parameters: Tensors; clipValue: number },
  { foreach?: boolean | null },
  void
>('clip_grad_value_', (parameters: Tensors, clipValue: number) => {
  tidy(() =>
    noGrad(() => {
      for (const gradient of gradients(parameters)) gradient.clamp_(-clipValue, clipValue);
    }),
  );
});

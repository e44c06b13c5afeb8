/** Dropouts: parts of the input set to zero at random while training. */

import { type Callable, type Callee, named } from '../../arguments';
import { TorchError } from '../../errors';
import * as f from '../../generated/functions';
import type { Tensor } from '../../tensor';
import { type InPlace, written } from './activation';
import { warn } from './warning';

interface DropoutOptions extends InPlace {
  /** Default 0.5. */
  p?: number;
  training?: boolean;
}
type Drop = Callable<'dropout', { input: Tensor }, DropoutOptions>;

type Run = (input: Tensor, p: number, training: boolean) => Tensor;

/** A dropout with its check, and with what it does to the shape before and behind. */
function drop(
  op: Callee,
  run: Run,
  run_: Run,
  around: (input: Tensor, run: (input: Tensor) => Tensor, inplace: boolean) => Tensor = (x, go) =>
    go(x),
): Drop {
  return named<Drop>(op, (input: Tensor, p: number, training: boolean, inplace: boolean) => {
    if (p < 0 || p > 1) {
      throw new TorchError(
        `dropout probability has to be between 0 and 1, but got ${p}`,
        'ValueError',
        op,
      );
    }
    return around(
      input,
      (x) => (inplace ? written(x, run_(x, p, training)) : run(x, p, training)),
      inplace,
    );
  });
}

/** Warns of inputs of other dimensions than channels and space. */
function checkRank(op: string, input: Tensor, [single, batch]: [number, number]): void {
  if (input.ndim === single || input.ndim === batch) return;
  warn(
    `${op}: Received a ${input.ndim}-D input to ${op}, which is deprecated and will result in an error ` +
      'in a future release. To retain the behavior and silence this warning, please use dropout ' +
      `instead. Note that ${op} exists to provide channel-wise dropout on inputs with ${single - 1} ` +
      'spatial dimensions, a channel dimension, and an optional batch dimension (i.e. ' +
      `${single}D or ${batch}D inputs).`,
  );
}

/** Temporarily adds a batch dimension of size 1 to an unbatched input. */
const batched =
  (ndim: number) =>
  (input: Tensor, run: (input: Tensor) => Tensor, inplace: boolean): Tensor => {
    if (input.ndim === ndim) return run(input);
    if (inplace) return run(input.unsqueeze_(0)).squeeze_(0);
    return run(input.unsqueeze(0)).squeeze(0);
  };

/**
 * Sets elements to zero with probability `p` and scales the others by `1 / (1 − p)`
 * (`torch.nn.functional.dropout`). Draws from the default generator.
 */
export const dropout: Drop = drop('dropout', f.dropout, f.dropout_);

/** Dropout that keeps mean and variance behind SELU (`torch.nn.functional.alpha_dropout`). */
export const alphaDropout: Drop = drop('alpha_dropout', f.alphaDropout, f.alphaDropout_);

/** Alpha dropout of whole channels (`torch.nn.functional.feature_alpha_dropout`). */
export const featureAlphaDropout: Drop = drop(
  'feature_alpha_dropout',
  f.featureAlphaDropout,
  f.featureAlphaDropout_,
);

/** Sets whole channels of `[N, C, L]` or `[C, L]` to zero (`torch.nn.functional.dropout1d`). */
export const dropout1d: Drop = drop(
  'dropout1d',
  f.featureDropout,
  f.featureDropout_,
  (input, run, inplace) => {
    if (input.ndim !== 2 && input.ndim !== 3) {
      throw new TorchError(
        `dropout1d: Expected 2D or 3D input, but received a ${input.ndim}D input. Note that ` +
          'dropout1d exists to provide channel-wise dropout on inputs with 1 spatial dimension, ' +
          'a channel dimension, and an optional batch dimension (i.e. 2D or 3D inputs).',
        'RuntimeError',
        'dropout1d',
      );
    }
    return batched(3)(input, run, inplace);
  },
);

/**
 * Sets whole channels of `[N, C, H, W]` to zero (`torch.nn.functional.dropout2d`); as in PyTorch, 3
 * dimensions count as `[N, C, L]`.
 */
export const dropout2d: Drop = drop(
  'dropout2d',
  f.featureDropout,
  f.featureDropout_,
  (input, run) => {
    checkRank('dropout2d', input, [3, 4]);
    if (input.ndim === 3) {
      warn(
        'dropout2d: Received a 3D input to dropout2d and assuming that channel-wise 1D dropout behavior ' +
          'is desired - input is interpreted as shape (N, C, L), where C is the channel dim. This ' +
          'behavior will change in a future release to interpret the input as one without a batch ' +
          'dimension, i.e. shape (C, H, W). To maintain the 1D channel-wise dropout behavior, please ' +
          'switch to using dropout1d instead.',
      );
    }
    return run(input);
  },
);

/** Sets whole channels of `[N, C, D, H, W]` or `[C, D, H, W]` to zero (`torch.nn.functional.dropout3d`). */
export const dropout3d: Drop = drop(
  'dropout3d',
  f.featureDropout,
  f.featureDropout_,
  (input, run, inplace) => {
    checkRank('dropout3d', input, [4, 5]);
    return batched(5)(input, run, inplace);
  },
);

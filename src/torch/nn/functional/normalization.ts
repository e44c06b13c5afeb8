/** Normalisations: zero mean and unit variance over parts of the input. */

import { named } from '../../arguments';
import { TorchError } from '../../errors';
import * as f from '../../generated/functions';
import { vectorNorm } from '../../generated/linalg';
import * as n from '../../generated/nn';
import type { Tensor } from '../../tensor';
import { float, shapeText } from '../repr';

interface RmsNormOptions {
  weight?: Tensor | null;
  /** Default: the dtype's machine epsilon. */
  eps?: number | null;
}

/** Divides by the root of the mean square over the last dimensions (`torch.nn.functional.rms_norm`). */
export const rmsNorm = named<
  'rms_norm',
  { input: Tensor; normalizedShape: readonly number[] },
  RmsNormOptions
>(
  'rms_norm',
  (input: Tensor, normalizedShape: readonly number[], weight: Tensor | null, eps: number | null) =>
    f.rmsNorm(input, normalizedShape, weight, eps),
);

/** Rejects a batch with a single value per channel, whose variance is zero. */
function checkBatch(op: string, size: readonly number[]): void {
  const count = size.reduce((product, length, i) => (i === 1 ? product : product * length), 1);
  if (count === 1) {
    throw new TorchError(
      `Expected more than 1 value per channel when training, got input size ${op === 'group_norm' ? `[${size.join(', ')}]` : shapeText(size)}`,
      'ValueError',
      op,
    );
  }
}

interface ScaleAndShift {
  /** Scale of each channel, `[C]`. */
  weight?: Tensor | null;
  /** Shift of each channel, `[C]`. */
  bias?: Tensor | null;
  /** Added to the variance. */
  eps?: number;
}

export interface BatchNormSettings extends ScaleAndShift {
  /** Normalise by the batch's own mean and variance, and move the running ones towards them. */
  training?: boolean;
  momentum?: number;
}

/** Normalises each channel over the batch, `[N, C, *]` (`torch.nn.functional.batch_norm`). */
export const batchNorm = named<
  'batch_norm',
  { input: Tensor; runningMean: Tensor | null; runningVar: Tensor | null },
  BatchNormSettings
>(
  'batch_norm',
  (
    input: Tensor,
    runningMean: Tensor | null,
    runningVar: Tensor | null,
    weight: Tensor | null,
    bias: Tensor | null,
    training: boolean,
    momentum: number,
    eps: number,
  ) => {
    if (training) checkBatch('batch_norm', input.shape);
    if (training ? eps <= 0 : eps < 0) {
      const when = training ? 'positive during training' : 'non-negative';
      const message = `batch_norm eps must be ${when}, but got ${float(eps)}`;
      throw new TorchError(message, 'ValueError', 'batch_norm');
    }
    return f.batchNorm(input, weight, bias, runningMean, runningVar, training, momentum, eps, true);
  },
);

export interface InstanceNormSettings extends ScaleAndShift {
  runningMean?: Tensor | null;
  runningVar?: Tensor | null;
  /** Normalise by the input's own figures and not by the running ones. Default true. */
  useInputStats?: boolean;
  momentum?: number;
}

/** Normalises each channel of each sample, `[N, C, *]` (`torch.nn.functional.instance_norm`). */
export const instanceNorm = named<'instance_norm', { input: Tensor }, InstanceNormSettings>(
  'instance_norm',
  (
    input: Tensor,
    runningMean: Tensor | null,
    runningVar: Tensor | null,
    weight: Tensor | null,
    bias: Tensor | null,
    useInputStats: boolean,
    momentum: number,
    eps: number,
  ) => {
    const { shape } = input;
    if (useInputStats && shape.slice(2).reduce((product, length) => product * length, 1) === 1) {
      throw new TorchError(
        `Expected more than 1 spatial element when training, got input size ${shapeText(shape)}`,
        'ValueError',
        'instance_norm',
      );
    }
    return f.instanceNorm(
      input,
      weight,
      bias,
      runningMean,
      runningVar,
      useInputStats,
      momentum,
      eps,
      true,
    );
  },
);

/** Normalises over the last dimensions, of `normalizedShape` (`torch.nn.functional.layer_norm`). */
export const layerNorm = named<
  'layer_norm',
  { input: Tensor; normalizedShape: readonly number[] },
  ScaleAndShift
>(
  'layer_norm',
  (
    input: Tensor,
    normalizedShape: readonly number[],
    weight: Tensor | null,
    bias: Tensor | null,
    eps: number,
  ) => f.layerNorm(input, normalizedShape, weight, bias, eps, true),
);

/** Normalises over groups of channels, `[N, C, *]` (`torch.nn.functional.group_norm`). */
export const groupNorm = named<'group_norm', { input: Tensor; numGroups: number }, ScaleAndShift>(
  'group_norm',
  (input: Tensor, numGroups: number, weight: Tensor | null, bias: Tensor | null, eps: number) => {
    const [batch, channels, ...rest] = input.shape;
    if (batch === undefined || channels === undefined) {
      throw new TorchError(
        `Expected at least 2 dimensions for input tensor but received ${input.ndim}`,
        'RuntimeError',
        'group_norm',
      );
    }
    checkBatch('group_norm', [Math.floor((batch * channels) / numGroups), numGroups, ...rest]);
    return f.groupNorm(input, numGroups, weight, bias, eps, true);
  },
);

/**
 * Divides each element by what its neighbouring channels hold, `[N, C, *]`
 * (`torch.nn.functional.local_response_norm`).
 */
export const localResponseNorm = named<
  'local_response_norm',
  { input: Tensor; size: number },
  { alpha?: number; beta?: number; k?: number }
>('local_response_norm', (input: Tensor, size: number, alpha: number, beta: number, k: number) => {
  const { shape } = input;
  if (shape.length < 3) {
    throw new TorchError(
      `Expected 3D or higher dimensionality                          input (got ${shape.length} dimensions)`,
      'ValueError',
      'local_response_norm',
    );
  }
  if (input.numel() === 0) return input;
  const around = [Math.floor(size / 2), Math.floor((size - 1) / 2)];
  const square = input.mul(input);
  let mean: Tensor;
  if (shape.length === 3) {
    const padded = n.pad(square.unsqueeze(1), [0, 0, ...around]);
    mean = n.avgPool2d(padded, [size, 1], 1).squeeze(1);
  } else {
    const [batch, channels, height] = shape as [number, number, number];
    const padded = n.pad(square.view(batch, 1, channels, height, -1), [0, 0, 0, 0, ...around]);
    mean = n.avgPool3d(padded, [size, 1, 1], 1).squeeze(1).view(shape);
  }
  return input.div(mean.mul({ float: alpha }).add({ float: k }).pow({ float: beta }));
});

/** Divides by the norm along a dimension (`torch.nn.functional.normalize`). */
export const normalize = named<
  'normalize',
  { input: Tensor },
  { p?: number; dim?: number | readonly number[]; eps?: number; out?: Tensor }
>(
  'normalize',
  (input: Tensor, p: number, dim: number | readonly number[], eps: number, out?: Tensor) => {
    const norm = vectorNorm(input, { float: p }, typeof dim === 'number' ? [dim] : dim, true);
    const least = norm.clampMin(eps).expandAs(input);
    return out ? f.div(input, least, { out }) : input.div(least);
  },
);

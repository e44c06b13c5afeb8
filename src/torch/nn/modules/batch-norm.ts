import { type Args, type Bound, bind } from '../../arguments';
import { TorchError } from '../../errors';
import * as f from '../../generated/functions';
import type { Tensor } from '../../tensor';
import type { FactoryOptions } from '../../types';
import * as F from '../functional';
import { warn } from '../functional/warning';
import { guard } from '../guard';
import { ones_, zeros_ } from '../init';
import { Module } from '../module';
import { Parameter } from '../parameter';
import { biasText, bool, float } from '../repr';

export interface BatchNormOptions extends FactoryOptions {
  /** Added to the variance. Default 1e-5. */
  eps?: number;
  /** Weight of a new batch in the running statistics, default 0.1; null for their plain mean. */
  momentum?: number | null;
  /** Learn a scale and a shift for each channel. */
  affine?: boolean;
  /** Keep running means and variances for `eval`. */
  trackRunningStats?: boolean;
  /** Learn the shift as well. Default true. */
  bias?: boolean;
}

type Settings = Bound<{ numFeatures: number }, BatchNormOptions>;

/** PyTorch's names of the buffers, as state dicts have them. */
const stateNames: Readonly<Record<string, string>> = {
  runningMean: 'running_mean',
  runningVar: 'running_var',
  numBatchesTracked: 'num_batches_tracked',
};

/** The base of layers that normalise channels and may keep running statistics. */
abstract class ChannelNorm extends Module {
  weight: Parameter | null;
  bias: Parameter | null;
  readonly runningMean: Tensor | null = null;
  readonly runningVar: Tensor | null = null;
  readonly numBatchesTracked: Tensor | null = null;
  readonly numFeatures: number;
  readonly eps: number;
  readonly momentum: number | null;
  readonly affine: boolean;
  readonly trackRunningStats: boolean;
  /** Dimensions that an input may have. */
  protected abstract readonly ranks: readonly number[];

  constructor({ numFeatures, affine, bias = true, device, dtype, ...settings }: Settings) {
    super();
    this.numFeatures = numFeatures;
    this.eps = settings.eps;
    this.momentum = settings.momentum;
    this.affine = affine;
    this.trackRunningStats = settings.trackRunningStats;
    const size = [numFeatures];
    const factory = { device, dtype };
    this.weight = affine ? new Parameter(f.empty(size, factory)) : null;
    this.bias = affine && bias ? new Parameter(f.empty(size, factory)) : null;
    guard(this, 'weight', 'bias');
    const tracked = settings.trackRunningStats;
    const count = tracked ? f.zeros([], { device, dtype: 'int64' }) : null;
    this.registerBuffer('runningMean', tracked ? f.zeros(size, factory) : null);
    this.registerBuffer('runningVar', tracked ? f.ones(size, factory) : null);
    this.registerBuffer('numBatchesTracked', count);
    this.resetParameters();
  }

  override stateName(property: string): string {
    return stateNames[property] ?? property;
  }

  /** Resets the running statistics. */
  resetRunningStats(): void {
    this.runningMean?.zero_();
    this.runningVar?.fill_(1);
    this.numBatchesTracked?.zero_();
  }

  /** Sets the scale to ones and the shift to zeros, and resets the running statistics. */
  resetParameters(): void {
    this.resetRunningStats();
    if (this.weight) ones_(this.weight);
    if (this.bias) zeros_(this.bias);
  }

  protected checkDimensions(input: Tensor): void {
    if (this.ranks.includes(input.ndim)) return;
    const expected = this.ranks.map((rank) => `${rank}D`).join(' or ');
    throw new TorchError(`expected ${expected} input (got ${input.ndim}D input)`, 'ValueError');
  }

  override extraRepr(): string {
    const { numFeatures, eps, momentum, affine, bias, trackRunningStats } = this;
    return `${numFeatures}, eps=${float(eps)}, momentum=${momentum === null ? 'None' : float(momentum)}, affine=${bool(affine)}${biasText(bias)}, track_running_stats=${bool(trackRunningStats)}`;
  }
}

/** Normalises each channel over the batch (Ioffe and Szegedy 2015). */
export abstract class BatchNormNd extends ChannelNorm {
  constructor(...args: Args<'_BatchNorm', { numFeatures: number }, BatchNormOptions>) {
    super(bind('_BatchNorm', args));
  }

  forward(input: Tensor): Tensor {
    this.checkDimensions(input);
    let factor = this.momentum ?? 0;
    if (this.training && this.trackRunningStats && this.numBatchesTracked) {
      this.numBatchesTracked.add_(1);
      if (this.momentum === null) factor = 1 / this.numBatchesTracked.item();
    }
    const byBatch = this.training || !(this.runningMean || this.runningVar);
    const keep = !this.training || this.trackRunningStats;
    return F.batchNorm(
      input,
      keep ? this.runningMean : null,
      keep ? this.runningVar : null,
      this.weight,
      this.bias,
      byBatch,
      factor,
      this.eps,
    );
  }
}

/** `[N, C]` or `[N, C, L]` (`torch.nn.BatchNorm1d`). */
export class BatchNorm1d extends BatchNormNd {
  protected readonly ranks = [2, 3];
}
/** `[N, C, H, W]` (`torch.nn.BatchNorm2d`). */
export class BatchNorm2d extends BatchNormNd {
  protected readonly ranks = [4];
}
/** `[N, C, D, H, W]` (`torch.nn.BatchNorm3d`). */
export class BatchNorm3d extends BatchNormNd {
  protected readonly ranks = [5];
}

export type InstanceNormOptions = BatchNormOptions;

/**
 * Normalises each channel of each sample (Ulyanov et al. 2016). Unlike batch normalisation it learns
 * nothing and keeps nothing unless told so.
 */
abstract class InstanceNormNd extends ChannelNorm {
  constructor(...args: Args<'_InstanceNorm', { numFeatures: number }, InstanceNormOptions>) {
    super(bind('_InstanceNorm', args));
  }

  forward(input: Tensor): Tensor {
    this.checkDimensions(input);
    const single = this.ranks[0]!;
    const dim = input.ndim - single;
    const channels = input.shape[dim];
    if (channels !== this.numFeatures) {
      if (this.affine) {
        throw new TorchError(
          `expected input's size at dim=${dim} to match num_features (${this.numFeatures}), but got: ${channels}.`,
          'ValueError',
        );
      }
      warn(
        `input's size at dim=${dim} does not match num_features. You can silence this warning by not passing in num_features, which is not used because affine=False`,
      );
    }
    return input.ndim === single
      ? this.normalize(input.unsqueeze(0)).squeeze(0)
      : this.normalize(input);
  }

  private normalize(input: Tensor): Tensor {
    return F.instanceNorm(
      input,
      this.runningMean,
      this.runningVar,
      this.weight,
      this.bias,
      this.training || !this.trackRunningStats,
      this.momentum ?? 0,
      this.eps,
    );
  }
}

/** `[N, C, L]` or `[C, L]` (`torch.nn.InstanceNorm1d`). */
export class InstanceNorm1d extends InstanceNormNd {
  protected readonly ranks = [2, 3];
}
/** `[N, C, H, W]` or `[C, H, W]` (`torch.nn.InstanceNorm2d`). */
export class InstanceNorm2d extends InstanceNormNd {
  protected readonly ranks = [3, 4];
}
/** `[N, C, D, H, W]` or `[C, D, H, W]` (`torch.nn.InstanceNorm3d`). */
export class InstanceNorm3d extends InstanceNormNd {
  protected readonly ranks = [4, 5];
}

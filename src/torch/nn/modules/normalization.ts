import { noGrad } from '../../autograd';
import { TorchError } from '../../errors';
import * as f from '../../generated/functions';
import type { Tensor } from '../../tensor';
import { ones_, zeros_ } from '../init';
import { Module } from '../module';
import { Parameter } from '../parameter';
import { tuple } from '../sizes';

const bool = (value: boolean) => (value ? 'True' : 'False');
const number = (value: number) =>
  value < 1e-4 ? value.toExponential().replace(/e-(\d)$/, 'e-0$1') : String(value);

export interface BatchNormOptions {
  eps?: number;
  /** Weight of a new batch in the running figures; null for their plain mean. */
  momentum?: number | null;
  /** Learn a scale and a shift for each channel. Default true. */
  affine?: boolean;
  /** Keep running means and variances for `eval`. Default true. */
  trackRunningStats?: boolean;
}

/** PyTorch's names of the buffers, as state dicts have them. */
const stateNames: Readonly<Record<string, string>> = {
  runningMean: 'running_mean',
  runningVar: 'running_var',
  numBatchesTracked: 'num_batches_tracked',
};

/** Normalises each channel over the batch (`torch.nn.BatchNorm1d` to `3d`; Ioffe and Szegedy 2015). */
abstract class BatchNormNd extends Module {
  readonly weight: Parameter | null;
  readonly bias: Parameter | null;
  readonly runningMean: Tensor | null = null;
  readonly runningVar: Tensor | null = null;
  readonly numBatchesTracked: Tensor | null = null;
  readonly eps: number;
  readonly momentum: number | null;
  protected abstract readonly ranks: readonly number[];

  constructor(
    readonly numFeatures: number,
    options: BatchNormOptions = {},
  ) {
    super();
    const { eps = 1e-5, momentum = 0.1, affine = true, trackRunningStats = true } = options;
    this.eps = eps;
    this.momentum = momentum;
    this.weight = affine ? new Parameter(f.ones([numFeatures])) : null;
    this.bias = affine ? new Parameter(f.zeros([numFeatures])) : null;
    const stats = trackRunningStats
      ? [f.zeros([numFeatures]), f.ones([numFeatures])]
      : [null, null];
    this.registerBuffer('runningMean', stats[0]!);
    this.registerBuffer('runningVar', stats[1]!);
    this.registerBuffer(
      'numBatchesTracked',
      trackRunningStats ? f.zeros([], { dtype: 'int64' }) : null,
    );
  }

  protected override stateName(property: string): string {
    return stateNames[property] ?? property;
  }

  forward(input: Tensor): Tensor {
    if (!this.ranks.includes(input.ndim)) {
      throw new TorchError(
        `expected ${this.ranks.map((rank) => `${rank}D`).join(' or ')} input (got ${input.ndim}D input)`,
        'ValueError',
      );
    }
    let factor = this.momentum ?? 0;
    if (this.training && this.numBatchesTracked) {
      this.numBatchesTracked.add_(1);
      if (this.momentum === null) factor = 1 / this.numBatchesTracked.item();
    }
    const byBatch = this.training || !this.runningMean;
    const keep = !this.training || this.numBatchesTracked !== null;
    return f.batchNorm(
      input,
      this.weight,
      this.bias,
      keep ? this.runningMean : null,
      keep ? this.runningVar : null,
      byBatch,
      factor,
      this.eps,
      true,
    );
  }

  override extraRepr(): string {
    const { numFeatures, eps, momentum, weight, runningMean } = this;
    return `${numFeatures}, eps=${number(eps)}, momentum=${momentum ?? 'None'}, affine=${bool(!!weight)}, bias=${bool(!!weight)}, track_running_stats=${bool(!!runningMean)}`;
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

/** Normalises over the last dimensions (`torch.nn.LayerNorm`; Ba, Kiros and Hinton 2016). */
export class LayerNorm extends Module {
  readonly normalizedShape: number[];
  readonly weight: Parameter | null;
  readonly bias: Parameter | null;
  readonly eps: number;

  constructor(
    normalizedShape: number | readonly number[],
    options: { eps?: number; elementwiseAffine?: boolean; bias?: boolean } = {},
  ) {
    super();
    const { eps = 1e-5, elementwiseAffine = true, bias = true } = options;
    this.normalizedShape =
      typeof normalizedShape === 'number' ? [normalizedShape] : [...normalizedShape];
    this.eps = eps;
    this.weight = elementwiseAffine ? new Parameter(f.empty(this.normalizedShape)) : null;
    this.bias = elementwiseAffine && bias ? new Parameter(f.empty(this.normalizedShape)) : null;
    noGrad(() => {
      if (this.weight) ones_(this.weight);
      if (this.bias) zeros_(this.bias);
    });
  }
  forward(input: Tensor): Tensor {
    return f.layerNorm(input, this.normalizedShape, this.weight, this.bias, this.eps);
  }
  override extraRepr(): string {
    return `${tuple(this.normalizedShape)}, eps=${number(this.eps)}, elementwise_affine=${bool(!!this.weight)}, bias=${bool(!!this.bias)}`;
  }
}

/** Normalises over groups of channels (`torch.nn.GroupNorm`; Wu and He 2018). */
export class GroupNorm extends Module {
  readonly weight: Parameter | null;
  readonly bias: Parameter | null;
  readonly eps: number;

  constructor(
    readonly numGroups: number,
    readonly numChannels: number,
    options: { eps?: number; affine?: boolean } = {},
  ) {
    super();
    if (numChannels % numGroups !== 0) {
      throw new TorchError(
        `num_channels (${numChannels}) must be divisible by num_groups (${numGroups})`,
        'ValueError',
      );
    }
    const { eps = 1e-5, affine = true } = options;
    this.eps = eps;
    this.weight = affine ? new Parameter(f.ones([numChannels])) : null;
    this.bias = affine ? new Parameter(f.zeros([numChannels])) : null;
  }
  forward(input: Tensor): Tensor {
    return f.groupNorm(input, this.numGroups, this.weight, this.bias, this.eps);
  }
  override extraRepr(): string {
    return `${this.numGroups}, ${this.numChannels}, eps=${number(this.eps)}, affine=${bool(!!this.weight)}, bias=${bool(!!this.bias)}`;
  }
}

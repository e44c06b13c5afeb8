import { type Args, bind } from '../../arguments';
import { zeros } from '../../generated/functions';
import type { Tensor } from '../../tensor';
import { UninitializedBuffer, UninitializedParameter } from '../lazy-tensors';
import type { Module } from '../module';
import {
  BatchNorm1d,
  BatchNorm2d,
  BatchNorm3d,
  type BatchNormOptions,
  InstanceNorm1d,
  InstanceNorm2d,
  InstanceNorm3d,
} from './batch-norm';
import { hasUninitializedParams, initializeLater, type LazyMembers } from './lazy';

type NormClass = typeof BatchNorm1d;

/** A normalisation that learns `numFeatures` from its first input (`torch.nn.modules.batchnorm._LazyNormBase`). */
function lazy<N extends Module>(Base: {
  prototype: N;
}): new (
  ...args: Args<'_LazyNormBase', unknown, BatchNormOptions>
) => N & LazyMembers {
  class LazyNorm extends (Base as unknown as NormClass) {
    constructor(...args: unknown[]) {
      const settings = bind<Required<BatchNormOptions>>('_LazyNormBase', args);
      const { affine, bias, trackRunningStats, device, dtype, ...rest } = settings;
      super(0, { ...rest, affine: false, trackRunningStats: false });
      this.assign('affine', affine);
      this.assign('trackRunningStats', trackRunningStats);
      if (affine) {
        this.weight = new UninitializedParameter(true, { dtype, device });
        if (bias ?? true) this.bias = new UninitializedParameter(true, { dtype, device });
      }
      if (trackRunningStats) {
        this.assign('runningMean', new UninitializedBuffer({ dtype, device }));
        this.assign('runningVar', new UninitializedBuffer({ dtype, device }));
        this.registerBuffer('numBatchesTracked', zeros([], { dtype: 'int64', device }));
      }
      initializeLater(this, Base);
    }

    hasUninitializedParams(): boolean {
      return hasUninitializedParams(this);
    }

    override resetParameters(): void {
      if (this.numFeatures !== 0 && !this.hasUninitializedParams()) super.resetParameters();
    }

    initializeParameters(input: Tensor): void {
      if (!this.hasUninitializedParams()) return;
      const size = [input.shape[1]!];
      this.assign('numFeatures', size[0]);
      const tensors = [this.weight, this.bias, this.runningMean, this.runningVar];
      for (const each of tensors) (each as UninitializedBuffer | null)?.materialize(size);
      this.resetParameters();
    }
  }
  return LazyNorm as never;
}

/** A {@link BatchNorm1d} that learns `numFeatures` from its first input (`torch.nn.LazyBatchNorm1d`). */
export class LazyBatchNorm1d extends lazy(BatchNorm1d) {}
/** A {@link BatchNorm2d} that learns `numFeatures` from its first input (`torch.nn.LazyBatchNorm2d`). */
export class LazyBatchNorm2d extends lazy(BatchNorm2d) {}
/** A {@link BatchNorm3d} that learns `numFeatures` from its first input (`torch.nn.LazyBatchNorm3d`). */
export class LazyBatchNorm3d extends lazy(BatchNorm3d) {}
/** An {@link InstanceNorm1d} that learns `numFeatures` from its first input (`torch.nn.LazyInstanceNorm1d`). */
export class LazyInstanceNorm1d extends lazy(InstanceNorm1d) {}
/** An {@link InstanceNorm2d} that learns `numFeatures` from its first input (`torch.nn.LazyInstanceNorm2d`). */
export class LazyInstanceNorm2d extends lazy(InstanceNorm2d) {}
/** An {@link InstanceNorm3d} that learns `numFeatures` from its first input (`torch.nn.LazyInstanceNorm3d`). */
export class LazyInstanceNorm3d extends lazy(InstanceNorm3d) {}

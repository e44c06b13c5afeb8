import { type Args, type Bound, bind } from '../../arguments';
import { getWorldSize, isInitialized, type ProcessGroup } from '../../distributed';
import { TorchError } from '../../errors';
import type { Tensor } from '../../tensor';
import type { Module } from '../module';
import { BatchNormNd, type BatchNormOptions } from './batch-norm';

interface Needed {
  numFeatures: number;
}
export interface SyncBatchNormOptions extends BatchNormOptions {
  /** The processes among which batches are shared; all by default. */
  processGroup?: ProcessGroup | null;
}

/**
 * Batch normalisation over the batches of all processes, for inputs `[N, C, …]` on GPUs (`torch.nn.SyncBatchNorm`). On one
 * process, and while nothing is trained, it computes what BatchNorm does. Throws TorchError in training, where there
 * are process groups, for inputs that aren't on a GPU, as PyTorch does.
 */
export class SyncBatchNorm extends BatchNormNd {
  protected readonly ranks = [];
  readonly processGroup: ProcessGroup | null;

  constructor(...args: Args<'SyncBatchNorm', Needed, SyncBatchNormOptions>) {
    const { processGroup, ...settings } = bind<Bound<Needed, SyncBatchNormOptions>>(
      'SyncBatchNorm',
      args,
    );
    super(settings as Bound<Needed, BatchNormOptions>);
    this.processGroup = processGroup;
  }

  protected override checkDimensions(input: Tensor): void {
    if (input.ndim < 2) {
      throw new TorchError(`expected at least 2D input (got ${input.ndim}D input)`, 'ValueError');
    }
    if (input.shape[1] === 0) {
      throw new TorchError(
        'SyncBatchNorm number of input channels should be non-zero',
        'ValueError',
      );
    }
  }

  override forward(input: Tensor): Tensor {
    if (this.training && isInitialized()) {
      this.checkDimensions(input);
      if (input.device.type !== 'cuda') {
        throw new TorchError(
          'SyncBatchNorm expected input tensor to be on GPU or XPU or privateuseone',
          'ValueError',
        );
      }
      if (getWorldSize(this.processGroup) > 1) {
        throw new TorchError(
          'SyncBatchNorm over several GPUs is not supported: train with the BatchNorm layers themselves, each process over its own batch',
          'NotImplementedError',
        );
      }
    }
    return super.forward(input);
  }

  /**
   * Puts a SyncBatchNorm, with its parameters and buffers, in the place of each BatchNorm in a module
   * (`convert_sync_batchnorm`). Gives the module back, or the layer that takes its place.
   */
  static convertSyncBatchnorm(
    ...args: Args<
      'SyncBatchNorm.convert_sync_batchnorm',
      { module: Module },
      { processGroup?: ProcessGroup | null }
    >
  ): Module {
    const { module, processGroup } = bind<{ module: Module; processGroup: ProcessGroup | null }>(
      'SyncBatchNorm.convert_sync_batchnorm',
      args,
    );
    return converted(module, processGroup);
  }
}

function converted(module: Module, processGroup: ProcessGroup | null): Module {
  let result = module;
  if (module instanceof BatchNormNd) {
    const { numFeatures, eps, momentum, affine, trackRunningStats, bias } = module;
    const sync = new SyncBatchNorm(numFeatures, {
      eps,
      momentum,
      affine,
      trackRunningStats,
      processGroup,
    });
    if (affine) {
      sync.weight = module.weight;
      sync.bias = bias;
    }
    for (const name of ['runningMean', 'runningVar', 'numBatchesTracked'] as const) {
      sync.assign(name, module[name]);
    }
    sync.training = module.training;
    result = sync;
  }
  for (const [name, child] of module.namedChildren()) {
    const made = converted(child, processGroup);
    if (made !== child) result.setSubmodule(name, made);
  }
  return result;
}

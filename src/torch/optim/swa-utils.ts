/** Averages of weights (`torch.optim.swa_utils`). */
import { type Args, type Bound, bind } from '../arguments';
import { noGrad } from '../autograd/modes';
import { tensor } from '../creation';
import { TorchError } from '../errors';
import { Module } from '../nn/module';
import type { Tensor } from '../tensor';
import type { Device } from '../types';
import { foreach } from './foreach';
import { cos } from './libm';
import { LRScheduler, type OptimizerNeeded } from './lr-scheduler/scheduler';

/** The new average of one parameter. */
export type AverageFn = (averaged: Tensor, current: Tensor, count: Tensor) => Tensor;
/** Changes the averages of several parameters in place. */
export type MultiAverageFn = (averaged: Tensor[], current: Tensor[], count: Tensor) => void;

const isFloating = (x: Tensor) => x.isFloatingPoint() || x.isComplex();

function checkDecay(decay: number): void {
  if (decay >= 0 && decay <= 1) return;
  throw new TorchError(
    `Invalid decay value ${decay} provided. Please provide a value in [0,1] range.`,
    'ValueError',
  );
}

/** An exponential average: `decay` of the old one, the rest of the new (`get_ema_avg_fn`). */
export function getEmaAvgFn(
  ...args: Args<'get_ema_avg_fn', unknown, { decay?: number }>
): AverageFn {
  const { decay } = bind<{ decay: number }>('get_ema_avg_fn', args);
  checkDecay(decay);
  return (averaged, current) =>
    noGrad(() => averaged.mul({ float: decay }).add(current.mul({ float: 1 - decay })));
}

/** {@link getEmaAvgFn} for all parameters at once (`get_ema_multi_avg_fn`). */
export function getEmaMultiAvgFn(
  ...args: Args<'get_ema_multi_avg_fn', unknown, { decay?: number }>
): MultiAverageFn {
  const { decay } = bind<{ decay: number }>('get_ema_multi_avg_fn', args);
  checkDecay(decay);
  return (averaged, current) =>
    noGrad(() => {
      if (isFloating(averaged[0]!)) {
        foreach.lerp_(averaged, current, { float: 1 - decay });
        return;
      }
      averaged.forEach((own, i) => {
        own.copy_(own.mul({ float: decay }).add(current[i]!.mul({ float: 1 - decay })));
      });
    });
}

/** The mean of all (`get_swa_avg_fn`). */
export const getSwaAvgFn = (): AverageFn => (averaged, current, count) =>
  noGrad(() => averaged.add(current.sub(averaged).div(count.add(1))));

/** {@link getSwaAvgFn} for all parameters at once (`get_swa_multi_avg_fn`). */
export const getSwaMultiAvgFn = (): MultiAverageFn => (averaged, current, count) =>
  noGrad(() => {
    if (isFloating(averaged[0]!)) {
      // Python's 1 / (n + 1) is a float32 tensor here.
      foreach.lerp_(averaged, current, { float: count.add(1).reciprocal().item() });
      return;
    }
    const differences = foreach.sub(current, averaged);
    const divisor = count.add(1);
    foreach.addcdiv_(
      averaged,
      differences,
      averaged.map(() => divisor),
    );
  });

interface AverageNeeded {
  model: Module;
}
interface AverageOptions {
  device?: Device | null;
  avgFn?: AverageFn | null;
  multiAvgFn?: MultiAverageFn | null;
  /** Average buffers as well. Default false: they are the model's. */
  useBuffers?: boolean;
}

/** A module that has the average of another's weights (`torch.optim.swa_utils.AveragedModel`). */
export class AveragedModel extends Module {
  readonly module: Module;
  declare readonly nAveraged: Tensor;
  private readonly avgFn: AverageFn | null;
  private readonly multiAvgFn: MultiAverageFn | null;
  private readonly useBuffers: boolean;

  constructor(...args: Args<'AveragedModel', AverageNeeded, AverageOptions>) {
    super();
    const { model, device, avgFn, multiAvgFn, useBuffers } = bind<
      Bound<AverageNeeded, AverageOptions>
    >('AveragedModel', args);
    if (avgFn && multiAvgFn) {
      throw new TorchError(
        'Only one of avg_fn and multi_avg_fn should be provided',
        'AssertionError',
      );
    }
    this.module = model.deepcopy();
    if (device) this.module.to(device);
    this.registerBuffer('nAveraged', tensor(0, { dtype: 'int64', ...(device && { device }) }));
    this.avgFn = avgFn;
    this.multiAvgFn = multiAvgFn;
    this.useBuffers = useBuffers;
  }

  override stateName(property: string): string {
    return property === 'nAveraged' ? 'n_averaged' : property;
  }

  // biome-ignore lint/suspicious/noExplicitAny: the model's own.
  forward(...args: any[]): any {
    return this.module.call(...args);
  }

  /** Takes the model's weights, as they are now, into the average. */
  updateParameters(model: Module): void {
    noGrad(() => {
      const tensors = (of: Module) => [
        ...of.parameters(),
        ...(this.useBuffers ? of.buffers() : []),
      ];
      const averaged = tensors(this.module).map((x) => x.detach());
      const current = tensors(model).map((x, i) => x.detach().to(averaged[i]!.device) as Tensor);
      const count = this.nAveraged;
      if (count.item() === 0) {
        averaged.forEach((own, i) => void own.copy_(current[i]!));
      } else if (this.multiAvgFn) {
        const average = this.multiAvgFn;
        for (const places of byDtype(averaged)) {
          average(
            places.map((i) => averaged[i]!),
            places.map((i) => current[i]!),
            count,
          );
        }
      } else {
        // Python's default takes all at once on GPUs alone.
        const average = this.avgFn ?? getSwaAvgFn();
        averaged.forEach((own, i) => void own.copy_(average(own, current[i]!, count)));
      }
      if (!this.useBuffers) {
        const buffers = model.buffers();
        this.module.buffers().forEach((own, i) => void own.copy_(buffers[i]!));
      }
      count.add_(1);
    });
  }
}

/** The places of tensors, those of one dtype together. */
function byDtype(tensors: readonly Tensor[]): number[][] {
  const groups = new Map<string, number[]>();
  tensors.forEach(({ dtype, device }, i) => {
    const key = `${dtype} ${device}`;
    groups.set(key, [...(groups.get(key) ?? []), i]);
  });
  return [...groups.values()];
}

interface RunningStats {
  resetRunningStats(): void;
  momentum: number | null;
}

/**
 * Computes the running statistics of a model's batch normalisation again from all batches of a loader, such as for an
 * {@link AveragedModel} (`torch.optim.swa_utils.update_bn`). Of a batch that is an array the first goes in.
 */
export function updateBn(
  ...args: Args<
    'update_bn',
    { loader: Iterable<unknown>; model: Module },
    { device?: Device | null }
  >
): void {
  const { loader, model, device } = bind<{
    loader: Iterable<unknown>;
    model: Module;
    device: Device | null;
  }>('update_bn', args);
  noGrad(() => {
    const norms = model
      .modules()
      .filter((module) => /BatchNorm/.test(module.constructor.name)) as unknown as RunningStats[];
    for (const norm of norms) norm.resetRunningStats();
    if (norms.length === 0) return;
    const before = norms.map(({ momentum }) => momentum);
    const { training } = model;
    model.train();
    for (const norm of norms) norm.momentum = null;
    for (const batch of loader) {
      const input = (Array.isArray(batch) ? batch[0] : batch) as Tensor;
      model.call(device ? input.to(device) : input);
    }
    norms.forEach((norm, i) => {
      norm.momentum = before[i]!;
    });
    model.train(training);
  });
}

interface SwalrNeeded extends OptimizerNeeded {
  /** The last learning rate, or one for each group. */
  swaLr: number | readonly number[];
}
interface SwalrOptions {
  /** Default 10. */
  annealEpochs?: number;
  annealStrategy?: 'cos' | 'linear';
  lastEpoch?: number;
}

/** Goes to a constant learning rate, along a cosine or a line (`torch.optim.swa_utils.SWALR`). */
export class SWALR extends LRScheduler {
  readonly annealEpochs: number;
  readonly annealStrategy: 'cos' | 'linear';
  protected override readonly saved = {
    anneal_epochs: 'annealEpochs',
    _anneal_strategy: 'annealStrategy',
  };

  constructor(...args: Args<'SWALR', SwalrNeeded, SwalrOptions>) {
    const { optimizer, swaLr, annealEpochs, annealStrategy, lastEpoch } = bind<
      Bound<SwalrNeeded, SwalrOptions>
    >('SWALR', args);
    super(optimizer);
    const groups = optimizer.paramGroups as { swaLr?: number }[];
    if (typeof swaLr !== 'number' && swaLr.length !== groups.length) {
      throw new TorchError(
        `swa_lr must have the same length as optimizer.param_groups. swa_lr has ${swaLr.length} values, param_groups has ${groups.length}.`,
        'ValueError',
      );
    }
    groups.forEach((group, i) => {
      group.swaLr = typeof swaLr === 'number' ? swaLr : swaLr[i]!;
    });
    if (annealStrategy !== 'cos' && annealStrategy !== 'linear') {
      throw new TorchError(
        `anneal_strategy must be one of 'cos' or 'linear', instead got ${annealStrategy}`,
        'ValueError',
      );
    }
    if (!Number.isInteger(annealEpochs) || annealEpochs < 0) {
      throw new TorchError(
        `anneal_epochs must be equal or greater than 0, got ${annealEpochs}`,
        'ValueError',
      );
    }
    this.annealEpochs = annealEpochs;
    this.annealStrategy = annealStrategy;
    this.begin({ lastEpoch });
  }

  /** How far it has gone, from 0 to 1, after a share of the epochs. */
  private annealed(t: number): number {
    return this.annealStrategy === 'linear' ? t : (1 - cos(Math.PI * t)) / 2;
  }

  protected override getLr(): number[] {
    const done = this.stepCount - 1;
    const step = this.annealEpochs === 0 ? Math.max(1, done) : done;
    const share = (at: number) => Math.max(0, Math.min(1, at / Math.max(1, this.annealEpochs)));
    const [before, now] = [this.annealed(share(step - 1)), this.annealed(share(step))];
    return (this.optimizer.paramGroups as { lr: number; swaLr?: number }[]).map(({ lr, swaLr }) => {
      const start = before === 1 ? swaLr! : (lr - before * swaLr!) / (1 - before);
      return swaLr! * now + start * (1 - now);
    });
  }
}

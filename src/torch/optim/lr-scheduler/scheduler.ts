import { typeName } from '../../arguments';
import { TorchError } from '../../errors';
import { Optimizer } from '../optimizer';

/** A scheduler's state under PyTorch's own names, which Python's scheduler loads as well. */
export type SchedulerStateDict = Record<string, unknown>;

/** Options of every scheduler that counts epochs. */
export interface SchedulerOptions {
  /** The epoch to go on from; −1 to begin. Others need the `initialLr` of a loaded optimizer. */
  lastEpoch?: number;
}

/** What can be stepped and combined: every scheduler but ReduceLROnPlateau. */
export interface Scheduler {
  readonly optimizer: Optimizer;
  step(): void;
  getLastLr(): number[];
  stateDict(): SchedulerStateDict;
  loadStateDict(dict: SchedulerStateDict): void;
  /** @internal */
  initialStep(): void;
  /** @internal */
  undo(): void;
  /** @internal */
  updateLr(epoch?: number): void;
}

/**
 * The base of the learning-rate schedulers (`torch.optim.lr_scheduler.LRScheduler`): after each epoch
 * `step` sets the `lr` of every group. One of your own defines `getLr` and ends its constructor with
 * `this.begin(options)`.
 */
export abstract class LRScheduler implements Scheduler {
  /** Number of the epoch that the learning rates are for. */
  lastEpoch = -1;
  /** The learning rates at the start. */
  baseLrs: number[] = [];
  protected stepCount = 0;
  protected lastLr: number[] = [];
  protected isInitial = false;
  /** The properties that a state dict holds beside the common ones, by PyTorch's names. */
  protected readonly saved: Readonly<Record<string, string>> = {};

  /** Throws TorchError for anything but an optimizer. */
  constructor(readonly optimizer: Optimizer) {
    checkOptimizer(optimizer);
  }

  /** Notes the learning rates to start from and takes the first step. */
  protected begin({ lastEpoch = -1 }: SchedulerOptions): void {
    this.optimizer.paramGroups.forEach((group, i) => {
      if (lastEpoch === -1) group.initialLr ??= group.lr;
      else if (group.initialLr === undefined) {
        throw new TorchError(
          `param 'initial_lr' is not specified in param_groups[${i}] when resuming scheduler with ` +
            'last_epoch >= 0.',
          'KeyError',
        );
      }
    });
    this.baseLrs = this.optimizer.paramGroups.map(({ initialLr }) => initialLr!);
    this.lastEpoch = lastEpoch;
    this.initialStep();
  }

  /** @internal The step that sets the first learning rates. */
  initialStep(): void {
    this.stepCount = 0;
    this.isInitial = true;
    try {
      this.step();
    } finally {
      this.isInitial = false;
    }
  }

  /** @internal Takes back the first step, for a scheduler whose turn comes later. */
  undo(): void {
    this.lastEpoch--;
  }

  /** The learning rate of each group at `lastEpoch`. */
  protected getLr(): number[] {
    throw new TorchError(`${this.constructor.name} has no getLr`, 'NotImplementedError');
  }

  /** The learning rates at `lastEpoch` without regard to the ones before. */
  protected closedForm?(): number[];

  /** Goes to the next epoch; call it after `optimizer.step()`. */
  step(epoch?: number): void {
    if (this.stepCount === 1 && !this.optimizer.hasStepped) {
      process.emitWarning(
        'Detected call of `scheduler.step()` before `optimizer.step()`: the first value of the ' +
          'learning rate schedule is skipped.',
      );
    }
    this.stepCount++;
    this.updateLr(epoch);
  }

  /** @internal */
  updateLr(epoch?: number): void {
    this.lastEpoch = epoch ?? this.lastEpoch + 1;
    this.setLr(epoch !== undefined && this.closedForm ? this.closedForm() : this.getLr());
  }

  /** Sets the learning rates of all groups. */
  protected setLr(values: readonly number[]): void {
    const groups = this.optimizer.paramGroups;
    groups.forEach((group, i) => {
      group.lr = values[i]!;
    });
    this.lastLr = this.currentLr();
  }

  /** The groups' learning rates. */
  protected currentLr(): number[] {
    return this.optimizer.paramGroups.map(({ lr }) => lr);
  }

  /** The groups' learning rates times a factor. */
  protected scaledLr(factor: number): number[] {
    return this.optimizer.paramGroups.map(({ lr }) => lr * factor);
  }

  /** The learning rates that were set last, one a group. */
  getLastLr(): number[] {
    return this.lastLr;
  }

  /** Everything but the optimizer, under PyTorch's names. */
  stateDict(): SchedulerStateDict {
    const own = this as unknown as Record<string, unknown>;
    const values = Object.entries(this.saved)
      .map(([theirs, ours]) => [theirs, own[ours]] as const)
      .filter(([, value]) => value !== undefined)
      .map(([theirs, value]) => [theirs, Array.isArray(value) ? [...value] : value]);
    return {
      ...Object.fromEntries(values),
      base_lrs: [...this.baseLrs],
      last_epoch: this.lastEpoch,
      _step_count: this.stepCount,
      _is_initial: false,
      _get_lr_called_within_step: false,
      _last_lr: [...this.lastLr],
    };
  }

  /** Takes over a state dict, Python's too. */
  loadStateDict(dict: SchedulerStateDict): void {
    const all = {
      ...this.saved,
      base_lrs: 'baseLrs',
      last_epoch: 'lastEpoch',
      _step_count: 'stepCount',
      _last_lr: 'lastLr',
    };
    for (const [theirs, ours] of Object.entries(all)) {
      const value = dict[theirs];
      if (value === undefined) continue;
      Object.assign(this, { [ours]: Array.isArray(value) ? [...value] : value });
    }
  }
}

/** What every scheduler needs. */
export interface OptimizerNeeded {
  optimizer: Optimizer;
}

export function checkOptimizer(optimizer: unknown): void {
  if (optimizer instanceof Optimizer) return;
  throw new TorchError(`${typeName(optimizer)} is not an Optimizer`, 'TypeError');
}

/** One value a group; throws TorchError where a list has another length. */
export function perGroup(
  name: string,
  optimizer: Optimizer,
  value: number | readonly number[],
): number[] {
  const count = optimizer.paramGroups.length;
  if (typeof value === 'number') return Array.from({ length: count }, () => value);
  if (value.length !== count) {
    throw new TorchError(
      `${name} must have the same length as optimizer.param_groups. ` +
        `${name} has ${value.length} values, param_groups has ${count}.`,
      'ValueError',
    );
  }
  return [...value];
}

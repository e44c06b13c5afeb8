import { type Args, type Bound, bind } from '../../arguments';
import { TorchError } from '../../errors';
import type { Tensor } from '../../tensor';
import type { Optimizer } from '../optimizer';
import { checkOptimizer, type OptimizerNeeded, type SchedulerStateDict } from './scheduler';

export interface PlateauOptions {
  /** Whether the metric should fall or rise. Default `min`. */
  mode?: 'min' | 'max';
  /** Factor of the learning rate, below 1. Default 0.1. */
  factor?: number;
  /** Epochs without progress that are tolerated. Default 10. */
  patience?: number;
  /** The least progress that counts. Default 1e-4. */
  threshold?: number;
  /** Whether the threshold is a part of the metric or an amount. Default `rel`. */
  thresholdMode?: 'rel' | 'abs';
  /** Epochs to wait after each reduction. Default 0. */
  cooldown?: number;
  /** The least learning rate, for all groups or for each. Default 0. */
  minLr?: number | readonly number[];
  /** The least change of the learning rate that is made. Default 1e-8. */
  eps?: number;
}

/** Reduces the learning rate when a metric stops improving. */
export class ReduceLROnPlateau {
  readonly optimizer: Optimizer;
  lastEpoch = 0;
  best: number;
  numBadEpochs = 0;
  cooldownCounter = 0;
  #lastLr: number[];
  #minLrs: number[];
  #defaultMinLr: number | null;
  #settings: Required<Omit<PlateauOptions, 'minLr'>>;

  /** Throws TorchError for settings out of their range. */
  constructor(...args: Args<'ReduceLROnPlateau', OptimizerNeeded, PlateauOptions>) {
    const { optimizer, minLr, ...settings } = bind<Bound<OptimizerNeeded, PlateauOptions>>(
      'ReduceLROnPlateau',
      args,
    );
    checkOptimizer(optimizer);
    this.optimizer = optimizer;
    this.#settings = settings;
    const { factor, mode, thresholdMode } = settings;
    if (factor >= 1) throw new TorchError('Factor should be < 1.0.', 'ValueError');
    const count = optimizer.paramGroups.length;
    if (typeof minLr !== 'number' && minLr.length !== count) {
      throw new TorchError(`expected ${count} min_lrs, got ${minLr.length}`, 'ValueError');
    }
    if (mode !== 'min' && mode !== 'max') {
      throw new TorchError(`mode ${mode} is unknown!`, 'ValueError');
    }
    if (thresholdMode !== 'rel' && thresholdMode !== 'abs') {
      throw new TorchError(`threshold mode ${thresholdMode} is unknown!`, 'ValueError');
    }
    this.#defaultMinLr = typeof minLr === 'number' ? minLr : null;
    this.#minLrs = typeof minLr === 'number' ? Array(count).fill(minLr) : [...minLr];
    this.#lastLr = this.#currentLr();
    this.best = this.#worst;
  }

  get #worst(): number {
    return this.#settings.mode === 'min' ? Infinity : -Infinity;
  }

  #currentLr(): number[] {
    return this.optimizer.paramGroups.map(({ lr }) => lr);
  }

  /** Takes the metric of one more epoch. */
  step(metrics: number | Tensor): void {
    const current = typeof metrics === 'number' ? metrics : metrics.item();
    this.lastEpoch++;
    if (this.#isBetter(current)) {
      this.best = current;
      this.numBadEpochs = 0;
    } else {
      this.numBadEpochs++;
    }
    if (this.cooldownCounter > 0) {
      this.cooldownCounter--;
      this.numBadEpochs = 0;
    }
    if (this.numBadEpochs > this.#settings.patience) {
      this.#reduce();
      this.cooldownCounter = this.#settings.cooldown;
      this.numBadEpochs = 0;
    }
    this.#lastLr = this.#currentLr();
  }

  #isBetter(value: number): boolean {
    const { mode, threshold, thresholdMode } = this.#settings;
    if (mode === 'min') {
      return thresholdMode === 'rel'
        ? value < this.best * (1 - threshold)
        : value < this.best - threshold;
    }
    return thresholdMode === 'rel'
      ? value > this.best * (threshold + 1)
      : value > this.best + threshold;
  }

  #reduce(): void {
    const groups = this.optimizer.paramGroups;
    if (groups.length !== this.#minLrs.length) {
      if (this.#defaultMinLr === null) {
        throw new TorchError(
          `The number of param groups in the \`optimizer\` (${groups.length}) differs from when ` +
            `\`ReduceLROnPlateau\` was initialized (${this.#minLrs.length}), usually due to a new ` +
            'param group being added to the optimizer.',
          'RuntimeError',
        );
      }
      this.#minLrs = groups.map(() => this.#defaultMinLr!);
    }
    groups.forEach((group, i) => {
      const lr = Math.max(group.lr * this.#settings.factor, this.#minLrs[i]!);
      if (group.lr - lr > this.#settings.eps) group.lr = lr;
    });
  }

  /** The learning rates after the last step, one a group. */
  getLastLr(): number[] {
    return this.#lastLr;
  }

  /** Everything but the optimizer, under PyTorch's names. */
  stateDict(): SchedulerStateDict {
    const { thresholdMode, ...settings } = this.#settings;
    return {
      ...settings,
      threshold_mode: thresholdMode,
      mode_worse: this.#worst,
      default_min_lr: this.#defaultMinLr,
      min_lrs: [...this.#minLrs],
      last_epoch: this.lastEpoch,
      _last_lr: [...this.#lastLr],
      best: this.best,
      cooldown_counter: this.cooldownCounter,
      num_bad_epochs: this.numBadEpochs,
    };
  }

  /** Takes over a state dict, Python's too. */
  loadStateDict(dict: SchedulerStateDict): void {
    const taken = <T>(name: string, present: T): T => (name in dict ? (dict[name] as T) : present);
    const settings = this.#settings;
    this.#settings = {
      mode: taken('mode', settings.mode),
      factor: taken('factor', settings.factor),
      patience: taken('patience', settings.patience),
      threshold: taken('threshold', settings.threshold),
      thresholdMode: taken('threshold_mode', settings.thresholdMode),
      cooldown: taken('cooldown', settings.cooldown),
      eps: taken('eps', settings.eps),
    };
    this.#defaultMinLr = taken('default_min_lr', this.#defaultMinLr);
    this.#minLrs = [...taken('min_lrs', this.#minLrs)];
    this.#lastLr = [...taken('_last_lr', this.#lastLr)];
    this.lastEpoch = taken('last_epoch', this.lastEpoch);
    this.best = taken('best', this.best);
    this.cooldownCounter = taken('cooldown_counter', this.cooldownCounter);
    this.numBadEpochs = taken('num_bad_epochs', this.numBadEpochs);
  }
}

import { type Args, type Bound, bind } from '../../arguments';
import { TorchError } from '../../errors';
import { LRScheduler, type OptimizerNeeded, type SchedulerOptions } from './scheduler';

export interface ConstantOptions extends SchedulerOptions {
  /** Factor of the learning rate, 0 to 1. Default 1/3. */
  factor?: number;
  /** Epochs until the learning rate is whole. Default 5. */
  totalIters?: number;
}

/** The learning rate times a factor for the first epochs. */
export class ConstantLR extends LRScheduler {
  readonly factor: number;
  readonly totalIters: number;
  protected override readonly saved = { factor: 'factor', total_iters: 'totalIters' };

  /** Throws TorchError for a factor out of its range. */
  constructor(...args: Args<'ConstantLR', OptimizerNeeded, ConstantOptions>) {
    const { optimizer, factor, totalIters, lastEpoch } = bind<
      Bound<OptimizerNeeded, ConstantOptions>
    >('ConstantLR', args);
    super(optimizer);
    this.factor = factor;
    this.totalIters = totalIters;
    if (this.factor > 1 || this.factor < 0) {
      throw new TorchError(
        'Constant multiplicative factor expected to be between 0 and 1.',
        'ValueError',
      );
    }
    this.begin({ lastEpoch });
  }

  protected override getLr(): number[] {
    if (this.lastEpoch === 0) return this.scaledLr(this.factor);
    if (this.lastEpoch !== this.totalIters) return this.currentLr();
    return this.scaledLr(1 / this.factor);
  }

  protected override closedForm(): number[] {
    const whole = this.lastEpoch >= this.totalIters ? 1 : 0;
    return this.baseLrs.map((lr) => lr * (this.factor + whole * (1 - this.factor)));
  }
}

export interface LinearOptions extends SchedulerOptions {
  /** Factor at the start, above 0 to 1. Default 1/3. */
  startFactor?: number;
  /** Factor at the end, 0 to 1. Default 1. */
  endFactor?: number;
  /** Epochs from the one to the other. Default 5. */
  totalIters?: number;
}

/** The learning rate times a factor that goes linearly from one value to another. */
export class LinearLR extends LRScheduler {
  readonly startFactor: number;
  readonly endFactor: number;
  readonly totalIters: number;
  protected override readonly saved = {
    start_factor: 'startFactor',
    end_factor: 'endFactor',
    total_iters: 'totalIters',
  };

  /** Throws TorchError for factors out of their range. */
  constructor(...args: Args<'LinearLR', OptimizerNeeded, LinearOptions>) {
    const { optimizer, startFactor, endFactor, totalIters, lastEpoch } = bind<
      Bound<OptimizerNeeded, LinearOptions>
    >('LinearLR', args);
    super(optimizer);
    this.startFactor = startFactor;
    this.endFactor = endFactor;
    this.totalIters = totalIters;
    if (this.startFactor > 1 || this.startFactor <= 0) {
      throw new TorchError(
        'Starting multiplicative factor expected to be greater than 0 and less or equal to 1.',
        'ValueError',
      );
    }
    if (this.endFactor > 1 || this.endFactor < 0) {
      throw new TorchError(
        'Ending multiplicative factor expected to be between 0 and 1.',
        'ValueError',
      );
    }
    this.begin({ lastEpoch });
  }

  protected override getLr(): number[] {
    const { lastEpoch, totalIters, startFactor } = this;
    if (lastEpoch === 0) return this.scaledLr(startFactor);
    if (this.isInitial || lastEpoch > totalIters) return this.currentLr();
    const rise = this.endFactor - startFactor;
    return this.scaledLr(1 + rise / (totalIters * startFactor + (lastEpoch - 1) * rise));
  }

  protected override closedForm(): number[] {
    const { lastEpoch, totalIters, startFactor } = this;
    const rise = this.endFactor - startFactor;
    return this.baseLrs.map(
      (lr) => lr * (startFactor + (rise * Math.min(totalIters, lastEpoch)) / totalIters),
    );
  }
}

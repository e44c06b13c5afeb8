import { pow } from '../libm';
import type { Optimizer } from '../optimizer';
import { LRScheduler, type SchedulerOptions } from './scheduler';

/** The learning rate times `gamma` each epoch. */
export class ExponentialLR extends LRScheduler {
  protected override readonly saved = { gamma: 'gamma' };

  constructor(
    optimizer: Optimizer,
    readonly gamma: number,
    options: SchedulerOptions = {},
  ) {
    super(optimizer);
    this.begin(options);
  }

  protected override getLr(): number[] {
    return this.isInitial ? this.currentLr() : this.scaledLr(this.gamma);
  }

  protected override closedForm(): number[] {
    return this.baseLrs.map((lr) => lr * pow(this.gamma, this.lastEpoch));
  }
}

export interface PolynomialOptions extends SchedulerOptions {
  /** Epochs until the learning rate is 0. Default 5. */
  totalIters?: number;
  /** Default 1. */
  power?: number;
}

/** The learning rate falls to 0 as a power of the time that is left. */
export class PolynomialLR extends LRScheduler {
  readonly totalIters: number;
  readonly power: number;
  protected override readonly saved = { total_iters: 'totalIters', power: 'power' };

  constructor(optimizer: Optimizer, options: PolynomialOptions = {}) {
    super(optimizer);
    this.totalIters = options.totalIters ?? 5;
    this.power = options.power ?? 1;
    this.begin(options);
  }

  protected override getLr(): number[] {
    const { lastEpoch, totalIters } = this;
    if (this.isInitial || lastEpoch > totalIters) return this.currentLr();
    const left = (epoch: number) => 1 - epoch / totalIters;
    return this.scaledLr(pow(left(lastEpoch) / left(lastEpoch - 1), this.power));
  }

  protected override closedForm(): number[] {
    const left = 1 - Math.min(this.totalIters, this.lastEpoch) / this.totalIters;
    return this.baseLrs.map((lr) => lr * pow(left, this.power));
  }
}

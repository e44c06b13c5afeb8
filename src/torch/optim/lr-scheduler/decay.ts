import { type Args, type Bound, bind } from '../../arguments';
import { pow } from '../libm';
import { LRScheduler, type OptimizerNeeded, type SchedulerOptions } from './scheduler';

interface ExponentialNeeded extends OptimizerNeeded {
  gamma: number;
}

/** The learning rate times `gamma` each epoch. */
export class ExponentialLR extends LRScheduler {
  readonly gamma: number;
  protected override readonly saved = { gamma: 'gamma' };

  constructor(...args: Args<'ExponentialLR', ExponentialNeeded, SchedulerOptions>) {
    const { optimizer, gamma, lastEpoch } = bind<Bound<ExponentialNeeded, SchedulerOptions>>(
      'ExponentialLR',
      args,
    );
    super(optimizer);
    this.gamma = gamma;
    this.begin({ lastEpoch });
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

  constructor(...args: Args<'PolynomialLR', OptimizerNeeded, PolynomialOptions>) {
    const { optimizer, totalIters, power, lastEpoch } = bind<
      Bound<OptimizerNeeded, PolynomialOptions>
    >('PolynomialLR', args);
    super(optimizer);
    this.totalIters = totalIters;
    this.power = power;
    this.begin({ lastEpoch });
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

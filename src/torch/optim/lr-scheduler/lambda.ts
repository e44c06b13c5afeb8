import { TorchError } from '../../errors';
import type { Optimizer } from '../optimizer';
import { LRScheduler, type SchedulerOptions, type SchedulerStateDict } from './scheduler';

/** A factor of the learning rate for an epoch, counted from 0. */
export type LrLambda = (epoch: number) => number;

abstract class FunctionLR extends LRScheduler {
  protected readonly lambdas: readonly LrLambda[];

  /** One function for all groups or one each; throws TorchError where their numbers differ. */
  constructor(
    optimizer: Optimizer,
    lrLambda: LrLambda | readonly LrLambda[],
    options: SchedulerOptions = {},
  ) {
    super(optimizer);
    const count = optimizer.paramGroups.length;
    if (typeof lrLambda !== 'function' && lrLambda.length !== count) {
      throw new TorchError(
        `Expected ${count} lr_lambdas, but got ${lrLambda.length}`,
        'ValueError',
      );
    }
    this.lambdas =
      typeof lrLambda === 'function' ? optimizer.paramGroups.map(() => lrLambda) : [...lrLambda];
    this.begin(options);
  }

  /** Functions are not saved, as in Python. */
  override stateDict(): SchedulerStateDict {
    return { ...super.stateDict(), lr_lambdas: this.lambdas.map(() => null) };
  }
}

/** The first learning rate times a function of the epoch. */
export class LambdaLR extends FunctionLR {
  protected override getLr(): number[] {
    return this.baseLrs.map((lr, i) => lr * this.lambdas[i]!(this.lastEpoch));
  }
}

/** The last learning rate times a function of the epoch. */
export class MultiplicativeLR extends FunctionLR {
  protected override getLr(): number[] {
    if (this.isInitial) return this.currentLr();
    return this.optimizer.paramGroups.map(({ lr }, i) => lr * this.lambdas[i]!(this.lastEpoch));
  }
}

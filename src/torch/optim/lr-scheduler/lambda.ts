import { type Args, type Bound, bind } from '../../arguments';
import { TorchError } from '../../errors';
import {
  LRScheduler,
  type OptimizerNeeded,
  type SchedulerOptions,
  type SchedulerStateDict,
} from './scheduler';

/** A factor of the learning rate for an epoch, counted from 0. */
export type LrLambda = (epoch: number) => number;

interface LambdaNeeded extends OptimizerNeeded {
  lrLambda: LrLambda | readonly LrLambda[];
}

abstract class FunctionLR extends LRScheduler {
  protected readonly lambdas: readonly LrLambda[];

  /** One function for all groups or one each; throws TorchError where their numbers differ. */
  constructor({ optimizer, lrLambda, lastEpoch }: Bound<LambdaNeeded, SchedulerOptions>) {
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
    this.begin({ lastEpoch });
  }

  /** Functions are not saved, as in Python. */
  override stateDict(): SchedulerStateDict {
    return { ...super.stateDict(), lr_lambdas: this.lambdas.map(() => null) };
  }
}

/** The first learning rate times a function of the epoch. */
export class LambdaLR extends FunctionLR {
  constructor(...args: Args<'LambdaLR', LambdaNeeded, SchedulerOptions>) {
    super(bind('LambdaLR', args));
  }

  protected override getLr(): number[] {
    return this.baseLrs.map((lr, i) => lr * this.lambdas[i]!(this.lastEpoch));
  }
}

/** The last learning rate times a function of the epoch. */
export class MultiplicativeLR extends FunctionLR {
  constructor(...args: Args<'MultiplicativeLR', LambdaNeeded, SchedulerOptions>) {
    super(bind('MultiplicativeLR', args));
  }

  protected override getLr(): number[] {
    if (this.isInitial) return this.currentLr();
    return this.optimizer.paramGroups.map(({ lr }, i) => lr * this.lambdas[i]!(this.lastEpoch));
  }
}

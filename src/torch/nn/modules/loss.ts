import type { Tensor } from '../../tensor';
import type { LossOptions, Reduction, WeightedLossOptions } from '../functional';
import { Module } from '../module';

/** What losses share: how they are reduced over their elements. */
export abstract class Loss extends Module {
  readonly reduction: Reduction;
  constructor({ reduction = 'mean' }: LossOptions = {}) {
    super();
    this.reduction = reduction;
  }
}

/** A loss with weights, a buffer. */
export abstract class WeightedLoss extends Loss {
  readonly weight: Tensor | null = null;
  constructor(options: WeightedLossOptions = {}) {
    super(options);
    this.registerBuffer('weight', options.weight ?? null);
  }
}

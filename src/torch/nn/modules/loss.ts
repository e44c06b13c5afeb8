import { type Args, bind } from '../../arguments';
import type { Tensor } from '../../tensor';
import type { LossOptions, Reduction, WeightedLossOptions } from '../functional';
import { Module } from '../module';

/** What losses share: how they are reduced over their elements. */
export abstract class Loss extends Module {
  readonly reduction: Reduction;
  constructor({ reduction }: { reduction: Reduction }) {
    super();
    this.reduction = reduction;
  }
}

/** A loss without further settings. */
export abstract class PlainLoss extends Loss {
  constructor(...args: Args<'_Loss', unknown, LossOptions>) {
    super(bind('_Loss', args));
  }
}

/** A loss with weights, a buffer. */
export abstract class WeightedLoss extends Loss {
  readonly weight: Tensor | null = null;
  constructor(settings: { reduction: Reduction; weight: Tensor | null }) {
    super(settings);
    this.registerBuffer('weight', settings.weight);
  }
}

/** A loss with weights and without further settings. */
export abstract class PlainWeightedLoss extends WeightedLoss {
  constructor(...args: Args<'_WeightedLoss', unknown, WeightedLossOptions>) {
    super(bind('_WeightedLoss', args));
  }
}

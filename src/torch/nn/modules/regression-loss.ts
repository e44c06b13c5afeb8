import { type Args, type Bound, bind } from '../../arguments';
import type { Tensor } from '../../tensor';
import type { GaussianNllOptions, LossOptions, PoissonNllOptions } from '../functional';
import * as F from '../functional';
import { Loss, PlainLoss } from './loss';

/** The absolute error (`torch.nn.L1Loss`). */
export class L1Loss extends PlainLoss {
  forward(input: Tensor, target: Tensor): Tensor {
    return F.l1Loss(input, target, { reduction: this.reduction });
  }
}

/** The squared error (`torch.nn.MSELoss`). */
export class MSELoss extends PlainLoss {
  forward(input: Tensor, target: Tensor): Tensor {
    return F.mseLoss(input, target, { reduction: this.reduction });
  }
}

interface HuberOptions extends LossOptions {
  /** Default 1. */
  delta?: number;
}

/** Squared below `delta`, straight above (`torch.nn.HuberLoss`; Huber 1964). */
export class HuberLoss extends Loss {
  readonly delta: number;
  constructor(...args: Args<'HuberLoss', unknown, HuberOptions>) {
    const bound = bind<Bound<HuberOptions>>('HuberLoss', args);
    super(bound);
    this.delta = bound.delta;
  }
  forward(input: Tensor, target: Tensor): Tensor {
    return F.huberLoss(input, target, { reduction: this.reduction, delta: this.delta });
  }
}

interface SmoothL1Options extends LossOptions {
  /** Default 1. */
  beta?: number;
}

/** Huber's loss divided by `beta` (`torch.nn.SmoothL1Loss`). */
export class SmoothL1Loss extends Loss {
  readonly beta: number;
  constructor(...args: Args<'SmoothL1Loss', unknown, SmoothL1Options>) {
    const bound = bind<Bound<SmoothL1Options>>('SmoothL1Loss', args);
    super(bound);
    this.beta = bound.beta;
  }
  forward(input: Tensor, target: Tensor): Tensor {
    return F.smoothL1Loss(input, target, { reduction: this.reduction, beta: this.beta });
  }
}

/** Counts against the rate of a Poisson distribution (`torch.nn.PoissonNLLLoss`). */
export class PoissonNLLLoss extends Loss {
  readonly logInput: boolean;
  readonly full: boolean;
  readonly eps: number;
  constructor(...args: Args<'PoissonNLLLoss', unknown, PoissonNllOptions>) {
    const bound = bind<Bound<PoissonNllOptions>>('PoissonNLLLoss', args);
    super(bound);
    this.logInput = bound.logInput;
    this.full = bound.full;
    this.eps = bound.eps;
  }
  forward(input: Tensor, target: Tensor): Tensor {
    const { logInput, full, eps, reduction } = this;
    return F.poissonNllLoss(input, target, { logInput, full, eps, reduction });
  }
}

/** Targets against a normal distribution; see `F.gaussianNllLoss` (`torch.nn.GaussianNLLLoss`). */
export class GaussianNLLLoss extends Loss {
  readonly full: boolean;
  readonly eps: number;
  constructor(...args: Args<'GaussianNLLLoss', unknown, GaussianNllOptions>) {
    const bound = bind<Bound<GaussianNllOptions>>('GaussianNLLLoss', args);
    super(bound);
    this.full = bound.full;
    this.eps = bound.eps;
  }
  forward(input: Tensor, target: Tensor, variance: Tensor | number): Tensor {
    const { full, eps, reduction } = this;
    return F.gaussianNllLoss(input, target, variance, { full, eps, reduction });
  }
}

import { type Args, type Bound, bind } from '../../arguments';
import { TorchError } from '../../errors';
import { empty } from '../../generated/functions';
import type { Tensor } from '../../tensor';
import type { FactoryOptions } from '../../types';
import type { InPlace } from '../functional';
import * as F from '../functional';
import { guard } from '../guard';
import { constant_ } from '../init';
import { Module } from '../module';
import { Parameter } from '../parameter';
import { float } from '../repr';
import { Activation } from './activation-base';

/** `max(0, x)` (`torch.nn.ReLU`). */
export class ReLU extends Activation {
  constructor(...args: Args<'ReLU', unknown, InPlace>) {
    super(bind('ReLU', args));
  }
  forward(input: Tensor): Tensor {
    return F.relu(input, this.inplace);
  }
}
/** ELU with the constants that keep mean and variance (`torch.nn.SELU`; Klambauer et al. 2017). */
export class SELU extends Activation {
  constructor(...args: Args<'SELU', unknown, InPlace>) {
    super(bind('SELU', args));
  }
  forward(input: Tensor): Tensor {
    return F.selu(input, this.inplace);
  }
}
/** `x · relu6(x + 3) / 6` (`torch.nn.Hardswish`). */
export class Hardswish extends Activation {
  constructor(...args: Args<'Hardswish', unknown, InPlace>) {
    super(bind('Hardswish', args));
  }
  forward(input: Tensor): Tensor {
    return F.hardswish(input, this.inplace);
  }
  override extraRepr(): string {
    return '';
  }
}
/** `relu6(x + 3) / 6` (`torch.nn.Hardsigmoid`). */
export class Hardsigmoid extends Activation {
  constructor(...args: Args<'Hardsigmoid', unknown, InPlace>) {
    super(bind('Hardsigmoid', args));
  }
  forward(input: Tensor): Tensor {
    return F.hardsigmoid(input, this.inplace);
  }
  override extraRepr(): string {
    return '';
  }
}

interface LeakyReLUOptions extends InPlace {
  /** Default 0.01. */
  negativeSlope?: number;
}

/** `x` where positive, `negativeSlope · x` elsewhere (`torch.nn.LeakyReLU`). */
export class LeakyReLU extends Activation {
  readonly negativeSlope: number;
  constructor(...args: Args<'LeakyReLU', unknown, LeakyReLUOptions>) {
    const bound = bind<Bound<LeakyReLUOptions>>('LeakyReLU', args);
    super(bound);
    this.negativeSlope = bound.negativeSlope;
  }
  forward(input: Tensor): Tensor {
    return F.leakyRelu(input, { float: this.negativeSlope }, this.inplace);
  }
  override extraRepr(): string {
    return this.settings(`negative_slope=${float(this.negativeSlope)}`);
  }
}

interface RReLUOptions extends InPlace {
  /** Default 1/8. */
  lower?: number;
  /** Default 1/3. */
  upper?: number;
}

/**
 * LeakyReLU whose slope is drawn evenly from `[lower, upper)` while training (`torch.nn.RReLU`).
 */
export class RReLU extends Activation {
  readonly lower: number;
  readonly upper: number;
  constructor(...args: Args<'RReLU', unknown, RReLUOptions>) {
    const bound = bind<Bound<RReLUOptions>>('RReLU', args);
    super(bound);
    this.lower = bound.lower;
    this.upper = bound.upper;
  }
  forward(input: Tensor): Tensor {
    const [lower, upper] = [{ float: this.lower }, { float: this.upper }];
    return F.rrelu(input, lower, upper, this.training, this.inplace);
  }
  override extraRepr(): string {
    return this.settings(`lower=${float(this.lower)}`, `upper=${float(this.upper)}`);
  }
}

interface AlphaOptions extends InPlace {
  /** Default 1. */
  alpha?: number;
}

/** `x` where positive, `alpha · (exp(x) − 1)` elsewhere (`torch.nn.ELU`). */
export class ELU extends Activation {
  readonly alpha: number;
  constructor(...args: Args<'ELU', unknown, AlphaOptions>) {
    const bound = bind<Bound<AlphaOptions>>('ELU', args);
    super(bound);
    this.alpha = bound.alpha;
  }
  forward(input: Tensor): Tensor {
    return F.elu(input, { float: this.alpha }, this.inplace);
  }
  override extraRepr(): string {
    return this.settings(`alpha=${float(this.alpha)}`);
  }
}

/** `x` where positive, `alpha · (exp(x / alpha) − 1)` elsewhere (`torch.nn.CELU`). */
export class CELU extends Activation {
  readonly alpha: number;
  constructor(...args: Args<'CELU', unknown, AlphaOptions>) {
    const bound = bind<Bound<AlphaOptions>>('CELU', args);
    super(bound);
    this.alpha = bound.alpha;
  }
  forward(input: Tensor): Tensor {
    return F.celu(input, { float: this.alpha }, this.inplace);
  }
  override extraRepr(): string {
    return this.settings(`alpha=${float(this.alpha)}`);
  }
}

interface HardtanhOptions extends InPlace {
  /** Default −1. */
  minVal?: number;
  /** Default 1. */
  maxVal?: number;
  /** @deprecated Use `minVal`. */
  minValue?: number | null;
  /** @deprecated Use `maxVal`. */
  maxValue?: number | null;
}

/** Limits `x` to `[minVal, maxVal]` (`torch.nn.Hardtanh`). Throws TorchError unless min < max. */
export class Hardtanh extends Activation {
  readonly minVal: number;
  readonly maxVal: number;
  constructor(...args: Args<'Hardtanh', unknown, HardtanhOptions>) {
    const bound = bind<Bound<HardtanhOptions>>('Hardtanh', args);
    super(bound);
    this.minVal = bound.minValue ?? bound.minVal;
    this.maxVal = bound.maxValue ?? bound.maxVal;
    const { minVal, maxVal } = this;
    if (maxVal <= minVal) {
      throw new TorchError(
        `max_val (${float(maxVal)}) must be greater than min_val (${float(minVal)})`,
        'AssertionError',
      );
    }
  }
  forward(input: Tensor): Tensor {
    return F.hardtanh(input, { float: this.minVal }, { float: this.maxVal }, this.inplace);
  }
  override extraRepr(): string {
    return this.settings(`min_val=${float(this.minVal)}`, `max_val=${float(this.maxVal)}`);
  }
}
/** `min(max(0, x), 6)` (`torch.nn.ReLU6`). */
export class ReLU6 extends Hardtanh {
  constructor(...args: Args<'ReLU6', unknown, InPlace>) {
    super(0, 6, bind<Bound<InPlace>>('ReLU6', args).inplace);
  }
  override extraRepr(): string {
    return this.settings();
  }
}

/** `x` where above `threshold`, `value` elsewhere (`torch.nn.Threshold`). */
export class Threshold extends Activation {
  readonly threshold: number;
  readonly value: number;
  constructor(...args: Args<'Threshold', { threshold: number; value: number }, InPlace>) {
    const bound = bind<Bound<{ threshold: number; value: number }, InPlace>>('Threshold', args);
    super(bound);
    this.threshold = bound.threshold;
    this.value = bound.value;
  }
  forward(input: Tensor): Tensor {
    return F.threshold(input, { float: this.threshold }, { float: this.value }, this.inplace);
  }
  override extraRepr(): string {
    return this.settings(`threshold=${float(this.threshold)}`, `value=${float(this.value)}`);
  }
}

interface PReLUOptions extends FactoryOptions {
  /** Default 1. */
  numParameters?: number;
  /** The slope to begin with. Default 0.25. */
  init?: number;
}

/** LeakyReLU with a slope that is learnt, one or one for each channel (`torch.nn.PReLU`). */
export class PReLU extends Module {
  weight: Parameter;
  readonly numParameters: number;
  readonly init: number;
  constructor(...args: Args<'PReLU', unknown, PReLUOptions>) {
    super();
    const { numParameters, init, device, dtype } = bind<Bound<PReLUOptions>>('PReLU', args);
    this.numParameters = numParameters;
    this.init = init;
    this.weight = new Parameter(empty([numParameters], { device, dtype }));
    guard(this, 'weight');
    this.resetParameters();
  }
  /** Sets the slope to `init`. */
  resetParameters(): void {
    constant_(this.weight, this.init);
  }
  forward(input: Tensor): Tensor {
    return F.prelu(input, this.weight);
  }
  override extraRepr(): string {
    return `num_parameters=${this.numParameters}`;
  }
}

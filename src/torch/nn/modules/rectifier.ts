import { TorchError } from '../../errors';
import { full } from '../../generated/functions';
import type { Tensor } from '../../tensor';
import type { DType } from '../../types';
import type { InPlace } from '../functional';
import * as F from '../functional';
import { Module } from '../module';
import { Parameter } from '../parameter';
import { float } from '../repr';
import { Activation } from './activation-base';

/** `max(0, x)` (`torch.nn.ReLU`). */
export class ReLU extends Activation {
  forward(input: Tensor): Tensor {
    return F.relu(input, this.inplace);
  }
}
/** ELU with the constants that keep mean and variance (`torch.nn.SELU`; Klambauer et al. 2017). */
export class SELU extends Activation {
  forward(input: Tensor): Tensor {
    return F.selu(input, this.inplace);
  }
}
/** `x · relu6(x + 3) / 6` (`torch.nn.Hardswish`). */
export class Hardswish extends Activation {
  forward(input: Tensor): Tensor {
    return F.hardswish(input, this.inplace);
  }
  override extraRepr(): string {
    return '';
  }
}
/** `relu6(x + 3) / 6` (`torch.nn.Hardsigmoid`). */
export class Hardsigmoid extends Activation {
  forward(input: Tensor): Tensor {
    return F.hardsigmoid(input, this.inplace);
  }
  override extraRepr(): string {
    return '';
  }
}

/** `x` where positive, `negativeSlope · x` elsewhere (`torch.nn.LeakyReLU`). */
export class LeakyReLU extends Activation {
  constructor(
    readonly negativeSlope = 0.01,
    options: InPlace = {},
  ) {
    super(options);
  }
  forward(input: Tensor): Tensor {
    return F.leakyRelu(input, { float: this.negativeSlope }, this.inplace);
  }
  override extraRepr(): string {
    return this.settings(`negative_slope=${float(this.negativeSlope)}`);
  }
}

/**
 * LeakyReLU whose slope is drawn evenly from `[lower, upper)` while training (`torch.nn.RReLU`).
 */
export class RReLU extends Activation {
  constructor(
    readonly lower = 1 / 8,
    readonly upper = 1 / 3,
    options: InPlace = {},
  ) {
    super(options);
  }
  forward(input: Tensor): Tensor {
    const [lower, upper] = [{ float: this.lower }, { float: this.upper }];
    return F.rrelu(input, lower, upper, this.training, this.inplace);
  }
  override extraRepr(): string {
    return this.settings(`lower=${float(this.lower)}`, `upper=${float(this.upper)}`);
  }
}

/** `x` where positive, `alpha · (exp(x) − 1)` elsewhere (`torch.nn.ELU`). */
export class ELU extends Activation {
  constructor(
    readonly alpha = 1,
    options: InPlace = {},
  ) {
    super(options);
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
  constructor(
    readonly alpha = 1,
    options: InPlace = {},
  ) {
    super(options);
  }
  forward(input: Tensor): Tensor {
    return F.celu(input, { float: this.alpha }, this.inplace);
  }
  override extraRepr(): string {
    return this.settings(`alpha=${float(this.alpha)}`);
  }
}

/** Limits `x` to `[minVal, maxVal]` (`torch.nn.Hardtanh`). Throws TorchError unless min < max. */
export class Hardtanh extends Activation {
  constructor(
    readonly minVal = -1,
    readonly maxVal = 1,
    options: InPlace = {},
  ) {
    super(options);
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
  constructor(options: InPlace = {}) {
    super(0, 6, options);
  }
  override extraRepr(): string {
    return this.settings();
  }
}

/** `x` where above `threshold`, `value` elsewhere (`torch.nn.Threshold`). */
export class Threshold extends Activation {
  constructor(
    readonly threshold: number,
    readonly value: number,
    options: InPlace = {},
  ) {
    super(options);
  }
  forward(input: Tensor): Tensor {
    return F.threshold(input, { float: this.threshold }, { float: this.value }, this.inplace);
  }
  override extraRepr(): string {
    return this.settings(`threshold=${float(this.threshold)}`, `value=${float(this.value)}`);
  }
}

/** LeakyReLU with a slope that is learnt, one or one for each channel (`torch.nn.PReLU`). */
export class PReLU extends Module {
  weight: Parameter;
  constructor(
    readonly numParameters = 1,
    readonly init = 0.25,
    options: { dtype?: DType } = {},
  ) {
    super();
    this.weight = new Parameter(full([numParameters], { float: init }, options));
  }
  forward(input: Tensor): Tensor {
    return F.prelu(input, this.weight);
  }
  override extraRepr(): string {
    return `num_parameters=${this.numParameters}`;
  }
}

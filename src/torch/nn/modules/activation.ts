import * as f from '../../generated/functions';
import { full } from '../../generated/functions';
import * as n from '../../generated/nn';
import type { Tensor } from '../../tensor';
import { Module } from '../module';
import { Parameter } from '../parameter';

/** `max(0, x)` (`torch.nn.ReLU`). */
export class ReLU extends Module {
  forward(input: Tensor): Tensor {
    return f.relu(input);
  }
}
/** `min(max(0, x), 6)` (`torch.nn.ReLU6`). */
export class ReLU6 extends Module {
  forward(input: Tensor): Tensor {
    return n.relu6(input);
  }
}
/** `1 / (1 + exp(−x))` (`torch.nn.Sigmoid`). */
export class Sigmoid extends Module {
  forward(input: Tensor): Tensor {
    return f.sigmoid(input);
  }
}
export class Tanh extends Module {
  forward(input: Tensor): Tensor {
    return f.tanh(input);
  }
}
/** `x · sigmoid(x)` (`torch.nn.SiLU`). */
export class SiLU extends Module {
  forward(input: Tensor): Tensor {
    return n.silu(input);
  }
}
export class Mish extends Module {
  forward(input: Tensor): Tensor {
    return n.mish(input);
  }
}
export class SELU extends Module {
  forward(input: Tensor): Tensor {
    return f.selu(input);
  }
}
export class LogSigmoid extends Module {
  forward(input: Tensor): Tensor {
    return n.logSigmoid(input);
  }
}
export class Hardswish extends Module {
  forward(input: Tensor): Tensor {
    return n.hardswish(input);
  }
}
export class Hardsigmoid extends Module {
  forward(input: Tensor): Tensor {
    return n.hardsigmoid(input);
  }
}
export class Softsign extends Module {
  forward(input: Tensor): Tensor {
    return input.div(input.abs().add(1));
  }
}
export class Tanhshrink extends Module {
  forward(input: Tensor): Tensor {
    return input.sub(input.tanh());
  }
}

/** `x` where positive, `negativeSlope · x` elsewhere (`torch.nn.LeakyReLU`). */
export class LeakyReLU extends Module {
  constructor(readonly negativeSlope = 0.01) {
    super();
  }
  forward(input: Tensor): Tensor {
    return n.leakyRelu(input, this.negativeSlope);
  }
  override extraRepr(): string {
    return `negative_slope=${this.negativeSlope}`;
  }
}

/** `x` where positive, `alpha · (exp(x) − 1)` elsewhere (`torch.nn.ELU`). */
export class ELU extends Module {
  constructor(readonly alpha = 1) {
    super();
  }
  forward(input: Tensor): Tensor {
    return n.elu(input, { float: this.alpha });
  }
  override extraRepr(): string {
    return `alpha=${float(this.alpha)}`;
  }
}

/** `x · Φ(x)`, Φ the normal distribution's (`torch.nn.GELU`). */
export class GELU extends Module {
  constructor(readonly options: { approximate?: 'none' | 'tanh' } = {}) {
    super();
  }
  forward(input: Tensor): Tensor {
    return n.gelu(input, { approximate: this.options.approximate ?? 'none' });
  }
  override extraRepr(): string {
    return `approximate='${this.options.approximate ?? 'none'}'`;
  }
}

/** `log(1 + exp(beta · x)) / beta` (`torch.nn.Softplus`). */
export class Softplus extends Module {
  constructor(
    readonly beta = 1,
    readonly threshold = 20,
  ) {
    super();
  }
  forward(input: Tensor): Tensor {
    return n.softplus(input, { float: this.beta }, { float: this.threshold });
  }
  override extraRepr(): string {
    return `beta=${float(this.beta)}, threshold=${float(this.threshold)}`;
  }
}

/** Limits `x` to `[minVal, maxVal]` (`torch.nn.Hardtanh`). */
export class Hardtanh extends Module {
  constructor(
    readonly minVal = -1,
    readonly maxVal = 1,
  ) {
    super();
  }
  forward(input: Tensor): Tensor {
    return n.hardtanh(input, { float: this.minVal }, { float: this.maxVal });
  }
  override extraRepr(): string {
    return `min_val=${float(this.minVal)}, max_val=${float(this.maxVal)}`;
  }
}

/** Like LeakyReLU with a slope that is learnt (`torch.nn.PReLU`). */
export class PReLU extends Module {
  readonly weight: Parameter;
  constructor(
    readonly numParameters = 1,
    readonly init = 0.25,
  ) {
    super();
    this.weight = new Parameter(full([numParameters], init));
  }
  forward(input: Tensor): Tensor {
    return f.prelu(input, this.weight);
  }
  override extraRepr(): string {
    return `num_parameters=${this.numParameters}`;
  }
}

/** Probabilities along a dimension (`torch.nn.Softmax`). */
export class Softmax extends Module {
  constructor(readonly dim: number) {
    super();
  }
  forward(input: Tensor): Tensor {
    return f.softmax(input, this.dim);
  }
  override extraRepr(): string {
    return `dim=${this.dim}`;
  }
}

/** Logarithms of probabilities along a dimension (`torch.nn.LogSoftmax`). */
export class LogSoftmax extends Softmax {
  override forward(input: Tensor): Tensor {
    return f.logSoftmax(input, this.dim);
  }
}

/** Python's way to write a float. */
const float = (value: number): string => (Number.isInteger(value) ? `${value}.0` : String(value));

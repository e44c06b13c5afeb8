import { type Args, type Bound, bind } from '../../arguments';
import type { Tensor } from '../../tensor';
import type { InPlace } from '../functional';
import * as F from '../functional';
import { Module } from '../module';
import { float } from '../repr';
import { Activation } from './activation-base';

/** `x · sigmoid(x)` (`torch.nn.SiLU`). */
export class SiLU extends Activation {
  constructor(...args: Args<'SiLU', unknown, InPlace>) {
    super(bind('SiLU', args));
  }
  forward(input: Tensor): Tensor {
    return F.silu(input, this.inplace);
  }
}
/** `x · tanh(softplus(x))` (`torch.nn.Mish`). */
export class Mish extends Activation {
  constructor(...args: Args<'Mish', unknown, InPlace>) {
    super(bind('Mish', args));
  }
  forward(input: Tensor): Tensor {
    return F.mish(input, this.inplace);
  }
}
/** `1 / (1 + exp(−x))` (`torch.nn.Sigmoid`). */
export class Sigmoid extends Module {
  forward(input: Tensor): Tensor {
    return F.sigmoid(input);
  }
}
/** The hyperbolic tangent (`torch.nn.Tanh`). */
export class Tanh extends Module {
  forward(input: Tensor): Tensor {
    return F.tanh(input);
  }
}
/** `log(sigmoid(x))` (`torch.nn.LogSigmoid`). */
export class LogSigmoid extends Module {
  forward(input: Tensor): Tensor {
    return F.logsigmoid(input);
  }
}
/** `x / (1 + |x|)` (`torch.nn.Softsign`). */
export class Softsign extends Module {
  forward(input: Tensor): Tensor {
    return F.softsign(input);
  }
}
/** `x − tanh(x)` (`torch.nn.Tanhshrink`). */
export class Tanhshrink extends Module {
  forward(input: Tensor): Tensor {
    return F.tanhshrink(input);
  }
}

/** `x` where `|x| > lambd`, 0 elsewhere (`torch.nn.Hardshrink`). */
export class Hardshrink extends Module {
  readonly lambd: number;
  constructor(...args: Args<'Hardshrink', unknown, { lambd?: number }>) {
    super();
    this.lambd = bind<{ lambd: number }>('Hardshrink', args).lambd;
  }
  forward(input: Tensor): Tensor {
    return F.hardshrink(input, { float: this.lambd });
  }
  override extraRepr(): string {
    return float(this.lambd);
  }
}
/** `x` brought closer to zero by `lambd` (`torch.nn.Softshrink`). */
export class Softshrink extends Module {
  readonly lambd: number;
  constructor(...args: Args<'Softshrink', unknown, { lambd?: number }>) {
    super();
    this.lambd = bind<{ lambd: number }>('Softshrink', args).lambd;
  }
  forward(input: Tensor): Tensor {
    return F.softshrink(input, { float: this.lambd });
  }
  override extraRepr(): string {
    return float(this.lambd);
  }
}

interface SoftplusOptions {
  /** Default 1. */
  beta?: number;
  /** Default 20. */
  threshold?: number;
}

/** `log(1 + exp(beta · x)) / beta`, `x` above the threshold (`torch.nn.Softplus`). */
export class Softplus extends Module {
  readonly beta: number;
  readonly threshold: number;
  constructor(...args: Args<'Softplus', unknown, SoftplusOptions>) {
    super();
    const { beta, threshold } = bind<Bound<SoftplusOptions>>('Softplus', args);
    this.beta = beta;
    this.threshold = threshold;
  }
  forward(input: Tensor): Tensor {
    return F.softplus(input, { float: this.beta }, { float: this.threshold });
  }
  override extraRepr(): string {
    return `beta=${float(this.beta)}, threshold=${float(this.threshold)}`;
  }
}

/** `x · Φ(x)`, Φ the normal distribution's (`torch.nn.GELU`). */
export class GELU extends Module {
  readonly approximate: 'none' | 'tanh';
  constructor(...args: Args<'GELU', unknown, { approximate?: 'none' | 'tanh' }>) {
    super();
    this.approximate = bind<{ approximate: 'none' | 'tanh' }>('GELU', args).approximate;
  }
  forward(input: Tensor): Tensor {
    return F.gelu(input, { approximate: this.approximate });
  }
  override extraRepr(): string {
    return `approximate='${this.approximate}'`;
  }
}

/** The first half of a dimension times the sigmoid of the second (`torch.nn.GLU`). */
export class GLU extends Module {
  readonly dim: number;
  constructor(...args: Args<'GLU', unknown, { dim?: number }>) {
    super();
    this.dim = bind<{ dim: number }>('GLU', args).dim;
  }
  forward(input: Tensor): Tensor {
    return F.glu(input, this.dim);
  }
  override extraRepr(): string {
    return `dim=${this.dim}`;
  }
}

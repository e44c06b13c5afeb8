import { type Args, type Bound, bind } from '../../arguments';
import { TorchError } from '../../errors';
import type { Tensor } from '../../tensor';
import * as F from '../functional';
import { Module } from '../module';

interface DimOptions {
  dim?: number | null;
}

abstract class AlongDim extends Module {
  /** Without a dimension, PyTorch's old choice: see `F.softmax`. */
  constructor(readonly dim: number | null) {
    super();
  }
  override extraRepr(): string {
    return `dim=${this.dim ?? 'None'}`;
  }
}

/** Probabilities along a dimension (`torch.nn.Softmax`). */
export class Softmax extends AlongDim {
  constructor(...args: Args<'Softmax', unknown, DimOptions>) {
    super(bind<Bound<DimOptions>>('Softmax', args).dim);
  }
  forward(input: Tensor): Tensor {
    return F.softmax(input, this.dim);
  }
}
/** Softmax of the negated input (`torch.nn.Softmin`). */
export class Softmin extends AlongDim {
  constructor(...args: Args<'Softmin', unknown, DimOptions>) {
    super(bind<Bound<DimOptions>>('Softmin', args).dim);
  }
  forward(input: Tensor): Tensor {
    return F.softmin(input, this.dim);
  }
}
/** Logarithms of probabilities along a dimension (`torch.nn.LogSoftmax`). */
export class LogSoftmax extends AlongDim {
  constructor(...args: Args<'LogSoftmax', unknown, DimOptions>) {
    super(bind<Bound<DimOptions>>('LogSoftmax', args).dim);
  }
  forward(input: Tensor): Tensor {
    return F.logSoftmax(input, this.dim);
  }
}
/** Probabilities over the channels of `[N, C, H, W]` or `[C, H, W]` (`torch.nn.Softmax2d`). */
export class Softmax2d extends Module {
  forward(input: Tensor): Tensor {
    if (input.ndim !== 3 && input.ndim !== 4) {
      throw new TorchError(
        `Softmax2d: expected input to be 3D or 4D, got ${input.ndim}D instead`,
        'ValueError',
      );
    }
    return F.softmax(input, -3);
  }
}

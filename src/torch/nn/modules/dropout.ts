import * as f from '../../generated/functions';
import type { Tensor } from '../../tensor';
import { Module } from '../module';

abstract class DropoutNd extends Module {
  constructor(readonly p = 0.5) {
    super();
    if (!(p >= 0 && p <= 1)) {
      throw new RangeError(`dropout probability has to be between 0 and 1, but got ${p}`);
    }
  }
  override extraRepr(): string {
    return `p=${Number.isInteger(this.p) ? `${this.p}.0` : this.p}, inplace=False`;
  }
}

/** Sets elements to zero with probability `p` while training (`torch.nn.Dropout`). */
export class Dropout extends DropoutNd {
  forward(input: Tensor): Tensor {
    return f.dropout(input, this.p, this.training);
  }
}
/** Sets whole channels of `[N, C, H, W]` to zero while training (`torch.nn.Dropout2d`). */
export class Dropout2d extends DropoutNd {
  forward(input: Tensor): Tensor {
    return f.featureDropout(input, this.p, this.training);
  }
}
/** Dropout that keeps mean and variance behind SELU (`torch.nn.AlphaDropout`). */
export class AlphaDropout extends DropoutNd {
  forward(input: Tensor): Tensor {
    return f.alphaDropout(input, this.p, this.training);
  }
}

import { type Args, type Bound, bind } from '../../arguments';
import { TorchError } from '../../errors';
import type { Tensor } from '../../tensor';
import type { InPlace } from '../functional';
import * as F from '../functional';
import { Module } from '../module';
import { bool, float } from '../repr';

interface DropoutOptions extends InPlace {
  /** Default 0.5. */
  p?: number;
}

/** The base of dropouts, which return their input unchanged except while training. */
abstract class DropoutNd extends Module {
  readonly p: number;
  readonly inplace: boolean;
  constructor(...args: Args<'_DropoutNd', unknown, DropoutOptions>) {
    super();
    const { p, inplace } = bind<Bound<DropoutOptions>>('_DropoutNd', args);
    if (p < 0 || p > 1) {
      throw new TorchError(
        `dropout probability has to be between 0 and 1, but got ${float(p)}`,
        'ValueError',
      );
    }
    this.p = p;
    this.inplace = inplace;
  }
  override extraRepr(): string {
    return `p=${float(this.p)}, inplace=${bool(this.inplace)}`;
  }
}

/** Sets elements to zero with probability `p` while training (`torch.nn.Dropout`). */
export class Dropout extends DropoutNd {
  forward(input: Tensor): Tensor {
    return F.dropout(input, this.p, this.training, this.inplace);
  }
}
/** Sets whole channels of `[N, C, L]` or `[C, L]` to zero while training (`torch.nn.Dropout1d`). */
export class Dropout1d extends DropoutNd {
  forward(input: Tensor): Tensor {
    return F.dropout1d(input, this.p, this.training, this.inplace);
  }
}
/** Sets whole channels of `[N, C, H, W]` to zero while training (`torch.nn.Dropout2d`). */
export class Dropout2d extends DropoutNd {
  forward(input: Tensor): Tensor {
    return F.dropout2d(input, this.p, this.training, this.inplace);
  }
}
/** Sets whole channels of `[N, C, D, H, W]` to zero while training (`torch.nn.Dropout3d`). */
export class Dropout3d extends DropoutNd {
  forward(input: Tensor): Tensor {
    return F.dropout3d(input, this.p, this.training, this.inplace);
  }
}
/** Dropout that keeps mean and variance behind SELU (`torch.nn.AlphaDropout`). */
export class AlphaDropout extends DropoutNd {
  forward(input: Tensor): Tensor {
    return F.alphaDropout(input, this.p, this.training);
  }
}
/** Alpha dropout of whole channels (`torch.nn.FeatureAlphaDropout`). */
export class FeatureAlphaDropout extends DropoutNd {
  forward(input: Tensor): Tensor {
    return F.featureAlphaDropout(input, this.p, this.training);
  }
}

import { flatten } from '../../generated/functions';
import type { Tensor } from '../../tensor';
import { Module } from '../module';

/** Gives its input back (`torch.nn.Identity`). */
export class Identity extends Module {
  forward(input: Tensor): Tensor {
    return input;
  }
}

/** Makes one dimension of those from `startDim` to `endDim` (`torch.nn.Flatten`). */
export class Flatten extends Module {
  constructor(
    readonly startDim = 1,
    readonly endDim = -1,
  ) {
    super();
  }
  forward(input: Tensor): Tensor {
    return flatten(input, this.startDim, this.endDim);
  }
  override extraRepr(): string {
    return `start_dim=${this.startDim}, end_dim=${this.endDim}`;
  }
}

/** Splits a dimension into several (`torch.nn.Unflatten`). */
export class Unflatten extends Module {
  constructor(
    readonly dim: number,
    readonly unflattenedSize: readonly number[],
  ) {
    super();
  }
  forward(input: Tensor): Tensor {
    return input.unflatten(this.dim, this.unflattenedSize);
  }
  override extraRepr(): string {
    return `dim=${this.dim}, unflattened_size=(${this.unflattenedSize.join(', ')})`;
  }
}

import { type Args, bind } from '../../arguments';
import type { Tensor } from '../../tensor';
import type { OutputSize } from '../functional';
import * as F from '../functional';
import { Module } from '../module';
import { type Size, tuple } from '../sizes';
import type { Pooled } from './pooling';

/** A pooling whose windows give the output's size. */
abstract class AdaptivePoolNd<
  Output extends Size<1> | OutputSize<2> | OutputSize<3>,
> extends Module {
  constructor(readonly outputSize: Output) {
    super();
  }
  override extraRepr(): string {
    const size = this.outputSize;
    if (typeof size === 'number') return `output_size=${size}`;
    return `output_size=${tuple(size.map((length) => length ?? 'None'))}`;
  }
}

abstract class AdaptiveAvgPoolNd<
  Output extends Size<1> | OutputSize<2> | OutputSize<3>,
> extends AdaptivePoolNd<Output> {
  constructor(...args: Args<'_AdaptiveAvgPoolNd', { outputSize: Output }>) {
    super(bind<{ outputSize: Output }>('_AdaptiveAvgPoolNd', args).outputSize);
  }
}

/** The mean of windows of `[N, C, L]` (`torch.nn.AdaptiveAvgPool1d`). */
export class AdaptiveAvgPool1d extends AdaptiveAvgPoolNd<Size<1>> {
  forward(input: Tensor): Tensor {
    return F.adaptiveAvgPool1d(input, this.outputSize);
  }
}
/** The mean of windows of `[N, C, H, W]` (`torch.nn.AdaptiveAvgPool2d`). */
export class AdaptiveAvgPool2d extends AdaptiveAvgPoolNd<OutputSize<2>> {
  forward(input: Tensor): Tensor {
    return F.adaptiveAvgPool2d(input, this.outputSize);
  }
}
/** The mean of windows of `[N, C, D, H, W]` (`torch.nn.AdaptiveAvgPool3d`). */
export class AdaptiveAvgPool3d extends AdaptiveAvgPoolNd<OutputSize<3>> {
  forward(input: Tensor): Tensor {
    return F.adaptiveAvgPool3d(input, this.outputSize);
  }
}

abstract class AdaptiveMaxPoolNd<
  Output extends Size<1> | OutputSize<2> | OutputSize<3>,
  Indices extends boolean,
> extends AdaptivePoolNd<Output> {
  readonly returnIndices: boolean;
  constructor(
    ...args: Args<'_AdaptiveMaxPoolNd', { outputSize: Output }, { returnIndices?: Indices }>
  ) {
    const bound = bind<{ outputSize: Output; returnIndices: boolean }>('_AdaptiveMaxPoolNd', args);
    super(bound.outputSize);
    this.returnIndices = bound.returnIndices;
  }
  protected get settings(): { returnIndices: false } {
    return { returnIndices: this.returnIndices as false };
  }
}

/** The largest of windows of `[N, C, L]` (`torch.nn.AdaptiveMaxPool1d`). */
export class AdaptiveMaxPool1d<Indices extends boolean = false> extends AdaptiveMaxPoolNd<
  Size<1>,
  Indices
> {
  forward(input: Tensor): Pooled<Indices> {
    return F.adaptiveMaxPool1d(input, this.outputSize, this.settings) as Pooled<Indices>;
  }
}
/** The largest of windows of `[N, C, H, W]` (`torch.nn.AdaptiveMaxPool2d`). */
export class AdaptiveMaxPool2d<Indices extends boolean = false> extends AdaptiveMaxPoolNd<
  OutputSize<2>,
  Indices
> {
  forward(input: Tensor): Pooled<Indices> {
    return F.adaptiveMaxPool2d(input, this.outputSize, this.settings) as Pooled<Indices>;
  }
}
/** The largest of windows of `[N, C, D, H, W]` (`torch.nn.AdaptiveMaxPool3d`). */
export class AdaptiveMaxPool3d<Indices extends boolean = false> extends AdaptiveMaxPoolNd<
  OutputSize<3>,
  Indices
> {
  forward(input: Tensor): Pooled<Indices> {
    return F.adaptiveMaxPool3d(input, this.outputSize, this.settings) as Pooled<Indices>;
  }
}

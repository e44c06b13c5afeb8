import * as f from '../../generated/functions';
import * as n from '../../generated/nn';
import type { Tensor } from '../../tensor';
import { Module } from '../module';
import { expand, type Size, sizeText, tuple } from '../sizes';

export interface MaxPoolOptions<N extends number> {
  /** Default: the window's size. */
  stride?: Size<N>;
  padding?: Size<N>;
  dilation?: Size<N>;
  /** Round the output's size up. */
  ceilMode?: boolean;
}

abstract class MaxPoolNd<N extends number> extends Module {
  readonly stride: Size<N>;
  readonly padding: Size<N>;
  readonly dilation: Size<N>;
  readonly ceilMode: boolean;

  constructor(
    readonly kernelSize: Size<N>,
    options: MaxPoolOptions<N> = {},
  ) {
    super();
    this.stride = options.stride ?? kernelSize;
    this.padding = options.padding ?? (0 as Size<N>);
    this.dilation = options.dilation ?? (1 as Size<N>);
    this.ceilMode = options.ceilMode ?? false;
  }

  override extraRepr(): string {
    const { kernelSize, stride, padding, dilation, ceilMode } = this;
    return (
      `kernel_size=${sizeText(kernelSize)}, stride=${sizeText(stride)}, padding=${sizeText(padding)}, ` +
      `dilation=${sizeText(dilation)}, ceil_mode=${ceilMode ? 'True' : 'False'}`
    );
  }
}

/** The largest of each window, `[N, C, L]` (`torch.nn.MaxPool1d`). */
export class MaxPool1d extends MaxPoolNd<1> {
  forward(x: Tensor): Tensor {
    return f.maxPool1d(x, this.kernelSize, this.stride, this.padding, this.dilation, this.ceilMode);
  }
}
/** The largest of each window, `[N, C, H, W]` (`torch.nn.MaxPool2d`). */
export class MaxPool2d extends MaxPoolNd<2> {
  forward(x: Tensor): Tensor {
    return f.maxPool2d(x, this.kernelSize, this.stride, this.padding, this.dilation, this.ceilMode);
  }
}
/** The largest of each window, `[N, C, D, H, W]` (`torch.nn.MaxPool3d`). */
export class MaxPool3d extends MaxPoolNd<3> {
  forward(x: Tensor): Tensor {
    return f.maxPool3d(x, this.kernelSize, this.stride, this.padding, this.dilation, this.ceilMode);
  }
}

export interface AvgPoolOptions<N extends number> {
  stride?: Size<N>;
  padding?: Size<N>;
  ceilMode?: boolean;
  /** Count the padding's zeros. Default true. */
  countIncludePad?: boolean;
}

abstract class AvgPoolNd<N extends number> extends Module {
  readonly stride: Size<N>;
  readonly padding: Size<N>;
  readonly ceilMode: boolean;
  readonly countIncludePad: boolean;

  constructor(
    readonly kernelSize: Size<N>,
    options: AvgPoolOptions<N> = {},
  ) {
    super();
    this.stride = options.stride ?? kernelSize;
    this.padding = options.padding ?? (0 as Size<N>);
    this.ceilMode = options.ceilMode ?? false;
    this.countIncludePad = options.countIncludePad ?? true;
  }

  override extraRepr(): string {
    const { kernelSize, stride, padding } = this;
    return `kernel_size=${sizeText(kernelSize)}, stride=${sizeText(stride)}, padding=${sizeText(padding)}`;
  }
}

/** The mean of each window (`torch.nn.AvgPool1d`). */
export class AvgPool1d extends AvgPoolNd<1> {
  override extraRepr(): string {
    const { kernelSize, stride, padding } = this;
    const single = (size: Size<1>) => tuple(expand(size, 1));
    return `kernel_size=${single(kernelSize)}, stride=${single(stride)}, padding=${single(padding)}`;
  }
  forward(x: Tensor): Tensor {
    return f.avgPool1d(
      x,
      this.kernelSize,
      this.stride,
      this.padding,
      this.ceilMode,
      this.countIncludePad,
    );
  }
}
export class AvgPool2d extends AvgPoolNd<2> {
  forward(x: Tensor): Tensor {
    return n.avgPool2d(
      x,
      this.kernelSize,
      this.stride,
      this.padding,
      this.ceilMode,
      this.countIncludePad,
    );
  }
}
export class AvgPool3d extends AvgPoolNd<3> {
  forward(x: Tensor): Tensor {
    return n.avgPool3d(
      x,
      this.kernelSize,
      this.stride,
      this.padding,
      this.ceilMode,
      this.countIncludePad,
    );
  }
}

abstract class AdaptivePoolNd<N extends number> extends Module {
  constructor(readonly outputSize: Size<N>) {
    super();
  }
  override extraRepr(): string {
    return `output_size=${sizeText(this.outputSize)}`;
  }
}

/** The mean of windows that give the output's size (`torch.nn.AdaptiveAvgPool1d`). */
export class AdaptiveAvgPool1d extends AdaptivePoolNd<1> {
  forward(x: Tensor): Tensor {
    return f.adaptiveAvgPool1d(x, this.outputSize);
  }
}
export class AdaptiveAvgPool2d extends AdaptivePoolNd<2> {
  forward(x: Tensor): Tensor {
    return n.adaptiveAvgPool2d(x, this.outputSize);
  }
}
export class AdaptiveAvgPool3d extends AdaptivePoolNd<3> {
  forward(x: Tensor): Tensor {
    return n.adaptiveAvgPool3d(x, this.outputSize);
  }
}
/** The largest of windows that give the output's size (`torch.nn.AdaptiveMaxPool2d`). */
export class AdaptiveMaxPool2d extends AdaptivePoolNd<2> {
  forward(x: Tensor): Tensor {
    return n.adaptiveMaxPool2d(x, this.outputSize)[0];
  }
}

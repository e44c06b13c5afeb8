import type { Tensor } from '../../tensor';
import type { MaxPoolSettings } from '../functional';
import * as F from '../functional';
import { Module } from '../module';
import { bool, float } from '../repr';
import { expand, type Size, sizeText, tuple } from '../sizes';

export interface MaxPoolOptions<N extends number> extends MaxPoolSettings<N> {
  /** Whether to give `[values, indices]`, which `MaxUnpool` takes. */
  returnIndices?: boolean;
}

/** What a pooling gives: `[values, indices]` where it was asked for them. */
export type Pooled<Indices extends boolean> = Indices extends true ? [Tensor, Tensor] : Tensor;

/** The options as they are given, with whether they ask for indices in their type. */
type Asked<Options, Indices extends boolean> = Options & { returnIndices?: Indices };

abstract class MaxPoolNd<N extends number, Indices extends boolean> extends Module {
  readonly stride: Size<N>;
  readonly padding: Size<N>;
  readonly dilation: Size<N>;
  readonly ceilMode: boolean;
  readonly returnIndices: boolean;

  constructor(
    readonly kernelSize: Size<N>,
    options: Asked<MaxPoolOptions<N>, Indices> = {},
  ) {
    super();
    this.stride = options.stride ?? kernelSize;
    this.padding = options.padding ?? 0;
    this.dilation = options.dilation ?? 1;
    this.ceilMode = options.ceilMode ?? false;
    this.returnIndices = options.returnIndices ?? false;
  }

  protected get settings(): MaxPoolSettings<N> & { returnIndices: false } {
    const { stride, padding, dilation, ceilMode, returnIndices } = this;
    return { stride, padding, dilation, ceilMode, returnIndices: returnIndices as false };
  }

  override extraRepr(): string {
    const { kernelSize, stride, padding, dilation, ceilMode } = this;
    return (
      `kernel_size=${sizeText(kernelSize)}, stride=${sizeText(stride)}, padding=${sizeText(padding)}, ` +
      `dilation=${sizeText(dilation)}, ceil_mode=${bool(ceilMode)}`
    );
  }
}

/** The largest of each window of `[N, C, L]` (`torch.nn.MaxPool1d`). */
export class MaxPool1d<Indices extends boolean = false> extends MaxPoolNd<1, Indices> {
  forward(input: Tensor): Pooled<Indices> {
    return F.maxPool1d(input, this.kernelSize, this.settings) as Pooled<Indices>;
  }
}
/** The largest of each window of `[N, C, H, W]` (`torch.nn.MaxPool2d`). */
export class MaxPool2d<Indices extends boolean = false> extends MaxPoolNd<2, Indices> {
  forward(input: Tensor): Pooled<Indices> {
    return F.maxPool2d(input, this.kernelSize, this.settings) as Pooled<Indices>;
  }
}
/** The largest of each window of `[N, C, D, H, W]` (`torch.nn.MaxPool3d`). */
export class MaxPool3d<Indices extends boolean = false> extends MaxPoolNd<3, Indices> {
  forward(input: Tensor): Pooled<Indices> {
    return F.maxPool3d(input, this.kernelSize, this.settings) as Pooled<Indices>;
  }
}

export interface AvgPoolOptions<N extends number> {
  /** Default: the window's size. */
  stride?: Size<N> | null;
  padding?: Size<N>;
  /** Rounds the output's size up. */
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
    this.padding = options.padding ?? 0;
    this.ceilMode = options.ceilMode ?? false;
    this.countIncludePad = options.countIncludePad ?? true;
  }

  override extraRepr(): string {
    const { kernelSize, stride, padding } = this;
    return `kernel_size=${sizeText(kernelSize)}, stride=${sizeText(stride)}, padding=${sizeText(padding)}`;
  }
}

/** The mean of each window of `[N, C, L]` (`torch.nn.AvgPool1d`). */
export class AvgPool1d extends AvgPoolNd<1> {
  forward(input: Tensor): Tensor {
    const { kernelSize, stride, padding, ceilMode, countIncludePad } = this;
    return F.avgPool1d(input, kernelSize, stride, padding, ceilMode, countIncludePad);
  }
  override extraRepr(): string {
    const single = (size: Size<1>) => tuple(expand(size, 1));
    return `kernel_size=${single(this.kernelSize)}, stride=${single(this.stride)}, padding=${single(this.padding)}`;
  }
}

export interface AvgPoolDivisorOptions<N extends number> extends AvgPoolOptions<N> {
  /** Divides the sums by this and not by the window's size. */
  divisorOverride?: number | null;
}

abstract class AvgPoolDivisorNd<N extends number> extends AvgPoolNd<N> {
  readonly divisorOverride: number | null;
  constructor(kernelSize: Size<N>, options: AvgPoolDivisorOptions<N> = {}) {
    super(kernelSize, options);
    this.divisorOverride = options.divisorOverride ?? null;
  }
  protected get settings() {
    const { stride, padding, ceilMode, countIncludePad, divisorOverride } = this;
    return { stride, padding, ceilMode, countIncludePad, divisorOverride };
  }
}

/** The mean of each window of `[N, C, H, W]` (`torch.nn.AvgPool2d`). */
export class AvgPool2d extends AvgPoolDivisorNd<2> {
  forward(input: Tensor): Tensor {
    return F.avgPool2d(input, this.kernelSize, this.settings);
  }
}
/** The mean of each window of `[N, C, D, H, W]` (`torch.nn.AvgPool3d`). */
export class AvgPool3d extends AvgPoolDivisorNd<3> {
  forward(input: Tensor): Tensor {
    return F.avgPool3d(input, this.kernelSize, this.settings);
  }
}

/** The power mean of each window, without its division; see `F.lpPool2d`. */
abstract class LPPoolNd<N extends number> extends Module {
  readonly stride: Size<N> | null;
  readonly ceilMode: boolean;

  constructor(
    readonly normType: number,
    readonly kernelSize: Size<N>,
    { stride = null, ceilMode = false }: { stride?: Size<N> | null; ceilMode?: boolean } = {},
  ) {
    super();
    this.stride = stride;
    this.ceilMode = ceilMode;
  }
  protected get power(): { float: number } {
    return { float: this.normType };
  }
  override extraRepr(): string {
    const { kernelSize, stride, ceilMode } = this;
    return `norm_type=${float(this.normType)}, kernel_size=${sizeText(kernelSize)}, stride=${stride === null ? 'None' : sizeText(stride)}, ceil_mode=${bool(ceilMode)}`;
  }
}

/** Over windows of `[N, C, L]` (`torch.nn.LPPool1d`). */
export class LPPool1d extends LPPoolNd<1> {
  forward(input: Tensor): Tensor {
    return F.lpPool1d(input, this.power, this.kernelSize, this.stride, this.ceilMode);
  }
}
/** Over windows of `[N, C, H, W]` (`torch.nn.LPPool2d`). */
export class LPPool2d extends LPPoolNd<2> {
  forward(input: Tensor): Tensor {
    return F.lpPool2d(input, this.power, this.kernelSize, this.stride, this.ceilMode);
  }
}
/** Over windows of `[N, C, D, H, W]` (`torch.nn.LPPool3d`). */
export class LPPool3d extends LPPoolNd<3> {
  forward(input: Tensor): Tensor {
    return F.lpPool3d(input, this.power, this.kernelSize, this.stride, this.ceilMode);
  }
}

import { type Args, type Bound, bind } from '../../arguments';
import type { Tensor } from '../../tensor';
import type { MaxPoolSettings } from '../functional';
import * as F from '../functional';
import { Module } from '../module';
import { bool, float } from '../repr';
import { expand, type Size, sizeText, tuple } from '../sizes';

export type MaxPoolOptions<N extends number> = Asked<N, boolean>;

/** What a pooling gives: `[values, indices]` where it was asked for them. */
export type Pooled<Indices extends boolean> = Indices extends true ? [Tensor, Tensor] : Tensor;

/** The options as they are given, with whether they ask for indices in their type. */
interface Asked<N extends number, Indices extends boolean> extends MaxPoolSettings<N> {
  /** Whether to give `[values, indices]`, which `MaxUnpool` takes. */
  returnIndices?: Indices;
}

interface Needed<N extends number> {
  kernelSize: Size<N>;
}

abstract class MaxPoolNd<N extends number, Indices extends boolean> extends Module {
  readonly kernelSize: Size<N>;
  readonly stride: Size<N>;
  readonly padding: Size<N>;
  readonly dilation: Size<N>;
  readonly ceilMode: boolean;
  readonly returnIndices: boolean;

  constructor(...args: Args<'_MaxPoolNd', Needed<N>, Asked<N, Indices>>) {
    super();
    const bound = bind<Bound<Needed<N>, MaxPoolOptions<N>>>('_MaxPoolNd', args);
    this.kernelSize = bound.kernelSize;
    this.stride = bound.stride ?? bound.kernelSize;
    this.padding = bound.padding;
    this.dilation = bound.dilation;
    this.ceilMode = bound.ceilMode;
    this.returnIndices = bound.returnIndices;
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
  readonly kernelSize: Size<N>;
  readonly stride: Size<N>;
  readonly padding: Size<N>;
  readonly ceilMode: boolean;
  readonly countIncludePad: boolean;

  constructor(settings: Bound<Needed<N>, AvgPoolOptions<N>>) {
    super();
    this.kernelSize = settings.kernelSize;
    this.stride = settings.stride ?? settings.kernelSize;
    this.padding = settings.padding;
    this.ceilMode = settings.ceilMode;
    this.countIncludePad = settings.countIncludePad;
  }

  override extraRepr(): string {
    const { kernelSize, stride, padding } = this;
    return `kernel_size=${sizeText(kernelSize)}, stride=${sizeText(stride)}, padding=${sizeText(padding)}`;
  }
}

/** The mean of each window of `[N, C, L]` (`torch.nn.AvgPool1d`). */
export class AvgPool1d extends AvgPoolNd<1> {
  constructor(...args: Args<'AvgPool1d', Needed<1>, AvgPoolOptions<1>>) {
    super(bind('AvgPool1d', args));
  }
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
  constructor(settings: Bound<Needed<N>, AvgPoolDivisorOptions<N>>) {
    super(settings);
    this.divisorOverride = settings.divisorOverride;
  }
  protected get settings() {
    const { stride, padding, ceilMode, countIncludePad, divisorOverride } = this;
    return { stride, padding, ceilMode, countIncludePad, divisorOverride };
  }
}

/** The mean of each window of `[N, C, H, W]` (`torch.nn.AvgPool2d`). */
export class AvgPool2d extends AvgPoolDivisorNd<2> {
  constructor(...args: Args<'AvgPool2d', Needed<2>, AvgPoolDivisorOptions<2>>) {
    super(bind('AvgPool2d', args));
  }
  forward(input: Tensor): Tensor {
    return F.avgPool2d(input, this.kernelSize, this.settings);
  }
}
/** The mean of each window of `[N, C, D, H, W]` (`torch.nn.AvgPool3d`). */
export class AvgPool3d extends AvgPoolDivisorNd<3> {
  constructor(...args: Args<'AvgPool3d', Needed<3>, AvgPoolDivisorOptions<3>>) {
    super(bind('AvgPool3d', args));
  }
  forward(input: Tensor): Tensor {
    return F.avgPool3d(input, this.kernelSize, this.settings);
  }
}

interface LPPoolNeeded<N extends number> extends Needed<N> {
  normType: number;
}
interface LPPoolOptions<N extends number> {
  /** Default: the window's size. */
  stride?: Size<N> | null;
  /** Rounds the output's size up. */
  ceilMode?: boolean;
}

/** The power mean of each window, without its division; see `F.lpPool2d`. */
abstract class LPPoolNd<N extends number> extends Module {
  readonly normType: number;
  readonly kernelSize: Size<N>;
  readonly stride: Size<N> | null;
  readonly ceilMode: boolean;

  constructor(...args: Args<'_LPPoolNd', LPPoolNeeded<N>, LPPoolOptions<N>>) {
    super();
    const bound = bind<Bound<LPPoolNeeded<N>, LPPoolOptions<N>>>('_LPPoolNd', args);
    this.normType = bound.normType;
    this.kernelSize = bound.kernelSize;
    this.stride = bound.stride;
    this.ceilMode = bound.ceilMode;
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

import { type Args, type Bound, bind } from '../../arguments';
import type { Tensor } from '../../tensor';
import type { InterpolationMode } from '../functional';
import { interpolate } from '../functional';
import { Module } from '../module';
import { float } from '../repr';
import { sizeText } from '../sizes';

/** One of both is needed. */
export interface UpsampleSize {
  /** The output's spatial size. */
  size?: number | readonly number[] | null;
  scaleFactor?: number | readonly number[] | null;
}

export interface UpsampleOptions extends UpsampleSize {
  /** Default nearest. */
  mode?: Exclude<InterpolationMode, 'lanczos'>;
  /** Whether the corner pixels keep their values, in the linear and cubic modes. */
  alignCorners?: boolean | null;
  /** Compute the scale again from the rounded size. */
  recomputeScaleFactor?: boolean | null;
}

/** The input `[N, C, …]` in another size; see `F.interpolate` (`torch.nn.Upsample`). */
export class Upsample extends Module {
  readonly size: number | readonly number[] | null;
  readonly scaleFactor: number | readonly number[] | null;
  readonly mode: InterpolationMode;
  readonly alignCorners: boolean | null;
  readonly recomputeScaleFactor: boolean | null;

  constructor(...args: Args<'Upsample', unknown, UpsampleOptions>) {
    super();
    const bound = bind<Bound<UpsampleOptions>>('Upsample', args);
    this.size = bound.size;
    this.scaleFactor = bound.scaleFactor || null;
    this.mode = bound.mode;
    this.alignCorners = bound.alignCorners;
    this.recomputeScaleFactor = bound.recomputeScaleFactor;
  }
  forward(input: Tensor): Tensor {
    const { size, scaleFactor, mode, alignCorners, recomputeScaleFactor } = this;
    return interpolate(input, { size, scaleFactor, mode, alignCorners, recomputeScaleFactor });
  }
  override extraRepr(): string {
    const { size, scaleFactor, mode } = this;
    if (scaleFactor === null) {
      return `size=${size === null ? 'None' : sizeText(size)}, mode='${mode}'`;
    }
    const scale =
      typeof scaleFactor === 'number'
        ? float(scaleFactor)
        : `(${scaleFactor.map(float).join(', ')}${scaleFactor.length === 1 ? ',' : ''})`;
    return `scale_factor=${scale}, mode='${mode}'`;
  }
}

/** Repeats the pixels of `[N, C, H, W]` (`torch.nn.UpsamplingNearest2d`). */
export class UpsamplingNearest2d extends Upsample {
  constructor(...args: Args<'UpsamplingNearest2d', unknown, UpsampleSize>) {
    super({ ...bind<Bound<UpsampleSize>>('UpsamplingNearest2d', args), mode: 'nearest' });
  }
}
/** Interpolates between the pixels of `[N, C, H, W]`, corners kept (`torch.nn.UpsamplingBilinear2d`). */
export class UpsamplingBilinear2d extends Upsample {
  constructor(...args: Args<'UpsamplingBilinear2d', unknown, UpsampleSize>) {
    const bound = bind<Bound<UpsampleSize>>('UpsamplingBilinear2d', args);
    super({ ...bound, mode: 'bilinear', alignCorners: true });
  }
}

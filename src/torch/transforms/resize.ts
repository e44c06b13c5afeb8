import { type Args, type Bound, bind } from '../arguments';
import { operator } from '../dispatch';
import { cat } from '../generated/functions';
import { tidy } from '../memory';
import { Module } from '../nn/module';
import type { Tensor } from '../tensor';
import { only, sizeOf } from './images';

const upsample = operator<
  (images: Tensor, size: readonly number[], alignCorners: boolean) => Tensor
>('_upsample_bilinear2d_aa', ['']);

interface ResizeNeeded {
  size: number | readonly [number, number];
}
interface ResizeOptions {
  interpolation?: 'bilinear';
  maxSize?: null;
  antialias?: true;
}

/**
 * Resizes images `[N, H, W]` or `[N, C, H, W]`, bilinear with antialiasing, by the operator that
 * torchvision's Resize uses on tensors. Its bytes are within one of those that Resize gives through
 * PIL, and equal to them for all of MNIST at 8×8. `size` is `[height, width]`, or the length of the
 * shorter edge, and the longer follows.
 */
export class Resize extends Module {
  readonly size: number | readonly [number, number];

  constructor(...args: Args<'Resize', ResizeNeeded, ResizeOptions>) {
    super();
    const { size, interpolation, maxSize, antialias } = bind<Bound<ResizeNeeded, ResizeOptions>>(
      'Resize',
      args,
    );
    only('Resize', {
      interpolation: [interpolation, 'bilinear'],
      maxSize: [maxSize, null],
      antialias: [antialias, true],
    });
    this.size = size;
  }

  forward(images: Tensor): Tensor {
    const size = this.#sizeFor(sizeOf(images));
    return tidy(() => {
      const whole = images.contiguous();
      const shape = [...whole.shape.slice(0, -2), ...size];
      const planes = whole.view(1, -1, ...sizeOf(whole));
      return (
        whole.dtype === 'uint8' ? resizeBytes(planes, size) : upsample(planes, size, false)
      ).view(shape);
    });
  }

  #sizeFor([height, width]: [number, number]): readonly [number, number] {
    if (typeof this.size !== 'number') return this.size;
    const [short, long] = height <= width ? [height, width] : [width, height];
    const other = Math.trunc((this.size * long) / short);
    return height <= width ? [this.size, other] : [other, this.size];
  }

  override extraRepr(): string {
    const size = typeof this.size === 'number' ? this.size : `[${this.size.join(', ')}]`;
    return `size=${size}, interpolation=bilinear, max_size=None, antialias=True`;
  }
}

/**
 * Planes `[1, P, H, W]` four at a time: PyTorch's vectorised kernel works on pixels of four channels
 * whatever their number, so single planes would cost it twice the time.
 */
function resizeBytes(planes: Tensor, size: readonly [number, number]): Tensor {
  const count = planes.size(1);
  const rest = count % 4;
  const [height, width] = sizeOf(planes);
  const four = (of: Tensor) =>
    upsample(of.reshape(-1, 4, height, width), size, false).view(-1, ...size);
  if (rest === 0) return four(planes);
  const last = upsample(planes.narrow(1, count - rest, rest), size, false).view(-1, ...size);
  if (count < 4) return last;
  return cat([four(planes.narrow(1, 0, count - rest)), last]);
}

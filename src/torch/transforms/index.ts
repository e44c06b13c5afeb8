/** torchvision's transforms, over whole batches of images at once. */

import { tensor } from '../creation';
import { lookUp } from '../dispatch';
import { Module } from '../nn/module';
import type { Tensor } from '../tensor';

const upsampleBilinear2dAa = lookUp('_upsample_bilinear2d_aa', ['']);

/** Adds the channel dimension to `[N, H, W]`. */
const withChannel = (images: Tensor): Tensor => (images.ndim === 3 ? images.unsqueeze(1) : images);

/**
 * Resizes uint8 images `[N, H, W]` or `[N, C, H, W]` to `[height, width]`, bilinear with
 * antialiasing: the bytes that torchvision's Resize gives through PIL. A uint8 result keeps its rank.
 */
export class Resize extends Module {
  constructor(readonly size: readonly [number, number]) {
    super();
  }

  forward(images: Tensor): Tensor {
    const resized = upsampleBilinear2dAa([
      withChannel(images).contiguous(),
      [...this.size],
      false,
    ]) as Tensor;
    return images.ndim === 3 ? resized.squeeze(1) : resized;
  }
}

/** Bytes `[N, H, W]` or `[N, C, H, W]` to float32 `[N, C, H, W]` in 0 to 1 (`transforms.ToTensor`). */
export class ToTensor extends Module {
  forward(images: Tensor): Tensor {
    return withChannel(images).type('float32').div(255);
  }
}

/** `(x − mean) / std` for each channel of `[N, C, H, W]` (`transforms.Normalize`). */
export class Normalize extends Module {
  constructor(
    readonly mean: readonly number[],
    readonly std: readonly number[],
  ) {
    super();
    const zero = std.indexOf(0);
    if (zero >= 0) throw new RangeError(`std of channel ${zero} is 0, which would divide by zero`);
  }

  forward(images: Tensor): Tensor {
    const perChannel = (values: readonly number[]) =>
      tensor([...values], { dtype: images.dtype }).view(-1, 1, 1);
    return images.sub(perChannel(this.mean)).div_(perChannel(this.std));
  }
}

/** Transforms one after the other. */
export class Compose extends Module {
  constructor(readonly transforms: readonly Module[]) {
    super();
  }

  forward(images: Tensor): Tensor {
    return this.transforms.reduce((x, transform) => transform.call(x), images);
  }
}

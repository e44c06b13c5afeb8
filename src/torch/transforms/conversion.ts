import { type Args, bind } from '../arguments';
import { tensor } from '../creation';
import { TorchError } from '../errors';
import { tidy } from '../memory';
import { Module } from '../nn/module';
import type { Tensor } from '../tensor';
import { only } from './images';

/**
 * Bytes `[N, H, W]` or `[N, C, H, W]` to float32 `[N, C, H, W]` in 0 to 1 (`transforms.ToTensor`);
 * other dtypes are taken as they are.
 */
export class ToTensor extends Module {
  forward(images: Tensor): Tensor {
    return tidy(() => {
      const channels = images.ndim === 3 ? images.unsqueeze(1) : images.alias();
      return images.dtype === 'uint8' ? channels.type('float32').div_(255) : channels;
    });
  }
}

interface NormalizeNeeded {
  mean: readonly number[];
  std: readonly number[];
}

/** `(x − mean) / std` for each channel of `[N, C, H, W]` (`transforms.Normalize`). */
export class Normalize extends Module {
  /** One mean and one deviation a channel. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  constructor(...args: Args<'Normalize', NormalizeNeeded, { inplace?: boolean }>) {
    super();
    const { mean, std, inplace } = bind<NormalizeNeeded & { inplace: boolean }>('Normalize', args);
    only('Normalize', { inplace: [inplace, false] });
    this.mean = mean;
    this.std = std;
    const zero = std.indexOf(0);
    if (zero >= 0) throw new RangeError(`std of channel ${zero} is 0, which would divide by zero`);
  }

  /** Throws TorchError for images that are not of a floating dtype. */
  forward(images: Tensor): Tensor {
    if (!images.isFloatingPoint()) {
      throw new TorchError(
        `Input tensor should be a float tensor. Got torch.${images.dtype}.`,
        'TypeError',
      );
    }
    return tidy(() => {
      const perChannel = (values: readonly number[]) =>
        tensor([...values], { dtype: images.dtype }).view(-1, 1, 1);
      return images.sub(perChannel(this.mean)).div_(perChannel(this.std));
    });
  }

  override extraRepr(): string {
    return `mean=[${this.mean.join(', ')}], std=[${this.std.join(', ')}]`;
  }
}

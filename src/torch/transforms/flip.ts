import { type Args, bind } from '../arguments';
import { rand, where } from '../generated/functions';
import { tidy } from '../memory';
import { Module } from '../nn/module';
import type { Tensor } from '../tensor';

/** Mirrors each image of `[N, …, H, W]` with the probability `p`, along one dimension. */
abstract class RandomFlip extends Module {
  protected abstract readonly dim: -2 | -1;

  constructor(readonly p: number) {
    super();
  }

  /** Draws one number an image, in their order, as torchvision does for one after the other. */
  forward(images: Tensor): Tensor {
    return tidy(() => {
      const chosen = rand(images.size(0))
        .lt(this.p)
        .view(images.shape.map((size, i) => (i === 0 ? size : 1)));
      return where(chosen, images.flip(this.dim), images);
    });
  }

  override extraRepr(): string {
    return `p=${this.p}`;
  }
}

/** Mirrors each image from left to right with the probability `p` (`transforms.RandomHorizontalFlip`). */
export class RandomHorizontalFlip extends RandomFlip {
  constructor(...args: Args<'RandomHorizontalFlip', unknown, { p?: number }>) {
    super(bind<{ p: number }>('RandomHorizontalFlip', args).p);
  }
  protected readonly dim = -1;
}

/** Mirrors each image from top to bottom with the probability `p` (`transforms.RandomVerticalFlip`). */
export class RandomVerticalFlip extends RandomFlip {
  constructor(...args: Args<'RandomVerticalFlip', unknown, { p?: number }>) {
    super(bind<{ p: number }>('RandomVerticalFlip', args).p);
  }
  protected readonly dim = -2;
}

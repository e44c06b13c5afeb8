import { tensor } from '../creation';
import { TorchError } from '../errors';
import { arange, constantPadNd, randint } from '../generated/functions';
import { tidy } from '../memory';
import { Module } from '../nn/module';
import type { Tensor } from '../tensor';
import { pair, roundHalfEven, sizeOf } from './images';

/** Pixels at the left, top, right and bottom. */
type Edges = readonly [number, number, number, number];

/** One number for all edges, `[left and right, top and bottom]`, or `[left, top, right, bottom]`. */
export type Padding = number | readonly [number, number] | Edges;

function edgesOf(padding: Padding): Edges {
  if (typeof padding === 'number') return [padding, padding, padding, padding];
  if (padding.length === 2) return [padding[0], padding[1], padding[0], padding[1]];
  return padding;
}

const padded = (images: Tensor, [left, top, right, bottom]: Edges, fill: number): Tensor =>
  constantPadNd(images, [left, right, top, bottom], fill);

/** Adds pixels of one value around images `[…, H, W]` (`transforms.Pad`). */
export class Pad extends Module {
  readonly fill: number;

  constructor(
    readonly padding: Padding,
    options: { fill?: number } = {},
  ) {
    super();
    this.fill = options.fill ?? 0;
  }

  forward(images: Tensor): Tensor {
    return padded(images, edgesOf(this.padding), this.fill);
  }
}

/** The middle of images `[…, H, W]`, with zeros around it where they are smaller (`transforms.CenterCrop`). */
export class CenterCrop extends Module {
  constructor(readonly size: number | readonly [number, number]) {
    super();
  }

  forward(images: Tensor): Tensor {
    return tidy(() => {
      const [cropHeight, cropWidth] = pair(this.size);
      const [height, width] = sizeOf(images);
      const [right, bottom] = [Math.max(cropWidth - width, 0), Math.max(cropHeight - height, 0)];
      const edges = [right >> 1, bottom >> 1, (right + 1) >> 1, (bottom + 1) >> 1] as const;
      const large = right + bottom > 0 ? padded(images, edges, 0) : images;
      const [fullHeight, fullWidth] = sizeOf(large);
      return large
        .narrow(-2, roundHalfEven((fullHeight - cropHeight) / 2), cropHeight)
        .narrow(-1, roundHalfEven((fullWidth - cropWidth) / 2), cropWidth);
    });
  }

  override extraRepr(): string {
    return `size=(${pair(this.size).join(', ')})`;
  }
}

/**
 * A part of each image of `[N, …, H, W]` at a place of its own (`transforms.RandomCrop`), drawn image by
 * image as torchvision draws. Throws TorchError where the images are smaller.
 */
export class RandomCrop extends Module {
  readonly padding: Padding;

  constructor(
    readonly size: number | readonly [number, number],
    options: { padding?: Padding } = {},
  ) {
    super();
    this.padding = options.padding ?? 0;
  }

  forward(images: Tensor): Tensor {
    return tidy(() => {
      const large = this.padding === 0 ? images : padded(images, edgesOf(this.padding), 0);
      const [height, width] = sizeOf(large);
      const [cropHeight, cropWidth] = pair(this.size);
      if (height < cropHeight || width < cropWidth) {
        throw new TorchError(
          `Required crop size (${cropHeight}, ${cropWidth}) is larger than input image size ` +
            `(${height}, ${width})`,
          'ValueError',
        );
      }
      if (height === cropHeight && width === cropWidth) return large.alias();
      const places = Array.from({ length: images.size(0) }, () => [
        randint(height - cropHeight + 1, [1]).item(),
        randint(width - cropWidth + 1, [1]).item(),
      ]);
      const starts = tensor(places).view(-1, 2);
      const rows = starts.narrow(1, 0, 1).add(arange(cropHeight));
      const columns = starts.narrow(1, 1, 1).add(arange(cropWidth));
      return gather(gather(large, -2, rows), -1, columns);
    });
  }
}

/** For each image the slices of one dimension at indices of its own `[N, count]`. */
function gather(images: Tensor, dim: -2 | -1, indices: Tensor): Tensor {
  const shape = images.shape;
  const count = indices.size(1);
  const target = [...shape];
  target[shape.length + dim] = count;
  const ones = shape.map(() => 1);
  ones[0] = shape[0]!;
  ones[shape.length + dim] = count;
  return images.gather(dim, indices.view(ones).expand(target));
}

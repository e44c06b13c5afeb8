import { type Args, type Bound, bind } from '../arguments';
import { tensor } from '../creation';
import { TorchError } from '../errors';
import { arange, constantPadNd, randint } from '../generated/functions';
import { tidy } from '../memory';
import { Module } from '../nn/module';
import type { Tensor } from '../tensor';
import { only, pair, roundHalfEven, sizeOf } from './images';

/** Pixels at the left, top, right and bottom. */
type Edges = readonly [number, number, number, number];

/** One number for all edges, `[left and right, top and bottom]`, or `[left, top, right, bottom]`. */
export type Padding = number | readonly [number, number] | Edges;

type CropSize = number | readonly [number, number];

function edgesOf(padding: Padding): Edges {
  if (typeof padding === 'number') return [padding, padding, padding, padding];
  if (padding.length === 2) return [padding[0], padding[1], padding[0], padding[1]];
  return padding;
}

const padded = (images: Tensor, [left, top, right, bottom]: Edges, fill: number): Tensor =>
  constantPadNd(images, [left, right, top, bottom], fill);

interface FillOptions {
  /** The value of the pixels that are added. Default 0. */
  fill?: number;
  paddingMode?: 'constant';
}

/** Adds pixels of one value around images `[…, H, W]` (`transforms.Pad`). */
export class Pad extends Module {
  readonly padding: Padding;
  readonly fill: number;

  constructor(...args: Args<'Pad', { padding: Padding }, FillOptions>) {
    super();
    const { padding, fill, paddingMode } = bind<Bound<{ padding: Padding }, FillOptions>>(
      'Pad',
      args,
    );
    only('Pad', { paddingMode: [paddingMode, 'constant'] });
    this.padding = padding;
    this.fill = fill;
  }

  forward(images: Tensor): Tensor {
    return padded(images, edgesOf(this.padding), this.fill);
  }
}

/** The middle of images `[…, H, W]`, with zeros around it where they are smaller (`transforms.CenterCrop`). */
export class CenterCrop extends Module {
  readonly size: CropSize;
  constructor(...args: Args<'CenterCrop', { size: CropSize }>) {
    super();
    this.size = bind<{ size: CropSize }>('CenterCrop', args).size;
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

interface RandomCropOptions extends FillOptions {
  /** Added around the images first. */
  padding?: Padding | null;
  padIfNeeded?: false;
}

/**
 * A part of each image of `[N, …, H, W]` at a place of its own (`transforms.RandomCrop`), drawn image by
 * image as torchvision draws. Throws TorchError if the images are smaller.
 */
export class RandomCrop extends Module {
  readonly size: CropSize;
  readonly padding: Padding;
  readonly fill: number;

  constructor(...args: Args<'RandomCrop', { size: CropSize }, RandomCropOptions>) {
    super();
    const { size, padding, padIfNeeded, fill, paddingMode } = bind<
      Bound<{ size: CropSize }, RandomCropOptions>
    >('RandomCrop', args);
    only('RandomCrop', {
      padIfNeeded: [padIfNeeded, false],
      paddingMode: [paddingMode, 'constant'],
    });
    this.size = size;
    this.padding = padding ?? 0;
    this.fill = fill;
  }

  forward(images: Tensor): Tensor {
    return tidy(() => {
      const large = this.padding === 0 ? images : padded(images, edgesOf(this.padding), this.fill);
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

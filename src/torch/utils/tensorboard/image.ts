import { crc32, deflateSync } from 'node:zlib';
import { TorchError } from '../../errors';
import { cat, stack, zeros } from '../../generated/functions';
import type { Tensor } from '../../tensor';

const refuse = (message: string) => new TorchError(message, 'AssertionError');

/** Images `[N, 3, H, W]` beside one another, `columns` in a row: `[3, H′, W′]`. */
export function grid(images: Tensor, columns = 8): Tensor {
  const rgb = images.size(1) === 1 ? cat([images, images, images], 1) : images;
  if (rgb.ndim !== 4 || rgb.size(1) !== 3) {
    throw refuse('Input should be a 4D numpy array with 3 channels');
  }
  const [count, , height, width] = rgb.shape as [number, number, number, number];
  const across = Math.min(count, columns);
  const canvas = zeros([3, height * Math.ceil(count / across), width * across], {
    dtype: rgb.dtype,
  });
  for (let i = 0; i < count; i++) {
    const [row, column] = [Math.floor(i / across), i % across];
    canvas
      .narrow(1, row * height, height)
      .narrow(2, column * width, width)
      .copy_(rgb.select(0, i));
  }
  return canvas;
}

/** An image, or several in a grid, as `[H, W, C]`, from dimensions named by letters as in `CHW`. */
export function heightWidthChannels(image: Tensor, format: string): Tensor {
  if (new Set(format).size !== format.length) {
    throw refuse(
      `You can not use the same dimension shorthand twice.             input_format: ${format}`,
    );
  }
  if (image.ndim !== format.length) {
    throw refuse(
      `size of input tensor and input format are different.         tensor shape: (${image.shape.join(', ')}${image.ndim === 1 ? ',' : ''}), input_format: ${format}`,
    );
  }
  const order = (letters: string) =>
    [...letters].map((letter) => format.toUpperCase().indexOf(letter));
  if (format.length === 4) return grid(image.permute(order('NCHW'))).permute([1, 2, 0]);
  if (format.length === 2) {
    const plane = image.permute(order('HW'));
    return stack([plane, plane, plane], 2);
  }
  const ordered = image.permute(order('HWC'));
  return ordered.size(2) === 1 ? cat([ordered, ordered, ordered], 2) : ordered;
}

/** Colours from 0 to 1, or bytes, as bytes. */
export const asBytes = (image: Tensor): Tensor =>
  image
    .to('float32')
    .mul(image.dtype === 'uint8' ? 1 : 255)
    .clamp(0, 255)
    .to('uint8');

function chunk(kind: string, data: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(data.length);
  head.write(kind, 4, 'latin1');
  const tail = Buffer.alloc(4);
  tail.writeUInt32BE(crc32(Buffer.concat([head.subarray(4), data])));
  return Buffer.concat([head, data, tail]);
}

/** PNG's kinds of colour by their channels: grey, grey and alpha, RGB, RGBA. */
const colours: readonly (number | undefined)[] = [undefined, 0, 4, 2, 6];

/** A picture `[H, W, C]` of bytes as a PNG file. Throws TorchError for more than four channels. */
export function png(image: Tensor): Buffer {
  const [height, width, channels] = image.shape as [number, number, number];
  const colour = colours[channels];
  if (colour === undefined) {
    throw new TorchError(`a picture has 1 to 4 channels, not ${channels}`, 'TypeError');
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width);
  head.writeUInt32BE(height, 4);
  head.set([8, colour], 8);
  const pixels = Buffer.from(image.contiguous().toTypedArray().buffer as ArrayBuffer);
  const line = width * channels;
  // Each line starts with its filter: none.
  const lines = Array.from({ length: height }, (_, y) => [
    Buffer.alloc(1),
    pixels.subarray(y * line, (y + 1) * line),
  ]);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.concat(lines.flat()))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

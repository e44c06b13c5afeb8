import { type Pixels, pngAddress } from '../../plots/png';

/** Numbers with the shape of one image or of several. */
export interface ImageData {
  readonly shape: readonly number[];
  /** The position of the channels: PyTorch has them before the rows, TensorFlow after the columns. */
  readonly channels: 'first' | 'last';
  readonly dtype: string;
  readonly values: () => ArrayLike<number>;
}

interface Layout {
  readonly count: number;
  readonly channels: 1 | 3;
  readonly height: number;
  readonly width: number;
}

const smallest = 8;
const largest = 256;
/** Images of a batch that are shown. */
const shown = 16;

/** The image layout of a shape; undefined if it is not one, or not small. */
function layoutOf({ shape, channels, dtype }: Omit<ImageData, 'values'>): Layout | undefined {
  // A matrix is an image only where its numbers are bytes.
  if (shape.length === 2 && dtype === 'uint8') {
    return layoutOf({ shape: [1, ...shape], channels: 'first', dtype });
  }
  if (shape.length !== 3 && shape.length !== 4) return undefined;
  const [count, ...image] = shape.length === 4 ? shape : [1, ...shape];
  const [c, height, width] = (channels === 'first' ? image : [image[2], image[0], image[1]]) as [
    number,
    number,
    number,
  ];
  const small = [height, width].every((side) => side >= smallest && side <= largest);
  if (!small || !count || (c !== 1 && c !== 3)) return undefined;
  return { count, channels: c, height, width };
}

/** Maps the numbers' range to bytes: bytes stay, [0, 1] is stretched, any other range is fitted. */
function scaleOf(values: ArrayLike<number>, dtype: string): { low: number; high: number } {
  if (dtype === 'uint8') return { low: 0, high: 255 };
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low >= 0 && high <= 1 ? { low: 0, high: 1 } : { low, high };
}

const describe = (value: number) => Number(value.toPrecision(4));

/**
 * Small images in a row as HTML, with a line that says what black and white stand for; undefined
 * if the data is not an image.
 */
export function imageHtml(data: ImageData): string | undefined {
  const layout = layoutOf(data);
  if (!layout) return undefined;
  const { count, channels, height, width } = layout;
  const values = data.values();
  const { low, high } = scaleOf(values, data.dtype);
  if (!Number.isFinite(low) || !Number.isFinite(high)) return undefined;
  const plane = height * width;
  const byte = (index: number) =>
    high === low ? 0 : Math.round((255 * (values[index]! - low)) / (high - low));
  const pixels = (image: number): Pixels => {
    const bytes = new Uint8Array(plane * channels);
    for (let i = 0; i < plane; i++) {
      for (let c = 0; c < channels; c++) {
        const offset = data.channels === 'first' ? c * plane + i : i * channels + c;
        bytes[i * channels + c] = byte(image * plane * channels + offset);
      }
    }
    return { width, height, channels, bytes };
  };
  const zoom = Math.max(1, Math.floor(96 / Math.max(width, height)));
  const images = Array.from({ length: Math.min(count, shown) }, (_, i) => {
    const size = `width="${width * zoom}" height="${height * zoom}"`;
    const style = 'style="image-rendering:pixelated;margin:2px"';
    return `<img ${size} ${style} alt="image ${i}" src="${pngAddress(pixels(i))}">`;
  });
  const rest = count > shown ? `, the first ${shown} of ${count}` : '';
  const range = `black is ${describe(low)}, white is ${describe(high)}${rest}`;
  return `<div>${images.join('')}</div><div><small>${range}</small></div>`;
}

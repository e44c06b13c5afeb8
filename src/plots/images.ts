import type { Annotations, Data } from 'plotly.js';
import type { ImageSet } from '../data/image-set';
import { baseConfig, baseLayout, type Figure } from './figure';
import { pngAddress } from './png';

export interface SampleGridOptions {
  readonly title?: string;
  /** Which images, by index; the first `columns × rows` by default. */
  readonly indices?: readonly number[];
  readonly columns?: number;
  /** The classes' names; a label is an index into it. */
  readonly classes: readonly string[];
  /** The model's answer for each image; wrong ones are marked. */
  readonly predictions?: ArrayLike<number>;
}

/** Width of a page's text and the maximum height of a row, in screen pixels. */
const pageWidth = 790;
const mostHeight = 128;

/** Where the images lie in the mosaic, in its own pixels; the rest of it is transparent. */
interface Mosaic {
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;
}

function drawMosaic(
  set: ImageSet,
  indices: readonly number[],
  places: readonly { left: number; top: number }[],
  size: { width: number; height: number },
): Mosaic {
  const bytes = new Uint8Array(size.width * size.height * 2);
  indices.forEach((index, cell) => {
    const { left, top } = places[cell]!;
    for (let y = 0; y < set.height; y++) {
      for (let x = 0; x < set.width; x++) {
        const at = 2 * ((top + y) * size.width + left + x);
        bytes[at] = set.images[(index * set.height + y) * set.width + x]!;
        bytes[at + 1] = 255;
      }
    }
  });
  return { ...size, bytes };
}

/** Images in rows, white on black, each with its class above; hovering tells which image it is. */
export function sampleGrid(set: ImageSet, options: SampleGridOptions): Figure {
  const { classes, predictions, title = 'Samples' } = options;
  const indices =
    options.indices ??
    Array.from({ length: Math.min(2 * (options.columns ?? 10), set.count) }, (_, i) => i);
  const columns = Math.max(1, Math.min(options.columns ?? 10, indices.length));
  const rows = Math.max(1, Math.ceil(indices.length / columns));
  const gap = Math.max(1, Math.round(set.width / 9));
  const label = Math.ceil(set.height * (predictions ? 0.55 : 0.36));
  const [cellHeight, cellWidth] = [set.height + label + gap, set.width + gap];
  const size = { width: columns * cellWidth - gap, height: rows * cellHeight };
  const places = indices.map((_, cell) => ({
    left: (cell % columns) * cellWidth,
    top: Math.floor(cell / columns) * cellHeight + label,
  }));
  const images = indices.map((index, cell) => {
    const truth = classes[set.labels[index]!]!;
    const answer = predictions ? classes[predictions[cell]!]! : truth;
    const wrong = answer !== truth;
    return { index, truth, answer, wrong, text: wrong ? `${answer}, not ${truth}` : truth };
  });
  const annotations = images.map(
    ({ truth, answer, wrong }, cell): Partial<Annotations> => ({
      x: places[cell]!.left + (set.width - 1) / 2,
      y: places[cell]!.top - 0.5,
      yanchor: 'bottom',
      text: wrong ? `<b>${answer}</b><br>not ${truth}` : truth,
      showarrow: false,
      borderpad: 1,
      font: { size: 12 },
    }),
  );
  const hidden = { visible: false, fixedrange: true, constrain: 'domain' } as const;
  const mosaic = drawMosaic(set, indices, places, size);
  return {
    data: [
      {
        type: 'image',
        source: pngAddress({ ...mosaic, channels: 2 }),
        hoverinfo: 'skip',
      } as unknown as Data,
      // Invisible: a cell over each image for hovering.
      {
        type: 'heatmap',
        // Where each cell begins and the last one ends.
        x: Array.from({ length: columns + 1 }, (_, i) => i * cellWidth - (gap + 1) / 2),
        y: Array.from({ length: rows + 1 }, (_, i) => i * cellHeight - (gap + 1) / 2),
        z: Array.from({ length: rows }, (_, row) =>
          Array.from({ length: columns }, (_, i) => (images[row * columns + i] ? 0 : null)),
        ),
        text: Array.from({ length: rows }, (_, row) =>
          images
            .slice(row * columns, (row + 1) * columns)
            .map(({ index, text }) => `image ${index}: ${text}`),
        ),
        colorscale: [
          [0, 'rgba(0, 0, 0, 0)'],
          [1, 'rgba(0, 0, 0, 0)'],
        ],
        showscale: false,
        hoverongaps: false,
        hovertemplate: '%{text}<extra></extra>',
      } as unknown as Data,
    ],
    layout: baseLayout(title, {
      annotations,
      xaxis: { ...hidden, range: [-0.5, size.width - 0.5], constraintoward: 'left' } as object,
      yaxis: {
        ...hidden,
        range: [size.height - 0.5, -0.5],
        scaleanchor: 'x',
        constraintoward: 'top',
      } as object,
      height: 60 + Math.round(rows * Math.min(mostHeight, (pageWidth / size.width) * cellHeight)),
      margin: { l: 12, r: 12, t: 48, b: 12 },
    }),
    config: baseConfig,
    summary: `${title}. ${images.length} images: ${images.map(({ text }) => text).join(', ')}.`,
  };
}

import type { Annotations } from 'plotly.js';
import type { ImageSet } from '../data/image-set';
import { baseConfig, baseLayout, type Figure } from './figure';

export interface SampleGridOptions {
  readonly title?: string;
  /** Which images, by index; the first `columns × rows` by default. */
  readonly indices?: readonly number[];
  readonly columns?: number;
  /** The classes' names; a label is an index into it. */
  readonly classes: readonly string[];
  /** A model's answer for each image shown; wrong ones are marked. */
  readonly predictions?: ArrayLike<number>;
}

const gap = 3;

/** Images in rows, white on black, each with its class above. */
export function sampleGrid(set: ImageSet, options: SampleGridOptions): Figure {
  const { columns = 10, classes, predictions, title = 'Samples' } = options;
  const indices =
    options.indices ?? Array.from({ length: Math.min(2 * columns, set.count) }, (_, i) => i);
  const rows = Math.ceil(indices.length / columns);
  const [cellHeight, cellWidth] = [set.height + 3 * gap, set.width + gap];
  const mosaic = Array.from({ length: rows * cellHeight }, () =>
    new Array<number | null>(columns * cellWidth).fill(null),
  );
  const annotations: Partial<Annotations>[] = [];
  const described: string[] = [];
  indices.forEach((index, cell) => {
    const top = Math.floor(cell / columns) * cellHeight + 2 * gap;
    const left = (cell % columns) * cellWidth;
    for (let y = 0; y < set.height; y++) {
      for (let x = 0; x < set.width; x++) {
        mosaic[top + y]![left + x] = set.images[(index * set.height + y) * set.width + x]!;
      }
    }
    const truth = classes[set.labels[index]!]!;
    const answer = predictions ? classes[predictions[cell]!]! : truth;
    const wrong = answer !== truth;
    const text = wrong ? `${answer}, not ${truth}` : truth;
    described.push(text);
    annotations.push({
      x: left + set.width / 2,
      y: top - gap,
      text: wrong ? `<b>${text}</b>` : text,
      showarrow: false,
      font: { size: 11, ...(wrong ? { color: '#cc3311' } : {}) },
    });
  });
  const hidden = { visible: false, fixedrange: true } as const;
  return {
    data: [
      {
        type: 'heatmap',
        z: mosaic,
        colorscale: [
          [0, '#000000'],
          [1, '#ffffff'],
        ],
        zmin: 0,
        zmax: 255,
        showscale: false,
        hoverongaps: false,
        hovertemplate: 'grey value %{z} of 255<extra></extra>',
      },
    ],
    layout: baseLayout(title, {
      annotations,
      xaxis: hidden,
      yaxis: { ...hidden, autorange: 'reversed', scaleanchor: 'x' },
      height: 80 + rows * 95,
      margin: { l: 8, r: 8, t: 48, b: 8 },
    }),
    config: baseConfig,
    summary: `${title}. ${indices.length} images: ${described.join(', ')}.`,
  };
}

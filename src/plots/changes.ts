import type { Data } from 'plotly.js';
import type { Change, Effect, Measure, OrderEffect } from '../experiments/changes/effects';
import { factorLabels, factorNames } from '../experiments/factor-names';
import type { Framework } from '../training/recipe';
import {
  axisTitle,
  baseConfig,
  baseLayout,
  colors,
  type Figure,
  names,
  otherColors,
} from './figure';
import { tickStep } from './series';

const axes = {
  accuracy: { title: 'test images answered correctly', tickformat: '.0%', hover: '.2%' },
  loss: { title: 'test loss (nats)', tickformat: undefined, hover: '.4f' },
} as const;

const show = (value: number, measure: Measure): string =>
  measure === 'accuracy' ? `${(100 * value).toFixed(2)} points` : value.toFixed(3);

const frameworks: readonly Framework[] = ['tensorflow', 'pytorch'];

/**
 * From TensorFlow's recipe to PyTorch's, one change at a time, in both frameworks: each bar begins
 * where the one before ended, with the 95 % interval of its effect; the points are both ends.
 */
export function waterfall(
  changes: Readonly<Record<Framework, readonly Change[]>>,
  measure: Measure,
  title: string,
): Figure {
  const axis = axes[measure];
  const labels = ['start', ...changes.tensorflow.map(({ factor }) => factorLabels[factor])];
  const ends = (framework: Framework): Data => ({
    type: 'scatter',
    mode: 'markers',
    name: names[framework],
    legendgroup: framework,
    showlegend: false,
    x: [labels[0]!, labels.at(-1)!],
    y: [changes[framework][0]!.before.mean, changes[framework].at(-1)!.after.mean],
    marker: {
      color: colors[framework],
      size: 9,
      symbol: framework === 'pytorch' ? 'diamond' : 'circle',
    },
    hovertemplate: `%{y:${axis.hover}}<extra>%{fullData.name}</extra>`,
  });
  const bars = (framework: Framework): Data => {
    const all = changes[framework];
    const start = all[0]!.before.mean;
    return {
      type: 'bar',
      name: names[framework],
      legendgroup: framework,
      x: labels,
      // The first point has no change.
      y: [null, ...all.map(({ effect }) => effect.mean)],
      base: [start, ...all.map(({ before }) => before.mean)],
      marker: { color: colors[framework] },
      opacity: 0.75,
      error_y: {
        type: 'data',
        symmetric: false,
        array: [0, ...all.map(({ effect }) => effect.high - effect.mean)],
        arrayminus: [0, ...all.map(({ effect }) => effect.mean - effect.low)],
        color: '#7b7b7b',
        thickness: 1.5,
        width: 4,
      },
      customdata: [
        'start',
        ...all.map(({ factor, effect }) => `${factorNames[factor]}: ${show(effect.mean, measure)}`),
      ],
      hovertemplate: '%{customdata}<extra>%{fullData.name}</extra>',
    } as unknown as Data;
  };
  const parts = frameworks.map((framework) => {
    const effects = [...changes[framework]].sort(
      (a, b) => Math.abs(b.effect.mean) - Math.abs(a.effect.mean),
    );
    const told = effects
      .slice(0, 3)
      .map(({ factor, effect }) => `${factorNames[factor]} ${show(effect.mean, measure)}`);
    return `${names[framework]}: ${told.join(', ')}`;
  });
  return {
    data: [...frameworks.map(bars), ...frameworks.map(ends)],
    layout: baseLayout(title, {
      hovermode: 'x unified',
      barmode: 'group',
      bargap: 0.3,
      xaxis: { type: 'category', showgrid: false },
      yaxis: { title: axisTitle(axis.title), tickformat: axis.tickformat },
      height: 440,
    }),
    config: baseConfig,
    summary: `${title}. The largest changes: ${parts.join('; ')}.`,
  };
}

/** A line with a band around it. */
interface Band {
  readonly name: string;
  readonly color: string;
  readonly dash?: 'solid' | 'dash' | 'dot';
  readonly x: readonly (number | string)[];
  readonly mean: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
}

const faint = (hex: string) => {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return `rgba(${r}, ${g}, ${b}, 0.16)`;
};

/** Means as lines, each within its band from the lowest to the highest. */
function bandTraces(
  { name, color, dash = 'solid', x, mean, low, high }: Band,
  hover: string,
): Data[] {
  const edge = (y: readonly number[], fill: boolean): Data => ({
    type: 'scatter',
    mode: 'lines',
    name,
    legendgroup: name,
    showlegend: false,
    hoverinfo: 'skip',
    x: [...x],
    y: [...y],
    opacity: 0.5,
    line: { color, width: 0.75 },
    ...(fill && { fill: 'tonexty' as const, fillcolor: faint(color) }),
  });
  const line: Data = {
    type: 'scatter',
    mode: 'lines+markers',
    name,
    legendgroup: name,
    x: [...x],
    y: [...mean],
    line: { color, width: 2.5, dash },
    marker: { size: 6 },
    customdata: low.map((value, i) => [value, high[i]!]),
    hovertemplate: `%{y:${hover}} (%{customdata[0]:${hover}} to %{customdata[1]:${hover}})<extra>%{fullData.name}</extra>`,
  };
  return [edge(low, false), edge(high, true), line];
}

/** One group of runs: a column of values for each run. */
export interface Runs {
  readonly name: string;
  readonly color: string;
  readonly dash?: 'solid' | 'dash' | 'dot';
  readonly columns: readonly (readonly number[])[];
}

/** Validation losses by epoch: the mean over the seeds, in the band from the lowest to the highest. */
export function lossBands(groups: readonly Runs[], title: string): Figure {
  const bands = groups
    .filter(({ columns }) => columns.length > 0)
    .map(({ name, color, dash, columns }): Band => {
      const epochs = columns[0]!.map((_, i) => i);
      const at = (pick: (values: number[]) => number) =>
        epochs.map((epoch) => pick(columns.map((column) => column[epoch]!)));
      return {
        name: `${name}, ${columns.length} ${columns.length === 1 ? 'seed' : 'seeds'}`,
        color,
        ...(dash && { dash }),
        x: epochs.map((epoch) => epoch + 1),
        mean: at((values) => values.reduce((sum, value) => sum + value, 0) / values.length),
        low: at((values) => Math.min(...values)),
        high: at((values) => Math.max(...values)),
      };
    });
  const told = bands.map(({ name, mean }) => {
    const lowest = mean.indexOf(Math.min(...mean));
    return `${name}: ${mean[0]!.toFixed(4)} to ${mean.at(-1)!.toFixed(4)}, lowest in epoch ${lowest + 1}`;
  });
  return {
    data: bands.flatMap((band) => bandTraces(band, '.4f')),
    layout: baseLayout(title, {
      hovermode: 'x unified',
      xaxis: {
        title: axisTitle('epoch'),
        dtick: Math.max(1, tickStep(Math.max(1, ...bands.map(({ x }) => x.length)), 10)),
        ...{ unifiedhovertitle: { text: 'epoch %{x}' } },
      },
      yaxis: { title: axisTitle('validation loss (nats)') },
    }),
    config: baseConfig,
    summary: `${title}. ${told.join('; ')}.`,
  };
}

/** PyTorch minus TensorFlow at each recipe on the path, with its 95 % interval. */
export function frameworkGaps(
  effects: readonly Effect[],
  changes: readonly Change[],
  measure: Measure,
  title: string,
): Figure {
  const axis = axes[measure];
  const labels = ['start', ...changes.map(({ factor }) => factorLabels[factor])];
  const band: Band = {
    name: 'PyTorch − TensorFlow',
    color: otherColors[0]!,
    x: labels,
    mean: effects.map(({ mean }) => mean),
    low: effects.map(({ low }) => low),
    high: effects.map(({ high }) => high),
  };
  const whole = Math.max(...effects.map(({ mean }) => Math.abs(mean)));
  const zero: Data = {
    type: 'scatter',
    mode: 'lines',
    name: 'no difference',
    x: labels,
    y: labels.map(() => 0),
    line: { color: '#7b7b7b', width: 1, dash: 'dot' },
    hoverinfo: 'skip',
  };
  return {
    data: [zero, ...bandTraces(band, axis.hover)],
    layout: baseLayout(title, {
      hovermode: 'x unified',
      xaxis: { type: 'category', showgrid: false },
      yaxis: {
        title: axisTitle(
          measure === 'accuracy' ? 'difference (share of images)' : 'difference (nats)',
        ),
        tickformat: measure === 'accuracy' ? '.1%' : undefined,
      },
    }),
    config: baseConfig,
    summary: `${title}. At ${effects.length} recipes; at most ${show(whole, measure)}.`,
  };
}

/** The effect of each choice in different orders of the changes: a bar for each order. */
export function orderBars(
  effects: readonly OrderEffect[],
  measure: Measure,
  title: string,
): Figure {
  const orders = effects[0]?.at.map((_, i) => i) ?? [];
  const spread = effects.map(({ factor, at }) => {
    const means = at.map(({ effect }) => effect.mean);
    return { factor, by: Math.max(...means) - Math.min(...means) };
  });
  const most = spread.reduce((a, b) => (b.by > a.by ? b : a));
  return {
    data: orders.map((order) => ({
      type: 'bar',
      name: `order ${order + 1}`,
      x: effects.map(({ factor }) => factorLabels[factor]),
      y: effects.map(({ at }) => at[order]!.effect.mean),
      marker: { color: otherColors[order % otherColors.length] },
      customdata: effects.map(
        ({ factor, at }) => `${factorNames[factor]}, change ${at[order]!.place}`,
      ),
      hovertemplate: `%{customdata}: %{y:${axes[measure].hover}}<extra>%{fullData.name}</extra>`,
    })),
    layout: baseLayout(title, {
      hovermode: 'x unified',
      barmode: 'group',
      bargap: 0.3,
      xaxis: { type: 'category', showgrid: false },
      yaxis: {
        title: axisTitle(measure === 'accuracy' ? 'effect (share of images)' : 'effect (nats)'),
        tickformat: measure === 'accuracy' ? '.0%' : undefined,
      },
    }),
    config: baseConfig,
    summary: `${title}. ${orders.length} orders; the order matters most for the ${factorNames[most.factor]}, by ${show(most.by, measure)}.`,
  };
}

import type { Data } from 'plotly.js';
import type { SameRecipe } from '../experiments/same-recipe/same-recipe';
import type { Compared } from '../experiments/same-recipe/trace';
import {
  axisTitle,
  baseConfig,
  baseLayout,
  colors,
  type Figure,
  names,
  otherColors,
} from './figure';

/** The gap between 1 and the next float32. */
const rounding = 2 ** -23;

const steps = (values: readonly unknown[]) => values.map((_, i) => i + 1);

/** The losses of one recipe in both frameworks, overlaid. */
export function lossOnEachOther({ loss }: SameRecipe, title: string): Figure {
  const line = (framework: 'pytorch' | 'tensorflow', width: number, opacity: number): Data => ({
    type: 'scatter',
    mode: 'lines',
    name: names[framework],
    x: steps(loss[framework]),
    y: [...loss[framework]],
    opacity,
    line: { color: colors[framework], width },
    hovertemplate: '%{y:.7f}<extra>%{fullData.name}</extra>',
  });
  const count = loss.pytorch.length;
  const furthest = Math.max(...loss.pytorch.map((x, i) => Math.abs(x - loss.tensorflow[i]!)));
  return {
    // A wide pale line under a narrow one: both are visible where they agree.
    data: [line('tensorflow', 8, 0.45), line('pytorch', 1.75, 1)],
    layout: baseLayout(title, {
      hovermode: 'x unified',
      xaxis: { title: axisTitle('step'), ...{ unifiedhovertitle: { text: 'step %{x}' } } },
      yaxis: { title: axisTitle('cross-entropy (nats)'), rangemode: 'tozero' },
    }),
    config: baseConfig,
    summary: `${title}. Both from ${loss.pytorch[0]?.toFixed(4)} to ${loss.pytorch.at(-1)?.toFixed(4)} in ${count} steps, at most ${furthest.toExponential(1)} apart.`,
  };
}

/** What a line of the growth shows. */
const growing: Readonly<Record<Compared, string>> = {
  activation: 'activations',
  gradient: 'gradients',
  weightGradient: 'gradients of weights',
  weights: 'weights',
};

/**
 * How far both frameworks are apart at each step, in units of float32 rounding on a log axis: the
 * losses, and the layer that differs most in its activations, its gradients and its weights. Steps
 * without a difference have no point.
 */
export function differenceGrowth({ loss, compared }: SameRecipe, title: string): Figure {
  const line = (
    name: string,
    points: readonly (readonly [number, number])[],
    look: { color: string; width: number; dash?: 'dash' | 'dot'; opacity?: number },
  ): Data => {
    const { opacity = 1, ...rest } = look;
    const seen = points.filter(([, value]) => value > 0);
    return {
      type: 'scatter',
      mode: points.length > 60 ? 'lines' : 'lines+markers',
      name,
      x: seen.map(([step]) => step),
      y: seen.map(([, value]) => Number(value.toPrecision(3))),
      opacity,
      line: rest,
      marker: { size: 6 },
      hovertemplate: '%{y:.3s}<extra>%{fullData.name}</extra>',
    };
  };
  const ofLoss = loss.pytorch.map(
    (value, i) => [i + 1, Math.abs(value - loss.tensorflow[i]!) / value / rounding] as const,
  );
  const ofLayers = (what: Compared) =>
    compared.map(
      ({ step, layers }) => [step, Math.max(...layers.map((layer) => layer[what] ?? 0))] as const,
    );
  const [green, pink, ochre] = otherColors as [string, string, string];
  const last = (['activation', 'gradient', 'weights'] as const).map((what) => {
    const [step, value] = ofLayers(what).at(-1) ?? [0, 0];
    return `${growing[what]} ${value.toPrecision(2)} at step ${step}`;
  });
  const [, lossAtEnd] = ofLoss.at(-1) ?? [0, 0];
  return {
    data: [
      line('loss', ofLoss, { color: '#7b7b7b', width: 1.5 }),
      line(growing.activation, ofLayers('activation'), { color: green, width: 2.25 }),
      line(growing.gradient, ofLayers('gradient'), { color: pink, width: 2.25, dash: 'dash' }),
      line(growing.weights, ofLayers('weights'), { color: ochre, width: 2.25, dash: 'dot' }),
    ],
    layout: baseLayout(title, {
      hovermode: 'x unified',
      xaxis: { title: axisTitle('step'), ...{ unifiedhovertitle: { text: 'step %{x}' } } },
      yaxis: {
        title: axisTitle('difference (float32 roundings)'),
        type: 'log',
        dtick: 1,
        exponentformat: 'power',
      },
    }),
    config: baseConfig,
    summary: `${title}. In units of float32 rounding: ${last.join(', ')}; the loss ${lossAtEnd.toPrecision(2)}.`,
  };
}

const scale = (low: string, high: string) => [
  [0, low],
  [1, high],
];

/** The minimum of the colour scale: everything below it is rounding. */
const darkest = 6;

/**
 * Each layer at each compared step: the darker, the larger the difference between the frameworks, in powers
 * of ten of a float32 rounding. Empty where both are equal to the last bit, or the layer has no such tensor.
 */
export function layerHeatmap({ compared }: SameRecipe, what: Compared, title: string): Figure {
  const layers = compared[0]?.layers.map(({ layer }) => layer) ?? [];
  const value = (row: number, column: number) => compared[column]!.layers[row]![what];
  const cells = <T>(of: (value: number) => T, nothing: T) =>
    layers.map((_, row) =>
      compared.map((_, column) => {
        const found = value(row, column);
        return found === null || found === 0 ? nothing : of(found);
      }),
    );
  const all = compared.flatMap(({ step, layers }) =>
    layers.map((layer) => ({ step, layer: layer.layer, value: layer[what] ?? 0 })),
  );
  const largest = all.reduce((a, b) => (b.value > a.value ? b : a), {
    step: 0,
    layer: '',
    value: 0,
  });
  const few = compared.length <= 16;
  return {
    data: [
      {
        type: 'heatmap',
        x: compared.map(({ step }) => String(step)),
        y: layers,
        z: cells<number | null>((found) => Math.max(0, Math.log10(found)), null),
        text: cells(
          (found) => (found < 100 ? found.toFixed(found < 10 ? 1 : 0) : found.toExponential(0)),
          '',
        ),
        ...(few && { texttemplate: '%{text}' }),
        colorscale: scale('#e3eef7', '#1f5f99'),
        zmin: 0,
        zmax: darkest,
        colorbar: {
          orientation: 'h',
          x: 0,
          xanchor: 'left',
          y: 1,
          yanchor: 'bottom',
          ypad: 4,
          lenmode: 'pixels',
          len: 200,
          thickness: 10,
          title: { text: 'float32 roundings', side: 'top', font: { size: 12 } },
          outlinewidth: 0,
          ticks: '',
          tickvals: [0, 2, 4, 6],
          ticktext: ['1', '10²', '10⁴', '10⁶'],
          tickangle: 0,
        },
        hoverongaps: false,
        xgap: few ? 2 : 0,
        ygap: 2,
        hovertemplate: 'step %{x}, %{y}<br><b>%{text}</b> roundings<extra></extra>',
        meta: { dark: { colorscale: scale('#1d3345', '#6db6f2') } },
      } as unknown as Data,
    ],
    layout: baseLayout(title, {
      xaxis: { title: axisTitle('step'), type: 'category', showgrid: false },
      yaxis: { type: 'category', showgrid: false, autorange: 'reversed' },
      margin: { l: 90, r: 16, t: 90, b: 48 },
      height: 158 + 30 * layers.length,
    }),
    config: baseConfig,
    summary: `${title}. ${layers.length} layers at ${compared.length} steps; the largest difference is ${largest.value.toPrecision(2)} roundings, in ${largest.layer} at step ${largest.step}.`,
  };
}

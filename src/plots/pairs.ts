import type { Data } from 'plotly.js';
import type { Comparison } from '../pairs';
import { programNames } from '../pairs/text';
import { axisTitle, baseConfig, baseLayout, colors, type Figure, otherColors } from './figure';

/** Two runs of one model, by the name of each program. */
export interface TwoCurves {
  readonly names: readonly [string, string];
  readonly frameworks: readonly ['keras' | 'torch', 'keras' | 'torch'];
  readonly left: readonly number[];
  readonly right: readonly number[];
  readonly part: number | null;
}

const colourOf = ([left, right]: TwoCurves['frameworks']): [string, string] => {
  const own = { keras: colors.tensorflow, torch: colors.pytorch };
  return [own[left], left === right ? otherColors[0]! : own[right]];
};

/** The losses of both programs, overlaid, from the same start and on the same batch. */
export function pairLosses({ names, frameworks, left, right, part }: TwoCurves): Figure {
  const [first, second] = colourOf(frameworks);
  const line = (name: string, values: readonly number[], look: object, opacity: number): Data => ({
    type: 'scatter',
    mode: 'lines',
    name,
    x: values.map((_, i) => i + 1),
    y: values.map((value) => Number(value.toPrecision(6))),
    opacity,
    line: look,
    hovertemplate: '%{y:.6g}<extra>%{fullData.name}</extra>',
  });
  const title = `The loss over ${left.length} steps`;
  const parts =
    part === null ? 'They never differ by more than 1 %.' : `They diverge at step ${part}.`;
  return {
    // A wide pale line under a narrow one: both are visible where they agree.
    data: [
      line(names[0], left, { color: first, width: 8 }, 0.45),
      line(names[1], right, { color: second, width: 2 }, 1),
    ],
    layout: baseLayout(title, {
      hovermode: 'x unified',
      xaxis: { title: axisTitle('step'), ...{ unifiedhovertitle: { text: 'step %{x}' } } },
      yaxis: { title: axisTitle('loss') },
    }),
    config: baseConfig,
    summary: `${title}. ${names[0]}: ${left[0]?.toPrecision(4)} to ${left.at(-1)?.toPrecision(4)}; ${names[1]}: ${right[0]?.toPrecision(4)} to ${right.at(-1)?.toPrecision(4)}. ${parts}`,
  };
}

/** The difference of each layer's outputs, in float32 roundings on a log axis, in call order. */
export function layerDifferences(
  layers: readonly { readonly layer: string; readonly roundings: number | null }[],
): Figure {
  const seen = layers.filter(({ roundings }) => roundings !== null);
  const limit = 1e-4 * 2 ** 23;
  const value = (roundings: number | null) => Math.max(0.5, roundings ?? 0);
  const title = 'Difference of each layer’s outputs, in roundings';
  const most = [...seen].sort((a, b) => (b.roundings ?? 0) - (a.roundings ?? 0))[0];
  return {
    data: [
      {
        type: 'scatter',
        mode: 'lines+markers',
        name: 'difference',
        x: seen.map(({ layer }, i) => `${i + 1} ${layer}`),
        y: seen.map(({ roundings }) => Number(value(roundings).toPrecision(3))),
        line: { color: otherColors[0]!, width: 2 },
        marker: { size: 8 },
        hovertemplate: '%{y:.3s} roundings<extra></extra>',
      },
    ],
    layout: baseLayout(title, {
      showlegend: false,
      margin: { l: 56, r: 16, t: 52, b: 120 },
      height: 420,
      xaxis: { tickangle: -40, type: 'category' },
      yaxis: {
        title: axisTitle('roundings'),
        type: 'log',
        range: [-0.5, Math.max(4, Math.log10(value(most?.roundings ?? 0)) + 0.5)],
      },
      shapes: [
        {
          type: 'line',
          xref: 'paper',
          x0: 0,
          x1: 1,
          y0: limit,
          y1: limit,
          line: { color: '#888', width: 1, dash: 'dot' },
        },
      ],
    }),
    config: baseConfig,
    summary: `${title}. ${most ? `Furthest: ${most.layer}, ${Math.round(most.roundings ?? 0)} roundings.` : 'No layer was compared.'} Values above the dotted line are more than rounding.`,
  };
}

/** The figures of a comparison: the losses, overlaid, and each layer's outputs. */
export function comparisonFigures(found: Comparison): Figure[] {
  const names = programNames(found);
  const { losses, forward, left, right } = found;
  const frameworks = [left.framework, right.framework] as const;
  return [
    ...(losses ? [pairLosses({ names: [names.left, names.right], frameworks, ...losses })] : []),
    ...(forward.length > 0 ? [layerDifferences(forward)] : []),
  ];
}

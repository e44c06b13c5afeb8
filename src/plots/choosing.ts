import type { Data } from 'plotly.js';
import { figuresOf, progressOf } from '../experiments/choosing/figures';
import type { ChoosingRecord } from '../experiments/choosing/record';
import { type Language, stackNames, stacks } from '../experiments/choosing/stacks';
import type { Framework } from '../training/recipe';
import { axisTitle, baseConfig, baseLayout, colors, type Figure, names } from './figure';

const languages: Readonly<Record<Language, string>> = {
  typescript: 'TypeScript',
  python: 'Python',
};
const frameworks: readonly Framework[] = ['tensorflow', 'pytorch'];

/** The measures that bars can show. */
const measures = {
  step: { axis: 'milliseconds a step', scale: 1000, unit: 'ms', digits: 1 },
  startUp: { axis: 'seconds to the first tensor', scale: 1, unit: 's', digits: 2 },
  peakMemory: { axis: 'memory at most (MB)', scale: 1, unit: 'MB', digits: 0 },
  lines: { axis: 'lines of code', scale: 1, unit: 'lines', digits: 0 },
  concepts: { axis: 'distinct names', scale: 1, unit: 'names', digits: 0 },
} as const;

/** One figure of all four stacks: a group of bars for each language, a colour for each framework. */
export function stackBars(
  record: ChoosingRecord,
  measure: keyof typeof measures,
  title: string,
): Figure {
  const { axis, scale, unit, digits } = measures[measure];
  const value = (framework: Framework, language: Language) =>
    scale * figuresOf(record, `${framework}-${language}`)[measure];
  const order = Object.keys(languages) as Language[];
  const told = stackNames.map((stack) => {
    const { framework, language, name } = stacks[stack];
    return `${name} ${value(framework, language).toFixed(digits)} ${unit}`;
  });
  return {
    data: frameworks.map((framework) => ({
      type: 'bar',
      name: names[framework],
      x: order.map((language) => `from ${languages[language]}`),
      y: order.map((language) => value(framework, language)),
      marker: { color: colors[framework] },
      hovertemplate: `%{y:.${digits}f} ${unit}<extra>%{fullData.name}</extra>`,
    })),
    layout: baseLayout(title, {
      barmode: 'group',
      bargap: 0.35,
      height: 320,
      xaxis: { type: 'category', showgrid: false },
      yaxis: { title: axisTitle(axis), rangemode: 'tozero' },
    }),
    config: baseConfig,
    summary: `${title}. ${told.join('; ')}.`,
  };
}

/**
 * The accuracy on the validation images over the seconds of training: a line for each round of each
 * stack, solid from TypeScript and dashed from Python, and the goal.
 */
export function accuracyOverTime(record: ChoosingRecord, title: string): Figure {
  const lines = stackNames.flatMap((stack) => {
    const { framework, language, name } = stacks[stack];
    return progressOf(record, stack).map(
      (points, round): Data => ({
        type: 'scatter',
        mode: 'lines+markers',
        name,
        legendgroup: stack,
        showlegend: round === 0,
        x: points.map(({ seconds }) => Number(seconds.toFixed(3))),
        y: points.map(({ accuracy }) => accuracy),
        line: {
          color: colors[framework],
          width: 2,
          dash: language === 'python' ? 'dash' : 'solid',
        },
        marker: { size: 6, symbol: framework === 'pytorch' ? 'diamond' : 'circle' },
        customdata: points.map(({ steps }) => steps),
        hovertemplate: `%{y:.1%} after %{x:.1f} s, %{customdata} steps<extra>%{fullData.name}, round ${round + 1}</extra>`,
      }),
    );
  });
  const longest = Math.max(
    ...stackNames.flatMap((stack) =>
      progressOf(record, stack).map((points) => points.at(-1)!.seconds),
    ),
  );
  const { goal } = record.design;
  const aim: Data = {
    type: 'scatter',
    mode: 'lines',
    name: 'goal',
    x: [0, longest],
    y: [goal, goal],
    line: { color: '#7b7b7b', width: 1, dash: 'dot' },
    hovertemplate: 'goal %{y:.0%}<extra></extra>',
  };
  const told = stackNames.map((stack) => {
    const { goal: reached } = figuresOf(record, stack);
    const when = reached ? `after ${reached.seconds.toFixed(1)} s` : 'not in every round';
    return `${stacks[stack].name} ${when}`;
  });
  return {
    data: [aim, ...lines],
    layout: baseLayout(title, {
      hovermode: 'closest',
      xaxis: { title: axisTitle('seconds of training'), rangemode: 'tozero' },
      yaxis: { title: axisTitle('images answered correctly'), tickformat: '.0%' },
    }),
    config: baseConfig,
    summary: `${title}. ${(100 * goal).toFixed(0)} % is reached by: ${told.join('; ')}.`,
  };
}

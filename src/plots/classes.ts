import type { Data } from 'plotly.js';
import { axisTitle, baseConfig, baseLayout, type Figure, otherColors } from './figure';

/** Images of each class in one or more splits, as grouped bars. */
export function classBars(
  classes: readonly string[],
  counts: Readonly<Record<string, readonly number[]>>,
): Figure {
  const splits = Object.entries(counts);
  const title = 'Images of each class';
  const spans = splits.map(
    ([name, values]) => `${Math.min(...values)} to ${Math.max(...values)} in ${name}`,
  );
  return {
    data: splits.map(([name, values], i) => ({
      type: 'bar',
      name,
      x: [...classes],
      y: [...values],
      marker: { color: otherColors[i % otherColors.length] },
      hovertemplate: '%{y:,} images<extra>%{fullData.name}</extra>',
    })),
    layout: baseLayout(title, {
      hovermode: 'x unified',
      xaxis: {
        title: axisTitle('class'),
        type: 'category',
        showgrid: false,
        ...{ unifiedhovertitle: { text: 'class %{x}' } },
      },
      yaxis: { title: axisTitle('images'), tickformat: ',d' },
      bargap: 0.3,
      bargroupgap: 0.08,
    }),
    config: baseConfig,
    summary: splits.length > 0 ? `${title}: ${spans.join(', ')}.` : `${title}: none.`,
  };
}

/** Correct and wrong answers have their own colours, and wrong ones their own scale. */
const scales = {
  right: { light: ['#dcebf7', '#1f6fad'], dark: ['#1d3345', '#3f86c4'] },
  wrong: { light: ['#fbe4d1', '#c65600'], dark: ['#45301f', '#cf611a'] },
} as const;

const scaleOf = ([low, high]: readonly [string, string]): [number, string][] => [
  [0, low],
  [1, high],
];

/**
 * A confusion matrix: row = true class, column = the model's answer. The diagonal is blue by the
 * share of the class that was answered correctly; mistakes are orange, the darker the more frequent;
 * pairs that never occurred stay empty.
 * @param counts Images of each true class and answer, `[C][C]`.
 */
export function confusionMatrix(
  counts: readonly (readonly number[])[],
  classes: readonly string[],
  title = 'Confusion matrix',
): Figure {
  const totals = counts.map((row) => row.reduce((total, count) => total + count, 0));
  const mistakes = counts.flatMap((row, truth) =>
    row.flatMap((count, answer) =>
      truth !== answer && count > 0 ? [{ truth, answer, count }] : [],
    ),
  );
  const most = Math.max(1, ...mistakes.map(({ count }) => count));
  const cells = (kind: 'right' | 'wrong'): Data => {
    const shown = (truth: number, answer: number, count: number) =>
      (truth === answer) === (kind === 'right') && (count > 0 || kind === 'right');
    const pick = <T>(value: (count: number, truth: number) => T, nothing: T | null = null) =>
      counts.map((row, truth) =>
        row.map((count, answer) => (shown(truth, answer, count) ? value(count, truth) : nothing)),
      );
    const share = (count: number, truth: number) =>
      totals[truth]! > 0 ? count / totals[truth]! : 0;
    return {
      type: 'heatmap',
      name: kind,
      x: [...classes],
      y: [...classes],
      // The square root keeps one mistake visible next to fifty.
      z: pick(kind === 'right' ? share : (count) => Math.sqrt(count / most)),
      text: pick(String, ''),
      customdata: pick(share),
      texttemplate: '%{text}',
      colorscale: scaleOf(scales[kind].light),
      zmin: 0,
      zmax: 1,
      showscale: false,
      hoverongaps: false,
      xgap: 2,
      ygap: 2,
      hovertemplate: `true class %{y}, answered %{x}<br><b>%{text}</b> images, %{customdata:.1%} of the class<extra></extra>`,
      // A page with a dark theme uses this instead.
      meta: { dark: { colorscale: scaleOf(scales[kind].dark) } },
    } as unknown as Data;
  };
  const correct = counts.reduce((sum, row, i) => sum + row[i]!, 0);
  const total = totals.reduce((sum, count) => sum + count, 0);
  const [worst] = mistakes.sort((a, b) => b.count - a.count);
  return {
    data: [cells('right'), cells('wrong')],
    layout: baseLayout(title, {
      xaxis: {
        title: axisTitle('answer of the model'),
        type: 'category',
        showgrid: false,
        constrain: 'domain',
        constraintoward: 'left',
      } as object,
      yaxis: {
        title: axisTitle('true class'),
        type: 'category',
        showgrid: false,
        autorange: 'reversed',
        scaleanchor: 'x',
        constrain: 'domain',
      },
      margin: { l: 56, r: 16, t: 52, b: 48 },
      height: 540,
    }),
    config: baseConfig,
    summary:
      `${title}. ${correct} of ${total} images correct; ` +
      (worst
        ? `most often confused: ${classes[worst.truth]} taken for ${classes[worst.answer]}, ${worst.count} times.`
        : 'none confused.'),
  };
}

import type { Data } from 'plotly.js';
import type { History } from '../training/history';
import { baseConfig, baseLayout, colors, type Figure, names } from './figure';

/** What a curve can show. */
export type Metric = 'loss' | 'accuracy';

interface MetricSpec {
  readonly title: string;
  readonly axis: string;
  readonly training: 'loss' | 'accuracy';
  readonly validation: 'valLoss' | 'valAccuracy';
  readonly format: string;
  readonly show: (value: number) => string;
}

const metrics: Readonly<Record<Metric, MetricSpec>> = {
  loss: {
    title: 'Loss',
    axis: 'cross-entropy (nats)',
    training: 'loss',
    validation: 'valLoss',
    format: '.4f',
    show: (value) => value.toFixed(4),
  },
  accuracy: {
    title: 'Accuracy',
    axis: 'correct (share of images)',
    training: 'accuracy',
    validation: 'valAccuracy',
    format: '.2%',
    show: (value) => `${(100 * value).toFixed(2)} %`,
  },
};

export interface CurveOptions {
  readonly title?: string;
  /** Other runs drawn faintly behind, such as the committed full run. */
  readonly reference?: readonly History[];
}

function traces(history: History, spec: MetricSpec, faint: boolean, axes: object = {}): Data[] {
  const { framework } = history;
  const draw = (values: readonly number[], what: 'training' | 'validation'): Data => ({
    type: 'scatter',
    mode: 'lines+markers',
    name: `${names[framework]} ${what}${faint ? ', full size' : ''}`,
    x: values.map((_, i) => i + 1),
    y: [...values],
    opacity: faint ? 0.4 : 1,
    line: {
      color: colors[framework],
      width: faint ? 1.5 : 2.5,
      dash: what === 'validation' ? 'dash' : 'solid',
    },
    marker: { size: faint ? 4 : 7, symbol: what === 'validation' ? 'diamond' : 'circle' },
    hovertemplate: `epoch %{x}: %{y:${spec.format}}<extra>%{fullData.name}</extra>`,
    ...axes,
  });
  return [draw(history[spec.training], 'training'), draw(history[spec.validation], 'validation')];
}

function summarize(history: History, spec: MetricSpec): string {
  const path = (values: readonly number[]) =>
    `${spec.show(values[0] ?? Number.NaN)} to ${spec.show(values.at(-1) ?? Number.NaN)}`;
  return (
    `${names[history.framework]}: training ${path(history[spec.training])}, validation ` +
    `${path(history[spec.validation])} over ${history.loss.length} epochs.`
  );
}

const epochAxis = { title: { text: 'epoch' }, dtick: 1 };

/** All curves tell their values wherever the pointer is. */
const hover = { hovermode: 'x', hoverdistance: -1 } as const;

/** Training (solid) and validation (dashed) of one or more runs over the epochs. */
export function curves(
  metric: Metric,
  histories: readonly History[],
  options: CurveOptions = {},
): Figure {
  const spec = metrics[metric];
  const title = options.title ?? `${spec.title} by epoch`;
  return {
    data: [
      ...(options.reference ?? []).flatMap((history) => traces(history, spec, true)),
      ...histories.flatMap((history) => traces(history, spec, false)),
    ],
    layout: baseLayout(title, {
      ...hover,
      xaxis: epochAxis,
      yaxis: { title: { text: spec.axis }, tickformat: metric === 'accuracy' ? '.0%' : undefined },
    }),
    config: baseConfig,
    summary: `${title}. ${histories.map((history) => summarize(history, spec)).join(' ')}`,
  };
}

/** Loss curves; see {@link curves}. */
export const lossCurves = (histories: readonly History[], options?: CurveOptions): Figure =>
  curves('loss', histories, options);

/** Accuracy curves; see {@link curves}. */
export const accuracyCurves = (histories: readonly History[], options?: CurveOptions): Figure =>
  curves('accuracy', histories, options);

/** Two runs beside each other on one scale, as the article shows its two plots. */
export function sideBySide(
  metric: Metric,
  left: History,
  right: History,
  options: CurveOptions = {},
): Figure {
  const spec = metrics[metric];
  const title =
    options.title ?? `${spec.title}: ${names[left.framework]} and ${names[right.framework]}`;
  const base = baseLayout(title, { ...hover, xaxis: { ...epochAxis, domain: [0, 0.48] } });
  return {
    data: [
      ...traces(left, spec, false),
      ...traces(right, spec, false, { xaxis: 'x2', yaxis: 'y2' }),
    ],
    layout: {
      ...base,
      yaxis: {
        ...base.yaxis,
        title: { text: spec.axis },
        tickformat: metric === 'accuracy' ? '.0%' : undefined,
      },
      xaxis2: { ...base.xaxis, domain: [0.52, 1] },
      yaxis2: { ...base.yaxis, matches: 'y', anchor: 'x2', showticklabels: false },
    },
    config: baseConfig,
    summary: `${title}. ${[left, right].map((history) => summarize(history, spec)).join(' ')}`,
  };
}

/** The loss of every training batch, in order. */
export function batchLossCurve(histories: readonly History[]): Figure {
  const data = histories.map(
    ({ framework, batchLoss }): Data => ({
      type: 'scatter',
      mode: 'lines',
      name: names[framework],
      x: batchLoss.map((_, i) => i + 1),
      // Four digits are more than a screen shows, and keep the page light.
      y: batchLoss.map((loss) => Number(loss.toPrecision(4))),
      line: { color: colors[framework], width: 1 },
      hovertemplate: 'step %{x}: %{y:.4f}<extra>%{fullData.name}</extra>',
    }),
  );
  const parts = histories.map(
    ({ framework, batchLoss }) =>
      `${names[framework]}: ${batchLoss[0]?.toFixed(3)} to ${batchLoss.at(-1)?.toFixed(3)} in ${batchLoss.length} steps.`,
  );
  return {
    data,
    layout: baseLayout('Loss of every batch', {
      ...hover,
      xaxis: { title: { text: 'step' } },
      yaxis: { title: { text: 'cross-entropy (nats)' } },
    }),
    config: baseConfig,
    summary: `Loss of every batch. ${parts.join(' ')}`,
  };
}

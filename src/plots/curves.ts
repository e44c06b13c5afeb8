import type { Data, LayoutAxis } from 'plotly.js';
import type { History } from '../training/history';
import {
  axisTitle,
  baseConfig,
  baseLayout,
  colors,
  type Figure,
  names,
  panelTitle,
} from './figure';
import { tickStep } from './series';

/** The metrics that a curve can show. */
export type Metric = 'loss' | 'accuracy';

interface MetricSpec {
  readonly title: string;
  readonly axis: string;
  readonly training: 'loss' | 'accuracy';
  readonly validation: 'valLoss' | 'valAccuracy';
  readonly format: string;
  readonly ticks?: string;
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
    axis: 'images answered correctly',
    training: 'accuracy',
    validation: 'valAccuracy',
    format: '.2%',
    ticks: '.2~%',
    show: (value) => `${(100 * value).toFixed(2)} %`,
  },
};

export interface CurveOptions {
  readonly title?: string;
  /** Other runs, drawn in thin lines behind, such as the committed full run. */
  readonly reference?: readonly History[];
}

/** Options for the style of a curve. */
interface Look {
  readonly reference?: boolean;
  /** Whether the legend names the framework. */
  readonly named?: boolean;
  readonly axes?: object;
}

function traces(
  history: History,
  spec: MetricSpec,
  { reference = false, named = true, axes = {} }: Look = {},
): Data[] {
  const { framework } = history;
  const label = (what: string) =>
    `${named ? `${names[framework]} ` : ''}${what}${reference ? ', full size' : ''}`;
  const draw = (values: readonly number[], what: 'training' | 'validation'): Data => ({
    type: 'scatter',
    mode: reference ? 'lines' : 'lines+markers',
    name: label(what),
    x: values.map((_, i) => i + 1),
    y: [...values],
    opacity: reference ? 0.75 : 1,
    legendrank: reference ? 1001 : 1000,
    line: {
      color: colors[framework],
      width: reference ? 1.25 : 2.5,
      dash: what === 'validation' ? 'dash' : 'solid',
    },
    marker: { size: 7, symbol: framework === 'pytorch' ? 'diamond' : 'circle' },
    hovertemplate: `%{y:${spec.format}}<extra>%{fullData.name}</extra>`,
    ...axes,
  });
  return [draw(history[spec.training], 'training'), draw(history[spec.validation], 'validation')];
}

function summarize(history: History, spec: MetricSpec): string {
  const name = names[history.framework];
  const epochs = history.loss.length;
  if (epochs === 0) return `${name}: no epoch has ended.`;
  const path = (values: readonly number[]) =>
    values.length > 1
      ? `${spec.show(values[0]!)} to ${spec.show(values.at(-1)!)}`
      : values.map(spec.show).join();
  return (
    `${name}: training ${path(history[spec.training])}, validation ` +
    `${path(history[spec.validation])} over ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}.`
  );
}

/** Integer ticks for epochs, as many as stay readable. */
function epochAxis(histories: readonly History[]): Partial<LayoutAxis> {
  const epochs = Math.max(1, ...histories.map(({ loss }) => loss.length));
  const dtick = Math.max(1, tickStep(epochs, 10));
  const axis = {
    title: axisTitle('epoch'),
    dtick,
    tick0: dtick === 1 ? 1 : 0,
    unifiedhovertitle: { text: 'epoch %{x}' },
  };
  const room = epochs === 1 ? 0.5 : 0.04 * (epochs - 1);
  return { ...axis, range: [1 - room, epochs + room] };
}

/** Hovering shows the values of all curves. */
const hover = { hovermode: 'x unified', hoverdistance: -1 } as const;

const valueAxis = (spec: MetricSpec): Partial<LayoutAxis> => ({
  title: axisTitle(spec.axis),
  tickformat: spec.ticks,
});

/** Training (solid) and validation (dashed) of one or more runs over the epochs. */
export function curves(
  metric: Metric,
  histories: readonly History[],
  options: CurveOptions = {},
): Figure {
  const spec = metrics[metric];
  const { title = `${spec.title} by epoch`, reference = [] } = options;
  const all = [...reference, ...histories];
  const named = new Set(all.map(({ framework }) => framework)).size > 1;
  return {
    data: [
      ...reference.flatMap((history) => traces(history, spec, { reference: true, named })),
      ...histories.flatMap((history) => traces(history, spec, { named })),
    ],
    layout: baseLayout(title, {
      ...hover,
      xaxis: epochAxis(all),
      yaxis: valueAxis(spec),
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

/**
 * Two runs beside each other on one scale, as the article shows its two plots. A reference run
 * stands in the panel of its framework.
 */
export function sideBySide(
  metric: Metric,
  left: History,
  right: History,
  options: CurveOptions = {},
): Figure {
  const spec = metrics[metric];
  const { reference = [] } = options;
  const title =
    options.title ?? `${spec.title}: ${names[left.framework]} and ${names[right.framework]}`;
  const base = baseLayout(title, {
    ...hover,
    xaxis: { ...epochAxis([left, right, ...reference]), domain: [0, 0.48] },
    yaxis: valueAxis(spec),
  });
  const second = { xaxis: 'x2', yaxis: 'y2' };
  const behind = (history: History) =>
    traces(history, spec, {
      reference: true,
      axes: history.framework === left.framework ? {} : second,
    });
  return {
    data: [
      ...reference.flatMap(behind),
      ...traces(left, spec),
      ...traces(right, spec, { axes: second }),
    ],
    layout: {
      ...base,
      margin: { ...base.margin, t: 104 },
      legend: { ...base.legend, y: 1.1 },
      annotations: [panelTitle(names[left.framework], ''), panelTitle(names[right.framework], '2')],
      xaxis2: { ...base.xaxis, domain: [0.52, 1] },
      yaxis2: {
        ...base.yaxis,
        title: undefined,
        matches: 'y',
        anchor: 'x2',
        showticklabels: false,
      },
    },
    config: baseConfig,
    summary: `${title}. ${[left, right].map((history) => summarize(history, spec)).join(' ')}`,
  };
}

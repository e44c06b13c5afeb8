import type { Data } from 'plotly.js';
import type { History } from '../training/history';
import { axisTitle, baseConfig, baseLayout, colors, type Figure, names } from './figure';
import { outline, smoothed, tickStep } from './series';

/** A screen can't show more points than this, and they make the page heavier. */
const mostPoints = 1200;

/** A screen can't show more than four digits either. */
const short = (value: number) => Number(value.toPrecision(4));

/**
 * The loss of every training batch, in order: each batch in a pale line, and over it the mean of
 * its neighbours, so that one run's noise does not hide another's curve. Runs of different numbers
 * of steps are drawn over the epochs.
 */
export function batchLossCurve(histories: readonly History[]): Figure {
  const perEpoch = histories.map(({ batchLoss, loss }) =>
    Math.ceil(batchLoss.length / Math.max(1, loss.length)),
  );
  const overEpochs = new Set(perEpoch).size > 1;
  const epochs = histories.map(({ loss }) => Math.max(1, loss.length));
  const place = (run: number, step: number) =>
    overEpochs ? short((step + 1) / perEpoch[run]!) : step + 1;
  const line = (run: number, values: readonly number[], pale: boolean): Data => {
    const { framework } = histories[run]!;
    const kept = outline(values, pale ? 2 * mostPoints : mostPoints);
    return {
      type: 'scatter',
      mode: 'lines',
      name: names[framework],
      legendgroup: framework,
      showlegend: !pale,
      x: kept.map((step) => place(run, step)),
      y: kept.map((step) => short(values[step]!)),
      opacity: pale ? 0.22 : 1,
      line: { color: colors[framework], width: pale ? 1 : 2.25 },
      ...(pale
        ? { hoverinfo: 'skip' }
        : { hovertemplate: '%{y:.4f}<extra>%{fullData.name}</extra>' }),
    };
  };
  const radii = histories.map(({ batchLoss }) => Math.round(batchLoss.length / 120));
  const parts = histories.map(({ framework, batchLoss }) =>
    batchLoss.length === 0
      ? `${names[framework]}: no step has been taken.`
      : `${names[framework]}: ${batchLoss[0]!.toFixed(3)} to ${batchLoss.at(-1)!.toFixed(3)} in ${batchLoss.length} steps.`,
  );
  const window = 2 * Math.max(0, ...radii) + 1;
  const title = 'Loss of every batch';
  return {
    data: [
      ...histories.map(({ batchLoss }, run) => line(run, batchLoss, true)),
      ...histories.map(({ batchLoss }, run) => line(run, smoothed(batchLoss, radii[run]!), false)),
    ],
    layout: baseLayout(window > 1 ? `${title}, and its running mean` : title, {
      hovermode: 'x unified',
      showlegend: histories.length > 1,
      ...(histories.length > 1 ? {} : { margin: { l: 56, r: 16, t: 52, b: 48 } }),
      xaxis: {
        title: axisTitle(overEpochs ? 'epoch' : 'step'),
        ...(overEpochs && { dtick: Math.max(1, tickStep(Math.max(...epochs), 10)), tick0: 0 }),
        ...{ unifiedhovertitle: { text: overEpochs ? 'epoch %{x:.2f}' : 'step %{x}' } },
      },
      yaxis: { title: axisTitle('cross-entropy (nats)'), rangemode: 'tozero' },
    }),
    config: baseConfig,
    summary: `${title}. ${parts.join(' ')}`,
  };
}

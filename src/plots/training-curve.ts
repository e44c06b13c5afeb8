import type { Data } from 'plotly.js';
import type { History } from '../training/history';
import { axisTitle, baseConfig, baseLayout, colors, type Figure, names } from './figure';
import { outline, smoothed, tickStep } from './series';

/** The points of a line that grows several times a second. */
const mostPoints = 500;

const short = (value: number) => Number(value.toPrecision(4));

/**
 * One run's loss as it trains: each batch in a pale line, their running mean, and the validation
 * loss at the end of each epoch, over all epochs that the run will have.
 */
export function trainingCurve(
  { framework, batchLoss, valLoss }: History,
  run: { readonly epochs: number; readonly stepsPerEpoch: number; readonly title?: string },
): Figure {
  const color = colors[framework];
  const radius = Math.round(batchLoss.length / 120);
  const line = (values: readonly number[], pale: boolean): Data => {
    const kept = outline(values, mostPoints);
    return {
      type: 'scatter',
      mode: 'lines',
      name: pale ? 'each batch' : 'training, running mean',
      x: kept.map((step) => short((step + 1) / run.stepsPerEpoch)),
      y: kept.map((step) => short(values[step]!)),
      opacity: pale ? 0.22 : 1,
      line: { color, width: pale ? 1 : 2.25 },
      ...(pale
        ? { hoverinfo: 'skip', showlegend: false }
        : { hovertemplate: '%{y:.4f}<extra>%{fullData.name}</extra>' }),
    };
  };
  const title = run.title ?? `${names[framework]}: loss while training`;
  const steps = batchLoss.length;
  const validation =
    valLoss.length > 0 ? `; validation ${valLoss.map((loss) => loss.toFixed(4)).join(', ')}` : '';
  return {
    data: [
      line(batchLoss, true),
      line(smoothed(batchLoss, radius), false),
      {
        type: 'scatter',
        mode: 'lines+markers',
        name: 'validation',
        x: valLoss.map((_, epoch) => epoch + 1),
        y: [...valLoss],
        line: { color, width: 1.5, dash: 'dash' },
        marker: { size: 8, symbol: framework === 'pytorch' ? 'diamond' : 'circle' },
        hovertemplate: '%{y:.4f}<extra>%{fullData.name}</extra>',
      },
    ],
    layout: baseLayout(title, {
      hovermode: 'x unified',
      xaxis: {
        title: axisTitle('epoch'),
        range: [0, run.epochs * 1.01],
        dtick: Math.max(1, tickStep(run.epochs, 10)),
        tick0: 0,
        ...{ unifiedhovertitle: { text: 'epoch %{x:.2f}' } },
      },
      yaxis: { title: axisTitle('cross-entropy (nats)'), rangemode: 'tozero' },
      height: 340,
    }),
    config: baseConfig,
    summary:
      steps > 0
        ? `${title}. Training loss ${batchLoss[0]!.toFixed(4)} to ${batchLoss.at(-1)!.toFixed(4)} in ${steps} steps${validation}.`
        : `${title}. No step has been taken.`,
  };
}

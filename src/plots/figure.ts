import type { Annotations, Config, Data, Layout, LayoutAxis } from 'plotly.js';
import type { Framework } from '../training/recipe';

/** A Plotly figure with a text alternative. */
export interface Figure {
  readonly data: Data[];
  readonly layout: Partial<Layout>;
  readonly config?: Partial<Config>;
  readonly summary: string;
}

/**
 * Each framework has the same colour in all figures. The two are about equally dark, so that they stand
 * out on white and on black pages, and colour-blind readers can distinguish them.
 */
export const colors: Readonly<Record<Framework, string>> = {
  pytorch: '#d55e00',
  tensorflow: '#1f83cc',
};

/** Colours for figures that compare something other than the frameworks. */
export const otherColors: readonly string[] = ['#11916b', '#b8689a', '#9a7d0a'];

export const names: Readonly<Record<Framework, string>> = {
  pytorch: 'PyTorch',
  tensorflow: 'TensorFlow',
};

/** A grey that is readable on white and on black, since a figure can't know its page's colour. */
export const ink = '#7b7b7b';
const grid = 'rgba(128, 128, 128, 0.22)';

const axis: Partial<LayoutAxis> = {
  gridcolor: grid,
  zeroline: false,
  linecolor: grid,
  tickcolor: grid,
  automargin: true,
};

const title = (text: string) => ({
  text,
  x: 0,
  xref: 'container' as const,
  xanchor: 'left' as const,
  y: 1,
  yanchor: 'top' as const,
  pad: { l: 12, t: 14 },
  font: { size: 16 },
});

/** An axis with what it counts. */
export const axisTitle = (text: string) => ({ text, standoff: 10, font: { size: 13 } });

/** The line at the pointer. */
const spike: Partial<LayoutAxis> = {
  spikecolor: ink,
  spikethickness: 1,
  spikedash: 'solid',
};

/** The layout that all figures share: transparent, so that they lie on light and dark pages alike. */
export function baseLayout(text: string, layout: Partial<Layout> = {}): Partial<Layout> {
  const { xaxis, yaxis, ...rest } = layout;
  return {
    title: title(text),
    font: { color: ink, family: 'system-ui, sans-serif', size: 12.5 },
    paper_bgcolor: 'rgba(0, 0, 0, 0)',
    plot_bgcolor: 'rgba(0, 0, 0, 0)',
    margin: { l: 56, r: 16, t: 78, b: 48 },
    height: 400,
    // Below the title: it is read before the curves and doesn't touch the axis.
    modebar: { bgcolor: 'rgba(0, 0, 0, 0)', color: ink, activecolor: colors.tensorflow },
    legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1.02, yanchor: 'bottom' },
    hoverlabel: {
      namelength: -1,
      bgcolor: '#23282e',
      bordercolor: '#23282e',
      font: { color: '#f2f4f5', size: 13 },
    },
    ...rest,
    xaxis: { ...axis, ...spike, ...xaxis },
    yaxis: { ...axis, ...yaxis },
  };
}

/** A line of text above the left end of a panel. */
export const panelTitle = (text: string, axes: '' | '2'): Partial<Annotations> => ({
  text: `<b>${text}</b>`,
  showarrow: false,
  xref: `x${axes} domain` as Annotations['xref'],
  yref: `y${axes} domain` as Annotations['yref'],
  x: 0,
  y: 1,
  xanchor: 'left',
  yanchor: 'bottom',
  font: { size: 13 },
});

/** The viewer can hover, zoom and save a picture; no button sends data anywhere. */
export const baseConfig: Partial<Config> = {
  responsive: true,
  displaylogo: false,
  modeBarButtons: [['toImage', 'zoom2d', 'pan2d', 'resetScale2d']],
  plotlyServerURL: '',
  ...{ showSendToCloud: false },
};

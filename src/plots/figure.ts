import type { Config, Data, Layout } from 'plotly.js';
import type { Framework } from '../training/recipe';

/** A Plotly figure with a sentence that says what it shows, for those who can't see it. */
export interface Figure {
  readonly data: Data[];
  readonly layout: Partial<Layout>;
  readonly config?: Partial<Config>;
  readonly summary: string;
}

/** Each framework has one colour in all figures; the two stay apart for the colour-blind (Okabe and Ito 2008). */
export const colors: Readonly<Record<Framework, string>> = {
  pytorch: '#d55e00',
  tensorflow: '#0072b2',
};

export const names: Readonly<Record<Framework, string>> = {
  pytorch: 'PyTorch',
  tensorflow: 'TensorFlow',
};

/** A grey that is readable on white and on black. */
const ink = '#7a7a7a';
const grid = 'rgba(128, 128, 128, 0.25)';

const axis = {
  gridcolor: grid,
  zeroline: false,
  linecolor: grid,
  tickcolor: grid,
  automargin: true,
};

/** The layout that all figures share: transparent, so that they lie on light and dark pages alike. */
export function baseLayout(title: string, layout: Partial<Layout> = {}): Partial<Layout> {
  const { xaxis, yaxis, ...rest } = layout;
  return {
    title: { text: title, x: 0, xref: 'paper', font: { size: 16 } },
    font: { color: ink, family: 'system-ui, sans-serif', size: 13 },
    paper_bgcolor: 'rgba(0, 0, 0, 0)',
    plot_bgcolor: 'rgba(0, 0, 0, 0)',
    margin: { l: 56, r: 16, t: 48, b: 88 },
    height: 400,
    legend: { orientation: 'h', y: -0.2, x: 0 },
    hoverlabel: { namelength: -1 },
    ...rest,
    xaxis: { ...axis, ...xaxis },
    yaxis: { ...axis, ...yaxis },
  };
}

/** What the viewer may do: zoom and hover, and no button that sends the data anywhere. */
export const baseConfig: Partial<Config> = { responsive: true, displaylogo: false };

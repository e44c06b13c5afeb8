import { drawing, type Figure } from '../plots';
import type { MimeBundle } from './mime';

/** Whether a value is a figure of `tandem/plots`, or one that Plotly would draw. */
export const isFigure = (value: object): value is Figure =>
  'data' in value && Array.isArray(value.data) && 'layout' in value;

/**
 * A figure in three forms: Plotly's mime type; a drawing for viewers without Plotly, such as Markdown
 * and other notebook viewers; and its summary as text.
 */
export function figureBundle({ data, layout, config, summary }: Figure): MimeBundle {
  const svg = drawing({ data, layout, summary });
  return {
    'application/vnd.plotly.v1+json': { data, layout, config: config ?? {} },
    ...(svg && { 'image/svg+xml': svg }),
    'text/plain': summary ?? 'a figure',
  };
}

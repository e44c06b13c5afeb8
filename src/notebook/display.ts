import { randomUUID } from 'node:crypto';
import type { DataFrame } from 'danfojs-node';
import type { Figure } from '../plots';
import { kernel } from './kernel';
import { frameBundle } from './results/frames';

/** One thing in several forms, by mime type; a front end shows the richest that it knows. */
export type MimeBundle = Record<string, unknown> & { 'text/plain': string };

/** A place in a notebook's output whose content can be replaced. */
export interface DisplayHandle {
  update(bundle: MimeBundle): void;
}

/** Shows a bundle below the cell; a plain script prints its text. */
export function display(bundle: MimeBundle): DisplayHandle {
  const display_id = randomUUID();
  const send = (data: MimeBundle, update: boolean) => {
    const target = kernel();
    if (target) target.display({ data, metadata: {}, transient: { display_id } }, update);
    else console.log(data['text/plain']);
  };
  send(bundle, false);
  return { update: (next) => send(next, true) };
}

export const isFigure = (value: object): value is Figure =>
  'layout' in value && Array.isArray((value as Figure).data);

/** A figure as Plotly's mime type, with its summary as text. */
export const figureBundle = ({ data, layout, config, summary }: Figure): MimeBundle => ({
  'application/vnd.plotly.v1+json': { data, layout, config: config ?? {} },
  'text/plain': summary ?? 'a Plotly figure',
});

/** Shows a Plotly figure or a danfojs data frame below the cell. */
export function show(value: Figure | DataFrame): void {
  display(isFigure(value) ? figureBundle(value) : frameBundle(value));
}

/** Shows Markdown, for prose whose numbers are computed. */
export function markdown(text: string): void {
  display({ 'text/markdown': text, 'text/plain': text });
}

import { randomUUID } from 'node:crypto';
import type { DataFrame } from 'danfojs-node';
import type { Figure } from '../plots';
import { kernel } from './kernel';

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

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeHtml = (text: string) => text.replace(/[&<>"]/g, (character) => escapes[character]!);

const isFigure = (value: object): value is Figure => 'data' in value && 'layout' in value;

/** A figure as Plotly's mime type, with its summary as text. */
export const figureBundle = ({ data, layout, config, summary }: Figure): MimeBundle => ({
  'application/vnd.plotly.v1+json': { data, layout, config: config ?? {} },
  'text/plain': summary,
});

/** A data frame as an HTML table, its cells escaped, and as text. */
export function frameBundle(frame: DataFrame): MimeBundle {
  const cell = (tag: string, value: unknown) => {
    const numeric = typeof value === 'number' ? ' class="number"' : '';
    return `<${tag}${numeric}>${escapeHtml(String(value))}</${tag}>`;
  };
  const head = ['', ...frame.columns].map((name) => cell('th', name)).join('');
  const rows = (frame.values as unknown[][]).map((row, i) => {
    const index = cell('th', frame.index[i]);
    return `<tr>${index}${row.map((value) => cell('td', value)).join('')}</tr>`;
  });
  return {
    'text/html': `<table class="dataframe"><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>`,
    'text/plain': frame.toString(),
  };
}

/** Shows a Plotly figure or a danfojs data frame below the cell. */
export function show(value: Figure | DataFrame): void {
  display(isFigure(value) ? figureBundle(value) : frameBundle(value));
}

/** Shows Markdown, for prose whose numbers are computed. */
export function markdown(text: string): void {
  display({ 'text/markdown': text, 'text/plain': text });
}

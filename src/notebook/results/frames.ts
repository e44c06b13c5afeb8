import type { DataFrame, Series } from 'danfojs-node';
import type { MimeBundle } from '../display';
import { escapeHtml } from './html';

/** Rows up to which a frame is shown whole, and rows of each end that a longer one shows. */
const whole = 60;
const ends = 5;

export const isFrame = (value: object): value is DataFrame | Series =>
  '$isSeries' in value && '$data' in value;

function cell(tag: string, value: unknown): string {
  const numeric = typeof value === 'number' ? ' class="number"' : '';
  return `<${tag}${numeric}>${escapeHtml(String(value))}</${tag}>`;
}

/** A data frame or series of danfojs as an HTML table, its cells escaped, and as text. */
export function frameBundle(frame: DataFrame | Series): MimeBundle {
  const series = (frame as { $isSeries: boolean }).$isSeries;
  const values = frame.values as unknown[];
  const line = (_: unknown, i: number) => {
    const row = (series ? [values[i]] : values[i]) as unknown[];
    return `<tr>${cell('th', frame.index[i])}${row.map((value) => cell('td', value)).join('')}</tr>`;
  };
  const long = values.length > whole;
  const rows = values
    .map((_, i) => i)
    .filter((i) => !long || i < ends || i >= values.length - ends);
  const body = rows.map((i) => line(undefined, i));
  const width = frame.columns.length;
  if (long) body.splice(ends, 0, `<tr><th>…</th>${'<td>…</td>'.repeat(width)}</tr>`);
  const size = long ? `<div><small>${values.length} rows × ${width} columns</small></div>` : '';
  const head = ['', ...frame.columns].map((name) => cell('th', name)).join('');
  return {
    'text/html': `<table class="dataframe"><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table>${size}`,
    'text/plain': frame.toString(),
  };
}

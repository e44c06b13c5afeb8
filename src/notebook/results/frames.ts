import type { DataFrame, Series } from 'danfojs-node';
import type { MimeBundle } from '../mime';
import { htmlTable, type Row } from './html';

/** The largest frame that is shown completely; of larger ones both ends are shown. */
const whole = { rows: 60, columns: 16 };
const ends = { rows: 5, columns: 6 };

export const isFrame = (value: object): value is DataFrame | Series =>
  '$isSeries' in value && '$data' in value;

/** Indices of the rows or columns to show; -1 stands for those left out. */
function indices(length: number, side: 'rows' | 'columns'): number[] {
  const all = Array.from({ length }, (_, i) => i);
  if (length <= whole[side]) return all;
  return [...all.slice(0, ends[side]), -1, ...all.slice(length - ends[side])];
}

const shown = (value: unknown): string | number => {
  if (value === null || value === undefined) return '';
  return typeof value === 'number' ? value : String(value);
};

/** A data frame or series of danfojs as an HTML table, its cells escaped, and as text. */
export function frameBundle(frame: DataFrame | Series): MimeBundle {
  const series = (frame as { $isSeries: boolean }).$isSeries;
  const values = frame.values as unknown[];
  const names = series ? [frame.columns[0] ?? ''] : frame.columns;
  const columns = indices(names.length, 'columns');
  const row = (i: number): Row => {
    if (i < 0) return ['⋮', ...columns.map(() => '⋮')];
    const line = (series ? [values[i]] : values[i]) as unknown[];
    return [String(frame.index[i]), ...columns.map((j) => (j < 0 ? '…' : shown(line[j])))];
  };
  const rows = indices(values.length, 'rows').map(row);
  const long = values.length > whole.rows || names.length > whole.columns;
  // Rows without a real index need no numbers if all of them are shown.
  const numbered = !series && !long && frame.index.every((label, i) => label === i);
  const size = `${values.length.toLocaleString('en')} rows × ${names.length.toLocaleString('en')} columns`;
  const head = ['', ...columns.map((j) => (j < 0 ? '…' : String(names[j])))];
  const table = numbered
    ? htmlTable(
        head.slice(1),
        rows.map((cells) => cells.slice(1)),
      )
    : htmlTable(head, rows, { index: true, ...(long && { caption: size }) });
  return {
    'text/html': table,
    'text/plain': frame.toString(),
  };
}

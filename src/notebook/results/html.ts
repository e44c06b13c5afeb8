import { escapeHtml } from '../../plots/escape';

export type Row = readonly (string | number)[];

const shown = (value: string | number): string =>
  typeof value === 'number' ? value.toLocaleString('en', { maximumFractionDigits: 6 }) : value;

/** Set in each cell, since front ends align tables differently. */
const cell = (tag: 'td' | 'th', value: string | number, numeric: boolean): string => {
  const look = numeric ? 'class="number" style="text-align:right"' : 'style="text-align:left"';
  return `<${tag} ${look}>${escapeHtml(shown(value))}</${tag}>`;
};

/**
 * A table with its texts escaped: texts stand at the left; columns of numbers, with commas between
 * thousands, at the right.
 */
export function htmlTable(
  head: readonly string[],
  rows: readonly Row[],
  { caption, index = false }: { caption?: string; index?: boolean } = {},
): string {
  const numeric = head.map(
    (_, i) =>
      !(index && i === 0) &&
      rows.some((row) => typeof row[i] === 'number') &&
      rows.every((row) => typeof row[i] === 'number' || /^[…⋮]?$/.test(String(row[i]))),
  );
  const line = (tag: 'td' | 'th', values: Row) =>
    `<tr>${values.map((value, i) => cell(index && i === 0 ? 'th' : tag, value, numeric[i]!)).join('')}</tr>`;
  return [
    '<table class="dataframe">',
    caption ? `<caption style="text-align:left">${escapeHtml(caption)}</caption>` : '',
    `<thead>${line('th', head)}</thead>`,
    `<tbody>${rows.map((row) => line('td', row)).join('')}</tbody></table>`,
  ].join('');
}

/** The same for a terminal. */
export function textTable(head: readonly string[], rows: readonly Row[]): string {
  const texts = rows.map((row) => row.map(shown));
  const widths = head.map((name, i) =>
    Math.max(name.length, ...texts.map((row) => row[i]?.length ?? 0)),
  );
  const line = (row: readonly string[], numbers: readonly boolean[]) =>
    row
      .map((text, i) => (numbers[i] ? text.padStart(widths[i]!) : text.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd();
  const numeric = head.map((_, i) => rows.length > 0 && typeof rows[0]![i] === 'number');
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return [line(head, numeric), rule, ...texts.map((row) => line(row, numeric))].join('\n');
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => escapes[character]!);

export type Row = readonly (string | number)[];

function cell(tag: 'td' | 'th', value: string | number): string {
  const numeric = typeof value === 'number' ? ' class="number" style="text-align:right"' : '';
  const text = typeof value === 'number' ? value.toLocaleString('en') : value;
  return `<${tag}${numeric}>${escapeHtml(text)}</${tag}>`;
}

/** A table with its texts escaped; numbers stand at the right, with commas between thousands. */
export function htmlTable(head: readonly string[], rows: readonly Row[], caption?: string): string {
  const line = (tag: 'td' | 'th', values: Row) =>
    `<tr>${values.map((value) => cell(tag, value)).join('')}</tr>`;
  return [
    '<table>',
    caption ? `<caption style="text-align:left">${escapeHtml(caption)}</caption>` : '',
    `<thead>${line('th', head)}</thead>`,
    `<tbody>${rows.map((row) => line('td', row)).join('')}</tbody></table>`,
  ].join('');
}

/** The same for a terminal. */
export function textTable(head: readonly string[], rows: readonly Row[]): string {
  const texts = rows.map((row) =>
    row.map((value) => (typeof value === 'number' ? value.toLocaleString('en') : value)),
  );
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

import type { Estimate } from './runs';

/** Number formats for the comparison's sentences. */

const minus = (text: string) => text.replace('-', '−');

/** `0.9761` is `97.6 %`. */
export const percent = (share: number, digits = 1): string =>
  `${minus((100 * share).toFixed(digits))} %`;

/** A number, signed unless it rounds to zero. */
export function signed(value: number, digits = 3): string {
  const text = Math.abs(value).toFixed(digits);
  if (Number(text) === 0) return text;
  return `${value > 0 ? '+' : '−'}${text}`;
}

/** A difference of shares in percentage points, signed. */
export const points = (difference: number, digits = 2): string => signed(100 * difference, digits);

/** `0.0000217` is `2.2·10⁻⁵`. */
export function scientific(value: number): string {
  if (value === 0) return '0';
  const [mantissa, exponent] = value.toExponential(1).split('e') as [string, string];
  const raised = [...exponent.replace('+', '')].map((mark) =>
    mark === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(mark)],
  );
  return `${mantissa}·10${raised.join('')}`;
}

/** An estimate with its interval: `−8.12 [−8.40, −7.90]`; a single value has none. */
export const withInterval = (
  { mean, low, high, count }: Estimate,
  show: (value: number) => string,
): string => (count > 1 ? `${show(mean)} [${show(low)}, ${show(high)}]` : show(mean));

/** `a`, `a and b`, `a, b and c`. */
export const list = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join() : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;

/** A count of things: `1 seed`, `5 seeds`. */
export const counted = (count: number, thing: string): string =>
  `${count.toLocaleString('en')} ${thing}${count === 1 ? '' : 's'}`;

/** A Markdown table: the first columns (one by default) are text, the others numbers. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  texts = 1,
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, i) => (i < texts ? ':--' : '--:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

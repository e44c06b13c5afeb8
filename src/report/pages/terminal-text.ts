/** One character of a line, with the styles (`ESC [ … m`) that come before it. */
interface Mark {
  text: string;
  style: string;
}

const esc = '\u001b';
/** A control sequence, a command to the terminal's window, or one character. */
const parts = new RegExp(
  [
    `${esc}\\[([\\d;?]*)([ -/]*[@-~])`,
    `${esc}\\][^\\u0007${esc}]*(?:\\u0007|${esc}\\\\)?`,
    `${esc}.?`,
    '[\\s\\S]',
  ].join('|'),
  'gu',
);
/** Sequences that move a terminal's cursor back or erase text. */
const moves = new RegExp(`\\r(?!\\n)|[\\b]|${esc}(?:\\[[\\d;?]*[A-HJKf]|\\])`);

/**
 * Text as a terminal shows it in the end: after a carriage return, a backspace or a cursor movement, new
 * text overwrites the old. Colours are kept.
 */
export function terminalText(text: string): string {
  const plain = text.replace(/\r+\n/g, '\n');
  if (!moves.test(plain)) return plain;
  // Progress output is long, and mostly consists of carriage returns.
  if (!special.test(plain)) return plain.split('\n').map(overwritten).join('\n');
  return onScreen(plain);
}

/** Sequences that need more than overlaying the parts of a line. */
const special = new RegExp(`[\\b${esc}\\ud800-\\udfff]`);

const overwritten = (line: string): string =>
  line.split('\r').reduce((shown, part) => part + shown.slice(part.length));

const onScreen = (text: string): string => {
  const lines: Mark[][] = [[]];
  let row = 0;
  let column = 0;
  let style = '';
  const line = () => {
    while (lines.length <= row) lines.push([]);
    return lines[row]!;
  };
  for (const [part, values = '', command] of text.matchAll(parts)) {
    const count = Math.max(1, Number.parseInt(values, 10) || 0);
    if (command === 'm') style = /^0*$/.test(values) ? '' : style + part;
    else if (command === 'A') row = Math.max(0, row - count);
    else if (command === 'B') row += Math.min(count, 1000);
    else if (command === 'C') column += Math.min(count, 1000);
    else if (command === 'D') column = Math.max(0, column - count);
    else if (command === 'G') column = count - 1;
    else if (command === 'K') erase(line(), Number(values) || 0, column);
    else if (command === 'J') {
      const all = Number(values) > 1;
      if (all) lines.splice(0, lines.length, []);
      else lines.length = Math.min(lines.length, row + 1);
      if (all) row = column = 0;
      else erase(line(), 0, column);
    } else if (part.startsWith(esc)) continue;
    else if (part === '\n') {
      row++;
      column = 0;
      line();
    } else if (part === '\r') column = 0;
    else if (part === '\b') column = Math.max(0, column - 1);
    else {
      const marks = line();
      while (marks.length < column) marks.push({ text: ' ', style: '' });
      marks[column++] = { text: part, style };
    }
  }
  return lines.map(written).join('\n');
};

/** Erases from the cursor on (0), up to it (1), or the whole line (2). */
const erase = (marks: Mark[], part: number, column: number): void => {
  if (part === 0) marks.length = Math.min(marks.length, column);
  else if (part === 2) marks.length = 0;
  else for (const mark of marks.slice(0, column + 1)) mark.text = ' ';
};

const written = (marks: readonly Mark[]): string => {
  let text = '';
  let last = '';
  for (const mark of marks) {
    if (mark.style !== last) text += `${last ? `${esc}[0m` : ''}${mark.style}`;
    text += mark.text;
    last = mark.style;
  }
  return last ? `${text}${esc}[0m` : text;
};

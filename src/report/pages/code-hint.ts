/** Most screens cut off longer lines. */
const longest = 100;

/**
 * A hint at what a cell does, for the summary of its folded code: its last statement on one line,
 * without imports and comments.
 */
export function codeHint(source: string): string {
  const code = source
    .replace(/^import\s[\s\S]*?['"][^'"]+['"];?[ \t]*$/gm, '')
    .replace(/^\s*\/\/.*$/gm, '')
    .trimEnd();
  // A statement begins at the left margin, with anything but a closing bracket.
  const all = code.split('\n');
  const begins = (line: string) => /^[^\s)\]}]/.test(line);
  // A text alone says what is shown, but not how.
  const text = /^`.*`;?$/.test(all.at(-1)!) && all.slice(0, -1).some(begins);
  const lines = text ? all.slice(0, -1) : all;
  const start = lines.findLastIndex(begins);
  const statement = start < 0 ? source.trim() : lines.slice(start).join('\n');
  const hint = statement
    .replace(/\s+/g, ' ')
    .replace(/([([]) /g, '$1')
    .replace(/,? ([)\]])/g, '$1')
    .replace(/, }/g, ' }');
  return hint.length > longest ? `${hint.slice(0, longest - 1)}…` : hint;
}
